"""What was wrong on pages when they were looked at side by side, on the models that showed it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import get_args

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import channel_mixers, mixers
from llm_gallery.architecture.block import layers as layers_of
from llm_gallery.catalog import figures
from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.frame.block_numbers import NUMBER
from llm_gallery.figure.kit.painting import EDGE, HATCHED
from llm_gallery.figure.kit.shapes import Box, Line, Mark, Picture, Point, Text, flat
from llm_gallery.figure.kit.style import hatched
from llm_gallery.figure.kit.theme import THEMES, ThemeName
from llm_gallery.figure.page.footer import SWATCH, footer
from llm_gallery.figure.strip import strip
from llm_gallery.figure.strip.shared_tracks import tracks
from tests.figure.gates import words
from tests.figure.internals.seen import said
from tests.figure.kit.test_theme import contrast

ROOM = 1120.0
PAGES: tuple[Detail, ...] = ("phone", "column", "standard")


def _footer(name: str, wide: float = ROOM) -> Picture:
    root = find(name).architecture.root
    return footer(find(name).architecture, parameters(root), cache(root), (), wide)


@pytest.mark.parametrize("wide", [720.0, ROOM])
@pytest.mark.parametrize("name", ["deepseek-v4.1-flash", "glm-5.3-flash", "llama-3-8b"])
def test_a_number_under_a_bar_has_the_colour_of_its_segment(name: str, wide: float) -> None:
    shapes = flat(_footer(name, wide))
    boxes = [shape for shape in shapes if isinstance(shape, Box)]
    lowest = max(box.y for box in boxes if box.about and "parameters" in box.about.title)
    segments = sorted((b for b in boxes if b.y == lowest), key=lambda box: box.x)
    swatches = sorted((b for b in boxes if b.width == SWATCH), key=lambda box: box.x)
    assert [swatch.fill for swatch in swatches] == [segment.fill for segment in segments]


def _leaders(name: str, wide: float) -> list[Line]:
    """The level parts of the lines from names to segments; the rule over all is no leader."""
    lines = (s for s in flat(_footer(name, wide)) if isinstance(s, Line))
    return [line for line in lines if line.points[0].y == line.points[-1].y > 0]


@pytest.mark.parametrize("wide", [720.0, ROOM])
@pytest.mark.parametrize("name", ["deepseek-v4.1-flash", "gpt-oss-120b", "llama-3-8b"])
def test_no_two_lines_under_a_bar_touch(name: str, wide: float) -> None:
    """A line from a name to its segment that ran into its neighbour's named neither."""
    runs = [sorted(point.x for point in line.points) for line in _leaders(name, wide)]
    assert all(a[-1] < b[0] or b[-1] < a[0] for a, b in combinations(runs, 2))


@pytest.mark.parametrize("theme", get_args(ThemeName))
def test_a_line_to_a_segment_is_seen(theme: ThemeName) -> None:
    """In dark it was nearly its ground's colour."""
    look, roles = THEMES[theme], {line.role for line in _leaders("gpt-oss-120b", 720)}
    assert roles
    assert all(contrast(look.colour(role), look.colour("paper")) >= 3 for role in roles)


def _ends(page: Picture) -> dict[float, float]:
    """Where the lowest plate of each column of a page ends, of those as high as a frame."""
    found: dict[float, float] = {}
    for at, part in page.inside:
        if part.height > 100 and at.y > 250:
            found[at.x] = max(found.get(at.x, 0.0), at.y + part.height)
    return found


@pytest.mark.parametrize("name", ["llama-3-8b", "olmo-3-32b", "qwen3-32b", "gemma-4-e2b"])
def test_a_frame_ends_where_what_leads_does(name: str) -> None:
    model = find(name)
    page = draw(model.architecture, model.heading).picture
    *_, footer_top, _ = sorted(at.y for at, _ in page.inside)  # the key is under it
    ends = [end for end in _ends(page).values() if end < footer_top]
    assert max(ends) - min(ends) < 1


@pytest.mark.parametrize("detail", PAGES)
def test_no_block_stands_out_of_its_inset(detail: Detail) -> None:
    """The matrix over the stream's gate was wider than its lane, and 5 px from the inset's edge."""
    model = find("gemma-4-e2b")
    page = draw(model.architecture, model.heading, detail=detail).picture
    for part in (part for _, part in page.inside):
        boxes = [s for s in flat(part) if isinstance(s, Box) and s.fill == "matrix"]
        assert all(box.x >= 12 and box.x + box.width <= part.width - 12 for box in boxes)


@pytest.mark.parametrize("name", ["recurrentgemma-2b", "motif-3-beta", "jamba-v0.1-52b"])
def test_nothing_on_a_page_stands_on_another(name: str) -> None:
    """A plate that was made higher took a row of costs that it had no room for."""
    model = find(name)
    page = draw(model.architecture, model.heading).picture
    parts = [(at, part) for at, part in page.inside if at.y > 250]
    assert [one for one in combinations(parts, 2) if _meet(*one[0], *one[1])] == []


