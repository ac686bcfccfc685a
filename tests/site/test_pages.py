"""Every page of the site: links that lead somewhere, nothing inline, nothing from elsewhere, everything escaped."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from llm_gallery import mechanisms
from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.followers import recipes
from llm_gallery.catalog.load import MODELS, find
from llm_gallery.concepts import concepts as known_concepts
from llm_gallery.figure import draw
from llm_gallery.figure.themed_figure import Figure
from llm_gallery.lessons.course import Course, courses
from llm_gallery.plan.planning import plan
from llm_gallery.site.build import build
from llm_gallery.site.model_downloads import EXCALIDRAW, IMAGES, OUTLINED, TIKZ, UNLETTERED
from llm_gallery.site.plates import WHERE_SMALL, WIDTHS
from llm_gallery.site.render import POLICY, script
from tests.site.page_data import data

OF_ALL = (
    "about",
    "calculator",
    "changes",
    "compare",
    "concepts",
    "data",
    "definitions",
    "describe",
    "embed",
    "learn",
    "legend",
    "lineage",
    "measured",
    "poster",
    "run-it",
    "timeline",
    "trends",
)
"""Pages about the whole catalog."""
VOID = {"meta", "link", "input", "br", "hr", "img", "source"}
FOREIGN = {"circle", "g", "line", "mspace", "path", "rect", "text", "title", "tspan", "use"}
"""Elements of SVG and MathML, which may close themselves."""


class Tree(HTMLParser):
    """Elements of a page with their attributes, and whether every one is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.opened: list[str] = []
        self.feed(text)
        self.close()
        assert self.opened == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in FOREIGN, tag
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def values(self, *names: str) -> list[str]:
        """Values of these attributes, wherever they stand."""
        return [held[n] or "" for _, held in self.elements for n in names if n in held]


