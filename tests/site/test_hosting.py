"""Where a site stands and where its source is: said where whoever builds says it, and never invented."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import metadata
from pathlib import Path
from threading import Thread
from xml.etree.ElementTree import parse

import pytest
from playwright.sync_api import Browser, expect

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import MODELS, entries
from llm_gallery.site.build import build
from llm_gallery.site.citation import bibtex
from llm_gallery.site.hosting import NOWHERE, hosting

ATOM = "{http://www.w3.org/2005/Atom}"
MODEL = "qwen3-0.6b"
SOURCE = next(entry.provenance.source for entry in entries() if entry.id == MODEL)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("catalog")
    shutil.copy(MODELS / f"{MODEL}.toml", folder)
    return folder


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory, catalog: Path) -> Path:
    folder = tmp_path_factory.mktemp("placed") / "some" / "gallery"
    where = hosting("https://example.org/some/gallery", "https://code.example/us/gallery/")
    build(folder, catalog, where)
    return folder


@pytest.fixture(scope="module")
def placeless(tmp_path_factory: pytest.TempPathFactory, catalog: Path) -> Path:
    folder = tmp_path_factory.mktemp("placeless") / "some" / "gallery"
    build(folder, catalog)
    return folder


def links(folder: Path) -> list[str]:
    found = parse(folder / "changes" / "feed.xml").getroot().iter(f"{ATOM}link")
    return [link.attrib["href"] for link in found]


def ids(folder: Path) -> list[str | None]:
    return [one.text for one in parse(folder / "changes" / "feed.xml").getroot().iter(f"{ATOM}id")]


def test_the_feed_has_absolute_links_where_the_address_is_known(placed: Path) -> None:
    top = "https://example.org/some/gallery/"
    assert links(placed) == [
        f"{top}changes/feed.xml",
        f"{top}changes/index.html",
        f"{top}models/{MODEL}/index.html",
    ]


def test_else_they_are_relative_to_the_feed(placeless: Path, placed: Path) -> None:
    feed = placeless / "changes"
    assert links(placeless)[2] == f"../models/{MODEL}/index.html"
    assert all((feed / link).resolve().is_file() for link in links(placeless))
    assert ids(placeless) == ids(placed)  # who reads the feed elsewhere knows its entries again


def test_lines_to_paste_have_the_address_where_it_is_known(placed: Path, placeless: Path) -> None:
    for path, lines in (("embed", 4), (f"models/{MODEL}", 1)):
        known, unknown = (
            (folder / path / "index.html").read_text("utf-8") for folder in (placed, placeless)
        )
        assert "YOUR-HOST" not in known, path
        assert known.count("https://example.org/some/gallery/") >= lines, path
        assert unknown.count("https://YOUR-HOST/") >= lines, path


def citation(folder: Path) -> str:
    page = (folder / "models" / MODEL / "index.html").read_text("utf-8")
    return page.partition("@misc{")[2].partition("</pre>")[0]


def test_the_citation_has_address_and_year(placed: Path, placeless: Path) -> None:
    assert (
        f"  url          = {{https://example.org/some/gallery/models/{MODEL}/index.html}},\n"
        in citation(placed)
    )
    assert f"  url          = {{{SOURCE}}},\n" in citation(placeless)
    for folder in (placed, placeless):
        assert "  year         = {2025},\n" in citation(folder)


def test_the_citation_is_bibtex_with_author_version_and_date(placed: Path, placeless: Path) -> None:
    for folder in (placed, placeless):
        file = (folder / "models" / MODEL / "cite.bib").read_text("utf-8")
        assert html.escape(file.strip(), quote=False) == f"@misc{{{citation(folder)}"
        fields = parsed(file)
        package = metadata("llm-architecture-gallery")
        assert fields["author"] == f"{{{package['Author']}}}"
        assert fields["version"] == package["Version"]
        assert date.fromisoformat(fields["date"]).year == int(fields["year"]) == 2025
        assert {*fields} == {
            *["author", "title", "howpublished", "version", "date", "year", "url", "note"]
        }


def parsed(file: str) -> dict[str, str]:
    """The fields of a BibTeX entry whose braces are balanced."""
    head, _, rest = file.strip().partition(",\n")
    assert re.fullmatch(r"@misc\{[a-z0-9.-]+", head)
    found, depth = {}, 0
    for line in rest.removesuffix("\n}").split(",\n"):
        name, _, value = line.strip().partition("=")
        for sign in re.sub(r"\\.", "", value):
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0
        assert depth == 0
        found[name.strip()] = value.strip()[1:-1]
    return found


def test_a_name_is_cited_as_it_is() -> None:
    entry = replace(entries()[0], name="A_B & 50% {C}", repository="a/b_c#1")
    fields = parsed(bibtex(entry, NOWHERE, date(2026, 1, 2)))
    assert fields["title"].startswith(r"{A\_B \& 50\% \{C\}}: ")
    assert r"of a/b\_c\#1, " in fields["note"]
    assert fields["date"] == "2026-01-02"


def test_the_gallery_is_cited_as_of_its_newest_model(placed: Path, placeless: Path) -> None:
    cited = []
    for folder in (placed, placeless):
        about = (folder / "about" / "index.html").read_text("utf-8")
        held = re.search(r'aria-label="Citation">(.*?)</pre>', about, re.DOTALL)
        assert held
        cited.append(parsed(html.unescape(held[1])))
    [released] = [entry.released for entry in entries() if entry.id == MODEL]
    package = metadata("llm-architecture-gallery")
    for fields in cited:
        assert fields["date"] == released.isoformat()
        assert fields["author"] == f"{{{package['Author']}}}"
        assert fields["version"] == package["Version"]
    assert ["url" in fields for fields in cited] == [True, False]


def test_about_names_licence_source_and_errors(placed: Path, placeless: Path) -> None:
    said = [(folder / "about" / "index.html").read_text("utf-8") for folder in (placed, placeless)]
    for text in said:
        assert "https://www.apache.org/licenses/LICENSE-2.0" in text
        assert "SIL Open Font License" in text
        assert "<b>Errors.</b>" in text
    assert 'href="https://code.example/us/gallery"' in said[0]
    assert 'href="https://code.example/us/gallery/issues"' in said[0]
    assert "hasn’t said where its repository is" in said[1]


@pytest.mark.parametrize(
    "said", ["gallery", "ftp://a.b/", "https://", "https://a.b/?q", "https://a@b/", "https://a.b/<", "javascript:1", "https://a.b/" + "x" * 300]
)  # fmt: skip
def test_what_is_no_address_is_refused(said: str) -> None:
    for option, given in (("url", (said, None)), ("repository", (None, said))):
        with pytest.raises(Refusal, match=f"--{option} is .*, expected an address such as"):
            hosting(*given)


def test_the_hub_is_named_on_one_page_of_a_site_that_is_built_so(
    tmp_path: Path, catalog: Path, placeless: Path
) -> None:
    build(tmp_path / "site", catalog, hosting(hub=True))
    allowed = {
        str(page.relative_to(tmp_path / "site"))
        for page in (tmp_path / "site").rglob("*.html")
        if "connect-src &#39;self&#39; https://huggingface.co;" in page.read_text("utf-8")
    }
    assert allowed == {"describe/index.html"}
    without = (placeless / "describe" / "index.html").read_text("utf-8")
    assert "huggingface" not in without
    assert "hub" not in without.lower()


def test_nothing_said_is_nowhere() -> None:
    assert hosting() == NOWHERE
    assert hosting("https://example.org").root == "/"


class Host(SimpleHTTPRequestHandler):
    """Any host of files that has a page for what isn't there, as GitHub Pages has."""

    missing: Path

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        body = self.missing.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Says nothing."""


@pytest.fixture(params=["placeless", "placed"])
def host(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a host that has a site below /some/gallery/: one that doesn't know it, one that does."""
    folder: Path = request.getfixturevalue(request.param)
    handler = type("Below", (Host,), {"missing": folder / "404.html"})
    top = folder.parent.parent
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(top))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/some/gallery/"
        server.shutdown()
        thread.join()


