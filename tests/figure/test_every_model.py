"""All catalog models at every level: gates, format, size, determinism, well-formed and safe SVG."""

from __future__ import annotations

import gzip
import re
from typing import get_args
from xml.etree import ElementTree

import pytest

from llm_gallery.catalog.load import Model, find
from llm_gallery.figure import Detail, ThemeName, draw
from llm_gallery.figure.draw import OTHER_NAMES, Page
from llm_gallery.figure.kit.drawing import Drawing
from tests import sample
from tests.catalog_cache import fresh_model
from tests.figure.answering import unanswered, untitled
from tests.figure.gates import faults
from tests.figure.page_gates import of_a_page

PAGES: tuple[Detail, ...] = get_args(Page)
DETAILS: tuple[Detail, ...] = ("card", "paper", "slide", *PAGES)
ANSWERING: tuple[Detail, ...] = ("column", "standard", "full")
"""Levels on which each block can be asked."""
THEMES: tuple[ThemeName, ...] = get_args(ThemeName)
LARGEST = {
    "card": 40 * 1024,
    "paper": 40 * 1024,
    "slide": 40 * 1024,
    "phone": 48_000,
    "column": 62 * 1024,
    "standard": 60 * 1024,
    "full": 84_000,
}
"""Bytes of a figure with live text; a row for each weight takes more."""
HATCHED = 5 * 1024
"""Bytes more in print: hatchings, which begin anew in each cell of a row, and bear the model's name."""
COMPRESSED = 45 * 1024
"""Bytes of a standard figure with the outlines of its type, as it is sent."""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=sample.drawings())
def model(request: pytest.FixtureRequest) -> Model:
    return find(request.param)


@pytest.fixture(scope="module")
def drawings(model: Model) -> dict[Detail, Drawing]:
    """The figure at each level."""
    return {d: draw(model.architecture, model.heading, detail=d) for d in DETAILS}


@pytest.fixture(scope="module")
def texts(drawings: dict[Detail, Drawing]) -> dict[Detail, str]:
    """The same as files in the light theme."""
    return {d: drawing.alone(outlined=False) for d, drawing in drawings.items()}


def test_gates(drawings: dict[Detail, Drawing]) -> None:
    assert {d: found for d in PAGES if (found := faults(drawings[d].picture))} == {}


def test_gates_of_pages(drawings: dict[Detail, Drawing]) -> None:
    assert {d: found for d in PAGES if (found := of_a_page(drawings[d].picture, d))} == {}


def test_size_and_syntax(
    model: Model, drawings: dict[Detail, Drawing], texts: dict[Detail, str]
) -> None:
    """Themes are one drawing: what a file of another theme may not hold either is looked for in it as text."""
    for detail, drawing in drawings.items():
        root = ElementTree.fromstring(texts[detail])
        assert root.findtext(f"{SVG}title") == f"Architecture of {model.heading.name}"
        assert root.findtext(f"{SVG}desc")
        for theme in THEMES:
            text = drawing.alone(theme, outlined=False) if theme != "light" else texts[detail]
            assert len(text.encode()) < LARGEST[detail] + HATCHED * (theme == "print")
            for forbidden in ("foreignObject", "<filter", "var(", "oklch", "<script"):
                assert forbidden not in text
            assert all(link.startswith("#") for link in re.findall('href="([^"]*)"', text))


def test_other_names_give_the_same_bytes(model: Model, drawings: dict[Detail, Drawing]) -> None:
    for other, name in OTHER_NAMES.items():
        drawn = draw(model.architecture, model.heading, detail=other)
        assert drawn.alone() == drawings[name].alone()


def test_size_as_it_is_sent(drawings: dict[Detail, Drawing]) -> None:
    for theme in THEMES:
        sent = gzip.compress(drawings["standard"].alone(theme).encode(), 9)
        assert len(sent) <= COMPRESSED


def test_the_same_input_gives_the_same_bytes(model: Model, drawings: dict[Detail, Drawing]) -> None:
    first = drawings["standard"].alone()
    assert draw(fresh_model(model.id).architecture, model.heading).alone() == first


def test_every_block_answers_for_itself(
    model: Model, drawings: dict[Detail, Drawing], texts: dict[Detail, str]
) -> None:
    """Mixers, norms and what stands around the stack: by its path, or by that of a block that is equal."""
    for detail in ANSWERING:
        titles = [
            element.findtext(f"{SVG}title", "")
            for element in ElementTree.fromstring(texts[detail]).iter()
            if "data-path" in element.attrib
        ]
        assert all(titles)
        assert any("(" in title and "stated" in title for title in titles)
        page, root = drawings[detail].picture, model.architecture.root
        assert unanswered(root, page) == ()
        assert untitled(root, page) == ()


def test_no_word_is_cut(texts: dict[Detail, str]) -> None:
    """Names of any length may come, and are cut then; those of the catalog stand whole."""
    for text in texts.values():
        elements = ElementTree.fromstring(text).iter(f"{SVG}text")
        said = ["".join(element.itertext()) for element in elements]
        assert [word for word in said if "…" in word and word != "…"] == []
