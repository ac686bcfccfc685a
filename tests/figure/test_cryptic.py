"""No figure says what an outsider can't read: what is counted, and against what, is said each time."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.shapes import Text, flat
from llm_gallery.figure.lead.content import content
from llm_gallery.figure.lead.panels import panels_of
from llm_gallery.mechanisms.wording import sentences_of
from llm_gallery.plan.planning import plan
from tests.figure.cryptic import cryptic
from tests.figure.gates import words
from tests.sample import sampled

DETAILS: tuple[Detail, ...] = ("phone", "column", "standard")


def texts(name: str, detail: Detail) -> list[str]:
    """Every line of a figure."""
    model = find(name)
    picture = draw(model.architecture, model.heading, detail=detail).picture
    return [words(shape) for shape in flat(picture) if isinstance(shape, Text)]


@pytest.mark.parametrize("name", sampled())
def test_figures_say_what_they_count(name: str) -> None:
    for detail in DETAILS:
        found = [line for line in texts(name, detail) if cryptic(line)]
        assert not found, (detail, found)


@pytest.mark.parametrize("name", sampled())
def test_a_figure_says_its_bytes_once(name: str) -> None:
    """A number of bytes stands in the head, in what is saved, or below; a cache that stops growing in two of these."""
    for detail in ("column", "standard"):
        found = Counter(
            " ".join(line.split()[:2]).replace("KiB", " KiB").replace("  ", " ")
            for line in texts(name, detail)
            if line.split()[:1] and line.split()[0][0].isdigit() and "iB" in line[:12]
        )
        assert max(found.values(), default=1) <= 1, (detail, found)


@pytest.mark.parametrize("name", sampled())
def test_what_leads_says_each_sentence_once(name: str) -> None:
    model = find(name)
    page = content(model.architecture, model.heading, plan(model.architecture.root), split=True)
    told = [one.hero for one in (page.leads, page.second) if one is not None]
    said = [s for hero in told for panel in panels_of(hero) for s in sentences_of(panel.words)]
    assert len(said) == len({*said})
    assert model.heading.summary not in said


@pytest.mark.parametrize(
    "line",
    [
        "to 512",
        "up's 25",
        "1 / 3.95",
        "delayed 128 / 256",
        "k: 4 of 192",
        "8 of each",
        "8 + 1 of 256",
    ],
)
def test_an_injected_one_is_found(line: str) -> None:
    assert cryptic(line)


def test_llama_says_its_sharing_once() -> None:
    """That four heads share a key is said over the figure, how many there are on the picture, what it saves beside it."""
    found = texts("llama-3-8b", "standard")
    about = {
        line for line in found if re.search(r"\b(?:query|value|k, v) heads?\b|\bheads of", line)
    }
    assert about == {
        find("llama-3-8b").heading.summary,
        "32 query heads",
        "8 key and value heads, kept",
        "a key for each query head",
    }
    assert all(found.count(line) == 1 for line in about)