PATHS = ["nothing", "models/none/", "models/x/y.html", "a/b/c/d/e"]


@pytest.mark.parametrize("path", PATHS)
def test_missing_pages_below_a_path_find_the_top(host: str, browser: Browser, path: str) -> None:
    page = browser.new_page()
    page.goto(host + path)
    expect(page.locator("h1")).to_have_text("There is no page at this address")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith(
        "Inter"
    )
    expect(page.locator("#up")).to_have_count(0)
    drawn = "[...document.styleSheets].some((sheet) => sheet.href.endsWith('/some/gallery/static/style.css'))"
    page.wait_for_function(drawn)
    for link in page.locator("a:not(.skip)").all():
        assert page.request.get(link.evaluate("link => link.href")).ok
    page.get_by_role("link", name="All models are in the gallery.").click()
    expect(page).to_have_url(f"{host}index.html")
    page.close()


@pytest.mark.parametrize(
    ("path", "guess"),
    [
        ("models/qwen3-06b/", "Qwen3 0.6B"),
        ("qwen3_0.6b", "Qwen3 0.6B"),
        ("a/b/QWEN3-0.7B.html", "Qwen3 0.6B"),
        ("concepts/ropee/index.html", "RoPE"),
        ("calculater/", "Run it: does it fit?"),
    ],
)
def test_missing_pages_guess(host: str, browser: Browser, path: str, guess: str) -> None:
    """At any depth, whether the build was told its place or not; the search has the words."""
    page = browser.new_page()
    page.goto(host + path)
    link = page.locator("#guess a").first
    expect(link).to_have_text(guess)
    assert page.request.get(link.evaluate("link => link.href")).ok
    expect(page.locator("#q")).not_to_have_value("")
    page.locator("#q").focus()
    expect(page.locator("#answers [role=option]").first).to_be_visible()
    page.close()


@pytest.mark.parametrize("path", ["x", "models/", "%FF%FE", "zzzzzzzz/<b>"])
def test_missing_pages_guess_nothing_from_nothing(host: str, browser: Browser, path: str) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{host}nothing-is-here/{path}", wait_until="networkidle")
    expect(page.locator("#guess a")).to_have_count(0)
    assert faults == []
    page.close()


@pytest.mark.parametrize("host", ["placeless"], indirect=True)
def test_missing_pages_read_without_a_script(host: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{host}models/x/y.html")
    assert page.locator("h1").is_visible()
    page.locator("#up").get_by_role("link", name="2 up").click()
    expect(page).to_have_url(f"{host}index.html")
    context.close()


def test_missing_pages_of_a_known_address_start_there(placed: Path) -> None:
    text = (placed / "404.html").read_text("utf-8")
    assert 'href="/some/gallery/static/style.css"' in text
    assert 'href="/some/gallery/index.html"' in text
    assert "missing.js" not in text