def _meet(at: Point, part: Picture, other_at: Point, other: Picture) -> bool:
    across = at.x < other_at.x + other.width and other_at.x < at.x + part.width
    return across and at.y < other_at.y + other.height - 1 and other_at.y < at.y + part.height - 1


@pytest.mark.parametrize("detail", ["standard", "phone"])
@pytest.mark.parametrize("name", ["gemma-4-e2b", "phi-4-mini-flash"])
def test_what_is_shared_is_named_beside_where_it_is_made(name: str, detail: Detail) -> None:
    model = find(name)
    shapes = flat(draw(model.architecture, model.heading, detail=detail).picture)
    texts = [shape for shape in shapes if isinstance(shape, Text)]
    for track in tracks(model.architecture):
        (text,) = (each for each in texts if said(each) == track.name)
        signs = [
            shape
            for shape in shapes
            if isinstance(shape, Mark)
            and shape.about is not None
            and f"layer {track.links[0].source + 1:,}, taken by" in shape.about.title
        ]
        assert any(0 < sign.x - text.bounds.right < 70 for sign in signs)


def test_rows_of_what_is_read_have_a_line_each() -> None:
    """Where sharing is new the strip shows it: after a model that shared keys, too, the picture has rows."""
    model, inherited = find("gemma-3n-e2b"), concepts(find("gemma-3n-e4b").architecture.root)
    heading = replace(model.heading, inherited=frozenset(inherited))
    for detail in PAGES:
        page = draw(model.architecture, heading, detail=detail)
        texts = [words(text) for text in flat(page.picture) if isinstance(text, Text)]
        assert "8 layers read the last 512 tokens, keys shared" in texts


@pytest.mark.parametrize("name", ["longcat-flash-560b", "gemma-4-26b-a4b", "llama-3-8b"])
def test_bars_of_several_are_as_high_as_their_hatching(name: str) -> None:
    root = find(name).architecture.root
    several = max(len(list(channel_mixers(layer))) for layer in layers_of(root))
    token, channel = 52.0, 15.0
    place = strip.laid(10, 0, 400, 0, token=token, channel=channel)
    told = strip.pointed_area(root, place, 0.0).about
    assert told is not None
    _, upper, lower, _ = map(float, dict(told.data)["strip"].split())  # by which a page lights them
    assert upper + lower == token + channel
    for drawn in strip.looks(root, token, channel):
        assert any(track.top == pytest.approx(upper + strip.BETWEEN) for track in drawn)
        bottom = max(track.top + track.height for track in drawn)
        assert bottom == pytest.approx(token + strip.BETWEEN + channel)
        assert min(track.height for track in drawn) >= 7.5
        assert len(drawn) <= several + max(len(list(mixers(layer))) for layer in layers_of(root))


def test_the_note_says_what_the_picture_shows() -> None:
    """OLMo 3 limits what layers read and shares keys among heads: the picture is of the first."""
    svg = figures.figure("olmo-3-32b").svg
    assert "OLMo 2 32B used full attention in every layer" in svg


@pytest.mark.parametrize("name", ["deepseek-v3", "longcat-flash-560b", "ling-2.5-1t"])
def test_numbers_stand_by_the_rule_beside_their_block(name: str) -> None:
    """A row that had no room left the others as far from the rule as its own number was long."""
    model = find(name)
    page = draw(model.architecture, model.heading, detail="column").picture
    for part in (part for _, part in page.inside if part.height > 150):
        texts = [s for s in part.shapes if isinstance(s, Text) and s.anchor == "end"]
        lines = [s.points for s in part.shapes if isinstance(s, Line) and s.kind == "rule"]
        for (x, top), (_, bottom) in lines:
            rows = [t.bounds.left for t in texts if top < t.y < bottom + 4 and t.size == NUMBER]
            assert not rows or min(rows) - x == pytest.approx(10, abs=0.5)


@pytest.mark.parametrize("name", ["deepseek-v4-pro", "llama-4-maverick", "rwkv-7-2.9b"])
def test_words_keep_off_the_hatching_of_their_block(name: str) -> None:
    """In print a name that began 2 px from the hatching at its left ran into it."""
    model = find(name)
    for detail in PAGES:
        shapes = flat(draw(model.architecture, model.heading, detail=detail).picture)
        texts = [shape for shape in shapes if isinstance(shape, Text) and shape.inside is not None]
        boxes = (shape for shape in shapes if isinstance(shape, Box) and shape.labelled)
        blocks = [box for box in boxes if hatched(box.fill)]
        for block in blocks:
            begins = (t.bounds.left for t in texts if _holds(block, t))
            assert min(begins, default=block.x + 9) - block.x - EDGE - HATCHED >= 3


def _holds(block: Box, text: Text) -> bool:
    left, top, right, bottom = text.bounds
    around = block.bounds
    return (
        left > around.left and right < around.right and top > around.top and bottom < around.bottom
    )
