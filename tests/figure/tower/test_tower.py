"""Towers of the catalog: nothing over another, nothing cut, the first call-out at what is new."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import ThemeName, draw
from llm_gallery.figure.kit.shapes import Picture, Text
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.tower.build import tower
from llm_gallery.figure.tower.formats import CARD
from llm_gallery.figure.tower.layer_parts import layer_parts, units
from llm_gallery.figure.tower.pages import PAGES, card, is_whole, titled
from llm_gallery.figure.tower.rows import Tower
from tests import sample
from tests.figure.tower.drawn_gates import all_faults
from tests.figure.tower.tower_gates import of_rows
from tests.figure.tower.tower_gates import said as words_of

BYTES = 40 * 1024
"""Of a card with live text."""


def rows(name: str) -> Tower:
    model = find(name)
    return tower(model.architecture, model.heading)


@pytest.mark.parametrize("name", sample.drawings())
def test_tower(name: str) -> None:
    assert of_rows(rows(name)) == ()


@pytest.mark.parametrize("name", sample.drawings())
def test_every_layer_is_told(name: str) -> None:
    """Rows, times how often they come, are all layers; of layers of one part read together, all units."""
    model = find(name)
    made = tower(model.architecture, model.heading)
    often = {made.braced: made.repeats} if made.repeats else {}
    told = sum(storey.times * often.get(storey.frame, 1) for storey in made.storeys)
    assert len(made.strip) == len(layer_parts(model.architecture.root))
    assert told == len(units(layer_parts(model.architecture.root)))


@pytest.mark.parametrize("theme", get_args(ThemeName))
def test_card_is_small_and_the_same_each_time(theme: ThemeName) -> None:
    model = find("qwen3-next-80b-a3b")
    first, second = (
        draw(model.architecture, model.heading, detail="card").alone(theme, outlined=False)
        for _ in range(2)
    )
    assert first == second
    assert len(first.encode()) < BYTES


def test_order_of_a_hybrid() -> None:
    made = rows("qwen3-next-80b-a3b")
    assert [storey.times for storey in made.storeys] == [3, 1]
    assert (made.repeats, made.shown[1] - made.shown[0]) == (12, 4)
    assert made.about == "3.9B active, 256K context"
    first = made.calls[0]
    assert (first.number, first.words) == ("36 of 48", "layers keep a fixed state, no KV cache")


def test_layers_of_one_part_are_read_together() -> None:
    made = rows("nemotron-3-nano-30b-a3b")
    assert [(s.times, len(s.branches)) for s in made.storeys] == [(17, 2), (6, 3)]


def test_opening_layers_are_a_line_of_names() -> None:
    opening = rows("deepseek-v3").storeys[0]
    assert opening.branches == ()
    assert opening.names[0].times == 3


def test_loop_and_sandwich() -> None:
    made = rows("ouro-2.6b-thinking")
    assert made.loop_tag == "NEW loop"
    assert made.calls[0].number == f"{made.stream.passes * len(made.strip)}"
    assert all(branch.before and branch.after for s in made.storeys for branch in s.branches)


def test_streams_have_their_tag() -> None:
    made = rows("deepseek-v4-pro")
    assert made.stream_tag
    assert made.stream.count == 4


def _spoilt(page: Picture, **changes: object) -> Picture:
    """The page with its last text changed."""
    at = max(i for i, shape in enumerate(page.shapes) if isinstance(shape, Text))
    shape = page.shapes[at]
    assert isinstance(shape, Text)
    made = replace(shape, **changes)  # type: ignore[arg-type]
    return replace(page, shapes=(*page.shapes[:at], made, *page.shapes[at + 1 :]))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"x": -40.0}, "leaves the canvas"),
        ({"size": 5.0}, "is set in 5.0 px"),
        ({"spans": (Span("Latent att…"),)}, "cut"),
        ({"x": 14.0, "y": 28.0, "inside": None}, "stands on"),
        ({"spans": (Span("a " * 90),)}, "words"),
    ],
)
def test_a_defect_is_seen(changes: dict[str, object], said: str) -> None:
    page = card(rows("llama-3-8b"))
    assert all_faults(page, "card") == ()
    assert any(said in fault for fault in all_faults(_spoilt(page, **changes), "card"))


@pytest.mark.parametrize("form", PAGES)
def test_storeys_alike_but_for_their_ratio_say_it(form: str) -> None:
    page = PAGES[form](rows("deepseek-v4.1-flash"))
    said = [words_of(shape) for shape in page.shapes if isinstance(shape, Text)]
    assert any(words.startswith("2 : 1") for words in said)
    assert any(words.startswith("1 : 1") for words in said)
    assert "taken over" not in said


@pytest.mark.parametrize(
    "name",
    [
        "nvidia__NVIDIA-Nemotron-3.5-Lightning-30B-A3B-NVFP4",
        "mistralai__Mistral-Large-3-675B-Instruct-2512",
    ],
)
def test_a_name_of_a_file_is_not_cut(name: str) -> None:
    lines, size = titled(CARD, name, 220)
    assert len(lines) <= 2
    assert size >= CARD.smallest
    assert is_whole(lines, name)


def test_a_name_beyond_the_least_size_is_whole_in_its_title() -> None:
    name = "x" * 150
    page = card(replace(rows("llama-3-8b"), name=name))
    cut = next(s for s in page.shapes if isinstance(s, Text) and "…" in words_of(s))
    assert cut.size == CARD.smallest
    assert cut.about is not None
    assert cut.about.title == name
