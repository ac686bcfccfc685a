"""A reader's marks on figures of the catalog: lit, told and titled, with nothing covered."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from llm_gallery import Refusal, figure
from llm_gallery.catalog.load import Model, find
from llm_gallery.figure import Detail, Marks, ThemeName, draw
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Box, Line, Picture, Point, Text, flat
from llm_gallery.figure.kit.theme import THEMES
from llm_gallery.figure.marks.given import marks
from llm_gallery.figure.marks.places import meant, places
from tests import sample
from tests.figure.marks.marks_gates import faults, parts, said, texts

NOTE = "What the cache keeps of a token is made here, and read by every head of the layer."
LEVELS: tuple[Detail, ...] = ("card", "paper", "slide", "standard")


def _drawn(model: Model, detail: Detail, given: Marks | None = None) -> Drawing:
    return draw(model.architecture, model.heading, detail=detail, marks=given)


@pytest.mark.parametrize("name", sample.sampled())
def test_highlight_and_notes(name: str) -> None:
    model = find(name)
    for detail in LEVELS:
        shown = places(_drawn(model, detail).picture, model.architecture.root)
        paths = list(dict.fromkeys(p.about.path for p in shown if isinstance(p.shape, Box)))
        notes = {paths[0]: NOTE} | ({paths[-1]: NOTE[:40]} if detail == "slide" else {})
        page = _drawn(model, detail, marks([paths[-1]], notes, "A title")).picture
        assert faults(page) == (), detail
        words = " ".join(map(said, texts(parts(page)[1])))
        assert sorted(words.split()) == sorted(" ".join(notes.values()).split())


def test_all_else_fades() -> None:
    model = find("deepseek-v3")
    plain, page = _drawn(model, "card").picture, _drawn(model, "card", marks("attention")).picture
    base, over = parts(page)
    fills = {said(t): t.role for t in texts(base)}
    assert fills["Latent attention"] == "latent.on"
    assert fills["DeepSeek V3"] == "ink"
    assert fills["Experts"] == fills["Head"] == "muted.62"
    before = [s.fill for s in flat(plain) if isinstance(s, Box)]
    after = [s.fill for s in base if isinstance(s, Box)]
    assert after.count("latent.solid") == 1
    assert after.count("moe.solid") == 0 < before.count("moe.solid")
    assert sum(isinstance(s, Box) and s.edge == "ink" for s in over) == 1


def test_a_call_out_stays_with_its_block() -> None:
    base, _ = parts(_drawn(find("deepseek-v3"), "slide", marks("attention")).picture)
    roles = {said(t): t.role for t in texts(base)}
    assert roles["71 ×"] == "latent.text"
    assert roles["58 of 61"] == "muted.62"


def test_a_plate_of_a_lit_block_is_lit_whole() -> None:
    base, over = parts(_drawn(find("deepseek-v3"), "standard", marks("attention")).picture)
    roles = {said(t): t.role for t in texts(base)}
    assert roles["Kept for 131,072 tokens"] == "ink"
    assert roles["q, k size"] == "muted", "words beside a number of the block"
    assert roles["Mixture of experts"] == "muted.62"
    assert sum(isinstance(s, Box) and s.edge == "ink" for s in over) == 2


@pytest.mark.parametrize("theme", THEMES)
def test_themes(theme: ThemeName) -> None:
    given = {"highlight": ["attention"], "notes": {"experts": NOTE}, "title": "Sparse"}
    svg = figure("deepseek-v3", detail="slide", theme=theme, **given).svg  # type: ignore[arg-type]
    ElementTree.fromstring(svg)
    assert "Sparse (" in svg
    assert f"Note on experts: {NOTE}" in svg


def test_what_is_faded_is_grey_in_print() -> None:
    colour = THEMES["print"].colour("moe.solid.17")
    assert len({*bytes.fromhex(colour[1:])}) <= 3
    assert min(bytes.fromhex(colour[1:])) > 200


@pytest.mark.parametrize(
    ("word", "titles"),
    [
        ("attention", {"Latent attention"}),
        ("MLA", {"Latent attention"}),
        ("self_attn", {"Latent attention"}),
        ("experts", {"Experts"}),
        ("model.layers.3.self_attn", {"Latent attention"}),
        ("layers.40.self_attn", {"Latent attention"}),
        ("layers.3", {"Latent attention", "Experts"}),
    ],
)
def test_words_that_mean_a_part(word: str, titles: set[str]) -> None:
    base, _ = parts(_drawn(find("deepseek-v3"), "card", marks(word)).picture)
    assert {said(t) for t in texts(base) if t.weight == 600 and t.role.endswith(".on")} == titles


def test_a_name_of_two_blocks_lights_both() -> None:
    _, over = parts(_drawn(find("gemma-3-27b"), "card", marks("attention")).picture)
    assert sum(isinstance(s, Box) and s.edge == "ink" for s in over) >= 2
    assert (
        faults(
            _drawn(
                find("gemma-3-27b"), "card", marks("attention", {"global attention": NOTE})
            ).picture
        )
        == ()
    )


def test_no_such_part() -> None:
    with pytest.raises(
        Refusal,
        match=r'"self_atn" is no part .* path: model\.layers\.0\.self_attn, .* and \d+ more',
    ):
        figure("deepseek-v3", highlight="self_atn")
    with pytest.raises(Refusal, match="no part of this figure has a path"):
        meant("attention", (), find("deepseek-v3").architecture.root)


def test_text_that_no_figure_takes() -> None:
    with pytest.raises(Refusal, match='the note of "attention" is empty'):
        marks(notes={"attention": " \n"})
    with pytest.raises(Refusal, match="the title has 161 characters, expected at most 160"):
        marks(title="a" * 161)
    with pytest.raises(Refusal, match="a mark is 3, expected text"):
        marks([3])  # type: ignore[list-item]
    with pytest.raises(Refusal, match="13 notes are given"):
        marks(notes={str(n): "a" for n in range(13)})


def _spoilt(page: Picture, **moved: float) -> Picture:
    """The page with the first text of its notes changed."""
    *before, (at, over) = page.inside
    place = next(i for i, s in enumerate(over.shapes) if isinstance(s, Text))
    shape = over.shapes[place]
    assert isinstance(shape, Text)
    made = replace(shape, **moved)  # type: ignore[arg-type]
    shapes = (*over.shapes[:place], made, *over.shapes[place + 1 :])
    return replace(page, inside=(*before, (at, replace(over, shapes=shapes))))


def test_a_defect_is_seen() -> None:
    page = _drawn(find("deepseek-v3"), "card", marks(notes={"attention": NOTE})).picture
    assert faults(page) == ()
    assert any("stands on" in f for f in faults(_spoilt(page, x=20, y=90)))
    assert any("leaves the canvas" in f for f in faults(_spoilt(page, x=page.width - 5)))
    assert any("px" in f for f in faults(_spoilt(page, size=8)))
    *before, (at, over) = page.inside
    y = next(t.y for t in texts(parts(page)[0]) if said(t) == "Latent attention") - 4
    through = Line(points=(Point(0, y), Point(page.width, y)), kind="leader")
    crossed = replace(over, shapes=(*over.shapes, through))
    found = faults(replace(page, inside=(*before, (at, crossed))))
    assert any("runs through" in f for f in found)
    assert any("leaders cross" in f for f in found)
