"""The columns of a page to scroll: what stands in them, and where they end."""

from __future__ import annotations

from itertools import pairwise

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.shapes import Bounds, Box, Picture, flat
from llm_gallery.figure.layout.packing import GUTTER
from llm_gallery.figure.page.column import HALF, MARGIN, ROOM

LEFT, RIGHT = MARGIN, MARGIN + HALF + GUTTER
PAIRS = ("llama-3-8b", "deepseek-v3", "qwen3-next-80b-a3b", "gemma-4-12b", "deepseek-v4.1-flash")


def drawn(name: str) -> Picture:
    """The figure of a model, 800 px wide."""
    model = find(name)
    return draw(model.architecture, model.heading, detail="column").picture


def grounds(page: Picture, left: float, wide: float) -> list[Bounds]:
    """Frames and insets that begin at a left edge and are so wide, from the top down."""
    boxes = (shape for shape in flat(page) if isinstance(shape, Box) and shape.ground)
    found = [b.bounds for b in boxes if abs(b.x - left) < 1 and abs(b.width - wide) < 1]
    return sorted(found, key=lambda bounds: bounds.top)


@pytest.mark.parametrize("name", PAIRS)
def test_both_columns_begin_and_end_level(name: str) -> None:
    page = drawn(name)
    left, right = grounds(page, LEFT, HALF), grounds(page, RIGHT, HALF)
    assert left
    assert right
    assert left[0].top == pytest.approx(right[0].top)
    assert left[-1].bottom == pytest.approx(right[-1].bottom, abs=12)


@pytest.mark.parametrize("name", PAIRS)
def test_insets_stand_a_gutter_apart(name: str) -> None:
    page = drawn(name)
    for edge in (LEFT, RIGHT):
        column = grounds(page, edge, HALF)
        gaps = [low.top - up.bottom for up, low in pairwise(column)]
        assert gaps == pytest.approx([GUTTER] * len(gaps))


def test_what_leads_with_two_pictures_has_its_wiring_right_under_it() -> None:
    page = drawn("deepseek-v4-pro")
    plate, wiring = grounds(page, MARGIN, ROOM)
    assert wiring.top - plate.bottom == pytest.approx(GUTTER)
    assert wiring.bottom < grounds(page, LEFT, HALF)[0].top


@pytest.mark.parametrize("name", ["mamba-2.8b", "falcon-mamba-7b"])
def test_where_nothing_else_is_the_picture_stands_beside_the_frame(name: str) -> None:
    """Mamba has one mixer and no MLP: its wiring stands under both, across, and both end level."""
    page = drawn(name)
    (frame,), (picture,) = grounds(page, LEFT, HALF), grounds(page, RIGHT, HALF)
    (wiring,) = grounds(page, MARGIN, ROOM)
    assert frame.top == picture.top
    assert frame.bottom == pytest.approx(picture.bottom, abs=0.05)  # gaps are hundredths of a px
    assert wiring.top - picture.bottom == pytest.approx(GUTTER)


def test_a_frame_of_one_branch_ends_where_what_stands_beside_it_does() -> None:
    """Columns that are added grow their gaps, too: under their dot and to their sum."""
    page = drawn("command-a-plus-218b-a25b")
    (frame,), (picture,) = grounds(page, LEFT, HALF), grounds(page, RIGHT, HALF)
    assert (frame.top, frame.bottom) == (picture.top, picture.bottom)
