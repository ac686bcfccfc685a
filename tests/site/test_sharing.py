"""What pages say of themselves to who links to them: true and absolute where the address is known, else only words."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from datetime import date
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from struct import unpack
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import parse

import pytest
from playwright.sync_api import Browser

from llm_gallery.catalog.load import MODELS, entries
from llm_gallery.figure.kit.drawing import INKSCAPE
from llm_gallery.site.build import build
from llm_gallery.site.hosting import hosting
from llm_gallery.site.model_downloads import OUTLINED
from tests.site.test_build import digests

TOP = "https://example.org/some/gallery/"
NAMES = ("llama-3-8b", "deepseek-v3")
SVG = "{http://www.w3.org/2000/svg}"
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
KIB = 1024


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalog")
    for name in NAMES:
        shutil.copy(MODELS / f"{name}.toml", folder)
    return folder


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory, catalog: Path) -> Path:
    folder = tmp_path_factory.mktemp("placed") / "some" / "gallery"
    build(folder, catalog, hosting(TOP))
    return folder


@pytest.fixture(scope="module")
def placeless(tmp_path_factory: pytest.TempPathFactory, catalog: Path) -> Path:
    folder = tmp_path_factory.mktemp("placeless") / "site"
    build(folder, catalog)
    return folder


def pages(site: Path) -> list[Path]:
    return sorted(page for page in site.rglob("*.html") if page.name != "404.html")


def met(text: str, name: str) -> list[str]:
    """What the page's meta elements of a name or a property hold."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', text)
    return [unescape(content) for key, content in found if key == name]


def graph(text: str) -> list[dict[str, Any]]:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    known = json.loads(data)
    assert known["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = known["@graph"]
    return nodes


def test_every_page_has_one_address_and_is_in_the_sitemap(placed: Path) -> None:
    listed = [loc.text for loc in parse(placed / "sitemap.xml").getroot().iter(f"{SITEMAPS}loc")]
    said = []
    for page in pages(placed):
        text = page.read_text("utf-8")
        (own,) = re.findall(r'<link rel="canonical" href="([^"]+)">', text)
        assert own == f"{TOP}{page.relative_to(placed).as_posix()}"
        assert met(text, "og:url") == [own]
        said.append(own)
    assert sorted(said) == sorted(str(one) for one in listed)
    assert len(said) > 20


def test_the_sitemap_keeps_its_rules(placed: Path) -> None:
    """Of sitemaps.org 0.9: one namespace, loc first and absolute, days in W3C's form, one host, each once."""
    root = parse(placed / "sitemap.xml").getroot()
    assert root.tag == f"{SITEMAPS}urlset"
    newest = max(entry.released for entry in entries() if entry.id in NAMES)
    found: dict[str, str | None] = {}
    for url in root:
        assert [child.tag for child in url] in (
            [f"{SITEMAPS}loc", f"{SITEMAPS}lastmod"],
            [f"{SITEMAPS}loc"],
        )
        where, when = url.findtext(f"{SITEMAPS}loc"), url.findtext(f"{SITEMAPS}lastmod")
        assert where is not None
        assert where.startswith(TOP)
        assert len(where) < 2048
        assert where not in found
        assert when is None or date.fromisoformat(when) <= newest
        found[where] = when
    assert found[f"{TOP}models/llama-3-8b/index.html"] == "2024-04-18"
    assert found[f"{TOP}concepts/multi-head-latent-attention/index.html"] == "2024-12-26"
    assert found[f"{TOP}index.html"] == newest.isoformat()
    assert found[f"{TOP}definitions/index.html"] is None
    assert f"Sitemap: {TOP}sitemap.xml\n" in (placed / "robots.txt").read_text()


def test_every_title_image_is_there_and_has_the_size(placed: Path) -> None:
    own = set()
    for page in pages(placed):
        text = page.read_text("utf-8")
        (address,) = met(text, "og:image")
        data = (placed / address.removeprefix(TOP)).read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        slide = page.parents[1].name == "models"
        size = (1280, 720) if slide else (1200, 630)
        assert unpack(">II", data[16:24]) == size
        said = met(text, "og:image:width") + met(text, "og:image:height")
        assert tuple(map(int, said)) == size
        assert met(text, "og:image:alt")[0]
        if page.parents[1].name in ("models", "concepts"):
            own.add(address)
            assert address == f"{TOP}{page.parent.relative_to(placed).as_posix()}/title.png"
        else:
            assert address == f"{TOP}title.png"
    assert len(own) == len(list(placed.glob("*/*/title.png")))


def test_towers_are_images_that_say_where_they_are_from(placed: Path, placeless: Path) -> None:
    """`<img src="https://…/models/deepseek-v3/slide.svg">` needs no font and nothing else."""
    place = f"{TOP.partition('://')[2].rstrip('/')} {version('llm-architecture-gallery')}, from config.json"
    for name, detail in OUTLINED.items():
        text = (placed / "models" / "deepseek-v3" / f"{name}.svg").read_text("utf-8")
        root = ElementTree.fromstring(text)
        assert text.count("<use ") > 100
        assert "@font-face" not in text
        for outside in ("http:", "https:"):
            addresses = re.findall(rf'="({outside}[^"]*)"', text)
            assert set(addresses) <= {"http://www.w3.org/2000/svg", INKSCAPE}
        said = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]
        assert (place in said) == (detail != "card")
        elsewhere = (placeless / "models" / "deepseek-v3" / f"{name}.svg").read_text("utf-8")
        assert TOP.partition("://")[2].rstrip("/") not in elsewhere