@pytest.fixture(scope="module")
def trees(site: Path) -> dict[Path, Tree]:
    return {path: Tree(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}


def test_a_page_for_every_model_and_concept(
    site: Path, trees: dict[Path, Tree], listed: tuple[Entry, ...]
) -> None:
    used = {name for entry in listed for name in concepts(find(entry.id).architecture.root)}
    used |= {name for entry in listed for name in entry.concepts}
    assert set(trees) == {
        site / "index.html",
        site / "404.html",
        *(site / "models" / entry.id / "index.html" for entry in listed),
        *(site / "models" / entry.id / "code" / "index.html" for entry in listed),
        *(site / "learn" / course.id / "index.html" for course in _courses(listed, used)),
        *(site / "concepts" / name / "index.html" for name in used & set(known_concepts())),
        *(site / "recipes" / entry.id / "index.html" for entry in listed if entry.id in recipes()),
        *(site / page / "index.html" for page in OF_ALL),
        site / "lineage" / "steps" / "index.html",
        site / "trends" / "next" / "index.html",
        site / "trends" / "sizes" / "index.html",
        *(site / "trends" / str(year) / "index.html" for year in _years(listed)),
    }


def test_each_model_page_says_name_and_total(site: Path, listed: tuple[Entry, ...]) -> None:
    for entry in listed:
        page = (site / "models" / entry.id / "index.html").read_text("utf-8")
        assert entry.name in page
        assert f"{parameters(find(entry.id).architecture.root).total:,}" in page


def test_each_model_page_and_the_search_say_what_the_field_calls_its_parts(
    site: Path, listed: tuple[Entry, ...]
) -> None:
    found = data(site / "words.js")
    for entry in listed:
        page = (site / "models" / entry.id / "index.html").read_text("utf-8")
        searched = found["held"][entry.id]["words"].split()
        for name in map(mechanisms.field_name, plan(find(entry.id).architecture.root).named):
            for word in filter(lambda one: one != "on", name.split()):
                assert re.search(rf"(?<!\w){re.escape(word)}(?!\w)", page), (entry.id, word)
                assert word.lower() in searched


def _years(listed: tuple[Entry, ...]) -> set[int]:
    """Those of which there are six models, and the newest."""
    models = Counter(entry.released.year for entry in listed)
    return {year for year in models if models[year] >= 6} | {max(models)}


def _courses(listed: tuple[Entry, ...], used: set[str]) -> list[Course]:
    """Those whose models and lessons are all there."""
    models = {entry.id for entry in listed}
    return [
        course
        for course in courses().values()
        if {step.model for step in course.steps} <= models
        and {step.lesson for step in course.steps} <= used
    ]


def test_every_page_can_be_reached(site: Path, trees: dict[Path, Tree]) -> None:
    """From the gallery by links alone, but for the page of what isn't there, and for one that has moved."""
    todo, seen = [site / "index.html"], {site / "index.html"}
    while todo:
        page = todo.pop()
        for link in dict.fromkeys(trees[page].values("href")):
            target = below(page.parent, urlsplit(link).path)
            if target in trees and target not in seen:
                seen.add(target)
                todo.append(target)
    assert set(trees) - seen == {site / "404.html", site / "calculator" / "index.html"}


@cache
def parts_of(page: Path) -> frozenset[str]:
    """The addresses that links have of the parts that a model's page tells of; none on other pages."""
    file = page.parent / "parts.js"
    return frozenset(data(file)["parts"]) if file.exists() else frozenset()


def below(folder: Path, path: str) -> Path:
    """Where a link of a page in that folder leads; no disk is asked, since there are a million."""
    return Path(os.path.normpath(f"{folder}/{path}"))


def test_links_lead_somewhere(site: Path, trees: dict[Path, Tree]) -> None:
    anchors = {path: set(tree.values("id")) for path, tree in trees.items()}
    files = {Path(folder, name) for folder, _, names in os.walk(site) for name in names}
    for path, tree in trees.items():
        for link in dict.fromkeys(tree.values("href", "src", "data-source")):
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme == "https", (path, link)
                assert parts.hostname, (path, link)
                continue
            start = site if link.startswith("/") else path.parent
            target = below(start, parts.path.lstrip("/")) if parts.path else path
            assert target in files or path.name == "404.html", (path, link)
            if parts.fragment and target in anchors and parts.fragment not in anchors[target]:
                assert parts.fragment in parts_of(target), (path, link)


def test_anchors_are_unique(trees: dict[Path, Tree]) -> None:
    for path, tree in trees.items():
        ids = tree.values("id")
        assert len(ids) == len(set(ids)), path


def test_nothing_inline(site: Path, trees: dict[Path, Tree]) -> None:
    for path, tree in trees.items():
        for tag, held in tree.elements:
            assert tag not in ("style", "iframe", "object", "embed", "base"), path
            assert "style" not in held, (path, tag)
            assert not [name for name in held if name.startswith("on")], (path, tag)
            if tag == "script":
                said = {name for name in held if not name.startswith("data-")}
                assert said <= {"src", "defer", "async", "fetchpriority"}, path
                assert held["src"], path
        assert POLICY in tree.values("content"), path


def test_policy_is_strict() -> None:
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'")


def test_every_headline_number_is_defined(trees: dict[Path, Tree]) -> None:
    for path, tree in trees.items():
        if path.parent.parent.name == "models":
            terms = [held["href"] for tag, held in tree.elements if held.get("class") == "term"]
            assert len(terms) == 6, path
            assert all("definitions/index.html#" in str(term) for term in terms)


def test_data_agrees_with_the_pages(site: Path, listed: tuple[Entry, ...]) -> None:
    models = json.loads((site / "data" / "models.json").read_text("utf-8"))
    assert [model["id"] for model in models] == [entry.id for entry in listed]
    for model in models:
        folder = site / "models" / model["id"]
        held = json.loads((folder / "facts.json").read_text("utf-8"))
        assert held.pop("page")
        assert held == model
        page = (folder / "index.html").read_text("utf-8")
        assert f"{model['parameters']['total']:,}" in page
        assert f"{model['parameters']['active']:,}" in page


def test_downloads_are_the_figures(site: Path) -> None:
    model = find("gpt-oss-120b")
    folder = site / "models" / model.id
    for name, detail in IMAGES.items():
        drawn = draw(model.architecture, model.heading, detail=detail).image()
        assert (folder / f"{name}.svg").read_text("utf-8") == drawn
    for name, detail in OUTLINED.items():
        drawn = draw(model.architecture, model.heading, detail=detail).image(
            "outlines", WHERE_SMALL.get(detail, "")
        )
        assert (folder / f"{name}.svg").read_text("utf-8") == drawn
    assert sorted(path.stem for path in folder.glob("*.svg")) == sorted((*IMAGES, *OUTLINED))
    page = (folder / "index.html").read_text("utf-8")
    downloads = page.partition('<section id="downloads">')[2].partition("</section>")[0]
    for offered in re.findall('href="([^"#]+)(?:#[a-z]+)?"(?: data-of-theme| download)', downloads):
        assert (folder / offered).is_file()
    for name in (*OUTLINED.values(), "figure"):
        for theme in ("", "#dark", "#print"):
            assert f'href="{name}.svg{theme}"' in downloads
    towers = {
        detail: Figure(draw(model.architecture, model.heading, detail=detail))
        for detail in (TIKZ, EXCALIDRAW)
    }
    assert (folder / f"{TIKZ}.tex").read_text("utf-8") == towers[TIKZ].tikz()
    movable = (folder / f"{EXCALIDRAW}.excalidraw").read_text("utf-8")
    assert movable == towers[EXCALIDRAW].excalidraw()
    for offered in (f"{TIKZ}.tex", f"{EXCALIDRAW}.excalidraw"):
        assert f'href="{offered}"' in downloads
    for name, detail in UNLETTERED.items():
        unlettered = draw(model.architecture, model.heading, detail=detail).image("none")
        assert "@font-face" not in unlettered
        assert (folder / f"{name}.js").read_bytes() == script(f"{name}/{model.id}", unlettered)


def test_figures_in_pages_leave_out_what_the_page_says(site: Path) -> None:
    page = (site / "models" / "gpt-oss-120b" / "index.html").read_text("utf-8")
    for width in WIDTHS:
        drawing = page.partition(f'<div class="drawing" data-level="{width}">')[2]
        drawing = drawing.partition("</svg>")[0]
        assert ">Mixture of experts<" in drawing
        assert ">gpt-oss 120B<" not in drawing
        assert "<style" not in drawing


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a catalog whose one entry tries everything that an entry may say."""
    folder = tmp_path_factory.mktemp("hostile")
    text = (MODELS / "qwen3-0.6b.toml").read_text("utf-8")
    quoted = json.dumps(HOSTILE)
    lines = []
    for line in text.splitlines():
        key = line.partition(" = ")[0]
        lines.append(f"{key} = {quoted}" if key in ("name", "organization", "summary") else line)
    lines += ["[[reading]]", 'kind = "article"', "year = 2026", 'link = "https://example.org/%22"']
    lines += [f"title = {quoted}", f"author = {quoted}", f"why = {json.dumps(f'{HOSTILE}.')}"]
    (folder / "bad.toml").write_text("\n".join(lines), "utf-8")
    build(folder / "site", folder)
    return folder / "site"


def test_a_page_loads_the_looks_of_its_drawings(site: Path) -> None:
    """Each class of a drawing in a page is explained by a style sheet that the page names."""
    known: dict[Path, set[str]] = {}
    seen = 0
    for path in sorted(site.rglob("index.html")):
        text = path.read_text("utf-8")
        drawings = re.findall(r'<svg class="drawn.*?</svg>', text, re.DOTALL)
        explained: set[str] = set()
        for link in re.findall(r'<link rel="stylesheet" href="([^"]+)"', text):
            sheet = (path.parent / link).resolve()
            if sheet not in known:
                known[sheet] = set(re.findall(r"\.([\w-]+)", sheet.read_text("utf-8")))
            explained |= known[sheet]
        worn = {
            name
            for drawing in drawings
            for names in re.findall(r'<(?!svg|g )\w+ class="([^"]+)"', drawing)
            for name in names.split()[:1]  # what follows says which part it is
        }
        assert worn <= explained, path
        seen += len(worn)
    assert seen > 1000


def test_hostile_entry_stays_text(hostile: Path, trees: dict[Path, Tree], site: Path) -> None:
    known = {tag for tree in trees.values() for tag, _ in tree.elements}
    for path in hostile.rglob("*.html"):
        text = path.read_text("utf-8")
        tree = Tree(text)
        assert "49" not in (text.partition("<title>")[2].partition("</title>")[0])
        assert {tag for tag, _ in tree.elements} <= known
        assert not [n for _, held in tree.elements for n in held if n.startswith("on")]
        scripts = [held for tag, held in tree.elements if tag == "script"]
        assert all(held.get("src", "") for held in scripts)
    for path in hostile.rglob("*.svg"):
        assert "<script" not in path.read_text("utf-8")
        assert "<img" not in path.read_text("utf-8")
    assert HOSTILE in json.loads((hostile / "data" / "models.json").read_text("utf-8"))[0]["name"]


def test_an_empty_catalog_is_refused(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    with pytest.raises(Refusal, match="holds no entry"):
        build(tmp_path / "site", tmp_path / "catalog")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://example.org/", "data:text/html,x"])
def test_only_https_links_are_accepted(tmp_path: Path, link: str) -> None:
    text = (MODELS / "kimi-k3.toml").read_text("utf-8")
    for address in ("https://arxiv.org/abs/2607.24653", text.split('link = "')[1].split('"')[0]):
        said = text.replace(address, link)
        assert said != text
        (tmp_path / "bad.toml").write_text(said, "utf-8")
        with pytest.raises(Refusal, match="https"):
            build(tmp_path / "site", tmp_path)
        assert not (tmp_path / "site").exists()


def test_hostile_entry_stays_text_in_a_browser(hostile: Path, browser: Browser) -> None:
    """Opened from disk, where no header helps: names are shown as they are written, and nothing runs."""
    page = browser.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path, place in (
        ("index.html?m=bad", ".card h2"),
        ("models/bad/index.html", "h1"),
        ("compare/index.html?m=bad", "#names"),
        ("run-it/index.html?m=bad", "[name=m] option"),
        ("lineage/index.html?branch=bad", "main"),
        ("embed/index.html?m=bad", "#model option"),
    ):
        file, _, query = path.partition("?")
        page.goto(f"{(hostile / file).as_uri()}?{query}")
        expect(page.locator(place).first).to_contain_text(HOSTILE)
        assert page.locator("main img[src=x], main script").count() == 0
    page.goto((hostile / "models/bad/index.html").as_uri())
    for part in ("a", ".by", "p"):
        shown = page.locator(f".readings li:last-child {part}")
        expect(shown).to_contain_text(HOSTILE)
    page.locator("button[data-level=full]").click()
    expect(page.locator(".drawing[data-level=full] svg")).to_be_visible()
    page.close()
    assert said == []
