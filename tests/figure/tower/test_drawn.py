"""Towers as they are drawn, for every model: the gates of all figures, in every format and theme; and what each gate finds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import pytest

from llm_gallery.architecture.block import walk
from llm_gallery.catalog.load import find
from llm_gallery.figure import ThemeName
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Box, Line, Mark, Picture, Point, Shape, Text, flat
from llm_gallery.figure.tower.build import tower
from llm_gallery.figure.tower.columns import arrangement, columns
from llm_gallery.figure.tower.formats import CARD, PAPER
from llm_gallery.figure.tower.leaders import lanes
from llm_gallery.figure.tower.pages import PAGES, card, paper, slide
from llm_gallery.figure.tower.rows import Tower
from tests import sample
from tests.figure.tower.drawn_gates import all_faults, of_calls

SVG = "{http://www.w3.org/2000/svg}"
THEMES: dict[str, tuple[ThemeName, ...]] = {
    "card": ("light", "dark", "print"),
    "paper": ("light", "print"),
    "slide": ("light", "dark"),
}
BYTES = 40 * 1024
"""Of a card with live text."""


@cache
def rows(name: str) -> Tower:
    model = find(name)
    return tower(model.architecture, model.heading)


@pytest.mark.parametrize("name", sample.drawings())
def test_every_tower(name: str) -> None:
    """Rows are made once and drawn in every format; themes are one drawing, so what they write is looked for as text."""
    model = find(name)
    made = tower(model.architecture, model.heading)
    paths = {path for path, _ in walk(model.architecture.root)}
    assert of_calls(made) == ()
    for form, draw_form in PAGES.items():
        page = draw_form(made)
        assert all_faults(page, form) == (), form
        drawing = Drawing(page, name)
        for theme in THEMES[form]:
            text = drawing.alone(theme, outlined=False)
            assert len(text.encode()) < BYTES
            assert not re.search("foreignObject|<filter|<script|oklch|NaN|nan ", text)
        root = ElementTree.fromstring(text)
        answers = {e.attrib["data-path"]: e for e in root.iter() if "data-path" in e.attrib}
        assert paths >= {*answers}
        assert all(e.findtext(f"{SVG}title", "").strip() for e in answers.values())
        blocks = [b for s in made.storeys for r in s.branches for b in r.blocks]
        assert {*answers} >= {block.path for block in blocks}


def _with(page: Picture, *shapes: Shape) -> Picture:
    return replace(page, shapes=(*page.shapes, *shapes))


def _blocks(page: Picture) -> list[Box]:
    held = [s for s in page.shapes if isinstance(s, Box) and s.labelled and s.about]
    return [box for box in held if (box.fill or "").endswith(".solid")]


def _line(page: Picture, kind: str) -> Line:
    return next(s for s in page.shapes if isinstance(s, Line) and s.kind == kind)


def _through(page: Picture) -> Picture:
    box = _blocks(page)[0]
    y = box.y + box.height / 2
    ends = Point(box.x - 8, y), Point(box.x + box.width + 8, y)
    return _with(page, Line(points=ends, kind="flow"))


def _crossed(page: Picture) -> Picture:
    x, y = _line(page, "leader").points[1]
    return _with(page, Line(points=(Point(x - 30, y + 9), Point(x + 4, y + 9)), kind="leader"))


def _picture_over_words(page: Picture) -> Picture:
    at = next(g for g in page.groups if g.kinds == "picture")
    drawn = page.shapes[at.start]
    assert isinstance(drawn, Mark)
    moved = replace(drawn, x=drawn.x - 110)
    return replace(page, shapes=(*page.shapes[: at.start], moved, *page.shapes[at.start + 1 :]))


def _picture_leaves(page: Picture) -> Picture:
    at = next(g for g in page.groups if g.kinds == "picture")
    drawn = page.shapes[at.start]
    assert isinstance(drawn, Mark)
    moved = replace(drawn, y=drawn.y - 20)
    return replace(page, shapes=(*page.shapes[: at.start], moved, *page.shapes[at.start + 1 :]))


def _small_tag(page: Picture) -> Picture:
    at = next(g for g in page.groups if g.kinds == "new")
    index = next(i for i in range(at.start, at.end) if isinstance(page.shapes[i], Text))
    shape = page.shapes[index]
    assert isinstance(shape, Text)
    made = replace(shape, size=8.0)
    return replace(page, shapes=(*page.shapes[:index], made, *page.shapes[index + 1 :]))


def _small_name(page: Picture) -> Picture:
    index = next(
        i for i, s in enumerate(page.shapes) if isinstance(s, Text) and s.inside and s.size > 9.6
    )
    shape = page.shapes[index]
    assert isinstance(shape, Text)
    made = replace(shape, size=9.2)
    return replace(page, shapes=(*page.shapes[:index], made, *page.shapes[index + 1 :]))


def _hidden(page: Picture) -> Picture:
    box = _blocks(page)[0]
    return _with(page, Box(box.x, box.y, box.width, box.height, fill="paper", open=True))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_through, "runs through the box"),
        (_crossed, "crosses a"),
        (_picture_over_words, "stands on a picture"),
        (_picture_leaves, "a picture leaves its block"),
        (_small_tag, "is set in 8.0 px"),
        (_small_name, "is set in 9.2 px"),
        (_hidden, "painted over"),
    ],
)
def test_each_gate_finds_its_defect(spoil: Callable[[Picture], Picture], said: str) -> None:
    page = card(rows("qwen3-next-80b-a3b"))
    assert all_faults(page, "card") == ()
    assert any(said in fault for fault in all_faults(spoil(page), "card"))


def test_a_call_out_without_picture_and_one_picture_for_two_ideas() -> None:
    made = rows("llama-3-8b")
    first = next(call for call in made.calls if call.concept)
    alike = [first._replace(number=f"{n}") for n in range(3)]  # its own picture, its block's, none
    assert of_calls(made) == ()
    assert len(of_calls(replace(made, calls=tuple(alike)))) == 1


def test_lanes_of_leaders_never_cross() -> None:
    """Each goes level to its lane, up or down, and level on: of any two no level piece meets the other's upright one."""
    for ways in (
        [(100.0, 160.0), (130.0, 220.0), (150.0, 300.0)],
        [(100.0, 20.0), (130.0, 60.0), (150.0, 90.0)],
        [(100.0, 40.0), (130.0, 130.0), (150.0, 240.0)],
    ):
        turns = lanes(ways, 0.0, 10.0)
        for i, (start, end) in enumerate(ways):
            low, high = sorted((start, end))
            for j, (other, to) in enumerate(ways):
                if i != j:
                    assert not (low < other < high and turns[j] > turns[i])
                    assert not (low < to < high and turns[j] < turns[i])