def test_the_head_of_a_model(placed: Path) -> None:
    text = (placed / "models" / "deepseek-v3" / "index.html").read_text("utf-8")
    start = text.index('<meta property="og:site_name"')
    words = (
        "MLA caches 576 numbers per token and layer; 8 of 256 routed experts and a shared one run."
    )
    own = f"{TOP}models/deepseek-v3/"
    assert text[start : text.index('<script type="application/ld+json">')] == (
        '<meta property="og:site_name" content="LLM Architecture Gallery">\n'
        '<meta property="og:type" content="website">\n'
        '<meta property="og:title" content="DeepSeek V3">\n'
        f'<meta property="og:description" content="{words}">\n'
        f'<link rel="canonical" href="{own}index.html">\n'
        f'<meta property="og:url" content="{own}index.html">\n'
        f'<meta property="og:image" content="{own}title.png">\n'
        '<meta property="og:image:width" content="1280">\n'
        '<meta property="og:image:height" content="720">\n'
        '<meta property="og:image:alt" content="DeepSeek V3: its 61 layers as one tower, and what is new in it">\n'
        '<meta name="twitter:card" content="summary_large_image">\n'
    )
    page, crumbs = graph(text)
    assert page["@type"] == "TechArticle"
    assert (page["name"], page["description"], page["url"]) == (
        "DeepSeek V3", words, f"{own}index.html",
    )  # fmt: skip
    assert page["about"] == {
        "@type": "CreativeWork",
        "name": "DeepSeek V3",
        "creator": {"@type": "Organization", "name": "DeepSeek"},
        "datePublished": "2024-12-26",
        "license": "https://huggingface.co/deepseek-ai/DeepSeek-V3/blob/main/LICENSE-MODEL",
        "sameAs": "https://huggingface.co/deepseek-ai/DeepSeek-V3",
        "citation": "https://arxiv.org/abs/2412.19437",
    }
    names = [item["name"] for item in crumbs["itemListElement"]]
    assert names == ["Gallery", "DeepSeek V3"]


def test_what_the_data_names_is_there(placed: Path) -> None:
    """Every file and page of the site that JSON-LD tells of, and the way down to each page."""
    for page in pages(placed):
        nodes = graph(page.read_text("utf-8"))
        own = re.findall(rf'"({TOP}[^"]*)"', json.dumps(nodes))
        assert own
        for address in own:
            assert (placed / address.removeprefix(TOP)).is_file(), address
        home = page == placed / "index.html"
        assert [node["@type"] for node in nodes[1:]] == ([] if home else ["BreadcrumbList"])
        if not home:
            steps = nodes[1]["itemListElement"]
            assert [step["position"] for step in steps] == [*range(1, len(steps) + 1)]
            assert steps[0]["item"] == f"{TOP}index.html"
            assert steps[-1]["item"] == nodes[0]["url"]
    concept = placed / "concepts" / "rope" / "index.html"
    assert [step["name"] for step in graph(concept.read_text("utf-8"))[1]["itemListElement"]] == [
        "Gallery", "Learn", "RoPE",
    ]  # fmt: skip


def test_without_an_address_nothing_is_invented(placed: Path, placeless: Path) -> None:
    for page in pages(placeless):
        text = page.read_text("utf-8")
        assert met(text, "og:title")
        assert met(text, "og:description") == met(text, "description")
        for absent in ('rel="canonical"', "og:url", "og:image", "twitter:", "ld+json"):
            assert absent not in text
    only = set(digests(placed)) - set(digests(placeless))
    assert {path for path in only if not path.endswith("title.png")} == {
        "robots.txt",
        "sitemap.xml",
    }


def test_it_costs_little(placed: Path, placeless: Path) -> None:
    """1 KiB a page at most, as it is sent."""
    for page in pages(placed):
        other = placeless / page.relative_to(placed)
        more = len(gzip.compress(page.read_bytes(), 6)) - len(gzip.compress(other.read_bytes(), 6))
        assert more <= KIB, page


def test_the_missing_page_is_no_page(placed: Path) -> None:
    text = (placed / "404.html").read_text("utf-8")
    assert met(text, "robots") == ["noindex"]
    assert "canonical" not in text
    assert "og:" not in text


def test_the_same_bytes_twice(placed: Path, catalog: Path, tmp_path: Path) -> None:
    build(tmp_path / "again", catalog, hosting(TOP))
    assert digests(tmp_path / "again") == digests(placed)


@pytest.mark.browser
def test_the_policy_lets_the_data_stand(placed: Path, browser: Browser) -> None:
    """Chromium reports no violation for a block of data, and reads from it what is written."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(placed.parents[1]))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        host = f"http://127.0.0.1:{server.server_port}"
        for path in ("index.html", "models/deepseek-v3/index.html", "concepts/rope/index.html"):
            page.goto(f"{host}{urlsplit(TOP).path}{path}", wait_until="load")
            held = page.locator('script[type="application/ld+json"]').text_content()
            assert json.loads(held or "")["@graph"][0]["url"] == f"{TOP}{path}"
        page.close()
        server.shutdown()
    assert said == []