def test_parallel_parts_stand_beside_one_another_where_names_have_room() -> None:
    made = rows("falcon-h1-7b")
    branch = made.storeys[0].branches[0]
    told = replace(branch, blocks=tuple(replace(b, new="") for b in branch.blocks))
    assert arrangement(CARD, told, columns(CARD, made, 14, 288).wide) == "beside"
    assert arrangement(PAPER, told, columns(PAPER, made, 2, 206).wide) == "shelves"
    storey = replace(made.storeys[0], branches=(told, *made.storeys[0].branches[1:]))
    page = card(replace(made, storeys=(storey,), calls=()))
    paths = {block.path for block in told.blocks}
    beside = [box for box in _blocks(page) if box.about and box.about.path in paths]
    assert len({box.y for box in beside}) == 1
    assert arrangement(CARD, rows("zamba2-2.7b").storeys[1].branches[0], 170) == "series"


def test_a_loop_leaves_above_the_final_norm_where_that_ends_each_pass() -> None:
    made = rows("ouro-2.6b-thinking")
    assert made.stream.norms
    for draw_form, tower_rows, above in (
        (card, made, True),
        (card, replace(made, stream=replace(made.stream, norms=False)), False),
    ):
        page = draw_form(tower_rows)
        group = next(g for g in page.groups if g.kinds == "loop")
        held = page.shapes[group.start : group.end]
        top = min(p.y for s in held if isinstance(s, Line) for p in s.points)
        norm = next(g for g in page.groups if g.kinds == "block norm")
        pill = page.shapes[norm.start]
        assert isinstance(pill, Box)
        assert (top < pill.y) is above


def test_several_streams_are_read_by_dots_written_by_pluses_and_cross() -> None:
    page = slide(rows("deepseek-v4-pro"))
    streams = [s for s in flat(page) if isinstance(s, Line) and s.kind == "stream"]
    assert len({s.points[0].x for s in streams}) >= 4
    branches = [g for g in page.groups if g.kinds == "branch"]
    for group in branches:
        held = page.shapes[group.start : group.end]
        circles = [s for s in held if isinstance(s, Box) and s.form == "circle"]
        signs = [s for s in held if isinstance(s, Mark)]
        assert len(circles) == 4
        assert len(signs) == 4 + 1  # pluses, and the crossing


def test_norms_of_a_branch_are_pills() -> None:
    """As many as the rows say, in every format."""
    for name in ("llama-3-8b", "ouro-2.6b-thinking", "falcon-40b", "minimax-m1", "zamba2-2.7b"):
        made = rows(name)
        norms = sum(branch.norms for storey in made.storeys for branch in storey.branches)
        for draw_form in (card, paper, slide):
            page = draw_form(made)
            pills = [
                s
                for s in page.shapes
                if isinstance(s, Box) and s.fill == "norm.solid" and s.edge == "flow"
            ]
            assert len(pills) == norms
