"""A drawing made higher: its gaps grow, and nothing else of it changes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import Box, Line, Picture, Point, Text, flat
from llm_gallery.figure.kit.spreading import MOST, TIGHT, WIDEST, spare, spread, tightened
from tests.figure.gates import faults


def tower(*gaps: float, x: float = 20.0) -> Picture:
    """Blocks over one another, so far apart, with wires between them."""
    sheet, y = Sheet(), 10.0
    for index, gap in enumerate((*gaps, None)):
        sheet.put(Box(x, y, 100, 30, fill="matrix", edge="frame", labelled=True))
        sheet.label(x + 50, y + 19, f"block {index}", size=12, anchor="middle")
        if gap is not None:
            sheet.wire(Point(x + 50, y + 30 + gap), Point(x + 50, y + 30))
            y += 30 + gap
    return sheet.picture(160, y + 40)


def boxes(picture: Picture) -> list[Box]:
    """From the left, and from the top down."""
    found = [shape for shape in flat(picture) if isinstance(shape, Box)]
    return sorted(found, key=lambda box: (box.x, box.y))


def gaps(picture: Picture) -> list[float]:
    """Px between each block and the next."""
    found = boxes(picture)
    return [b.y - a.y - a.height for a, b in pairwise(found)]


def test_gaps_share_what_it_is_higher_by() -> None:
    before = tower(20, 20, 20)
    after = spread(before, 30)
    assert after.height == before.height + 30
    assert gaps(after) == pytest.approx([30, 30, 30])
    assert faults(after) == ()


def test_what_is_painted_last_stays_last() -> None:
    """A line between two areas was painted before the one at its right: shapes came out from left to right."""
    sheet = Sheet()
    for x in (20.0, 60.0, 100.0):
        sheet.put(Box(x, 10, 38, 30, fill="matrix"))
    sheet.put(Box(20, 24, 118, 2, fill="paper"))
    sheet.put(Box(20, 70, 118, 30, fill="matrix"))
    before = sheet.picture(160, 110)
    after = spread(before, 20)
    assert after.height > before.height
    assert [shape.fill for shape in boxes_in_order(after)] == [
        shape.fill for shape in boxes_in_order(before)
    ]


def boxes_in_order(picture: Picture) -> list[Box]:
    """As they are painted."""
    return [shape for shape in flat(picture) if isinstance(shape, Box)]


def test_blocks_and_words_stay_as_they_are() -> None:
    before, after = tower(20, 30), spread(tower(20, 30), 20)
    assert [(b.x, b.width, b.height) for b in boxes(before)] == [
        (b.x, b.width, b.height) for b in boxes(after)
    ]
    words = [
        sorted((s for s in flat(one) if isinstance(s, Text)), key=lambda text: text.y)
        for one in (before, after)
    ]
    shifts = [new.y - old.y for old, new in zip(*words, strict=True)]
    moved = [new.y - old.y for old, new in zip(boxes(before), boxes(after), strict=True)]
    assert shifts == pytest.approx(moved)


def test_wires_still_reach_from_block_to_block() -> None:
    after = spread(tower(20, 30), 20)
    found = boxes(after)
    for line in (shape for shape in flat(after) if isinstance(shape, Line)):
        low, high = line.points[0].y, line.points[-1].y
        assert any(low == pytest.approx(box.y) for box in found)
        assert any(high == pytest.approx(box.bounds.bottom) for box in found)


def test_no_more_than_it_can_be() -> None:
    """A gap grows by so much at most, and a wide one not at all."""
    before = tower(20, WIDEST + 1)
    assert spare(before) == pytest.approx(MOST)
    after = spread(before, 500)
    assert gaps(after) == pytest.approx([20 + MOST, WIDEST + 1])
    assert after.height == pytest.approx(before.height + spare(before))
    assert spread(after, 0.5) is after


def test_what_stands_aside_has_gaps_of_its_own() -> None:
    """Two towers, one with fewer and wider gaps: both end as high."""
    left, right = tower(20, 20, 20), tower(35, 65, x=220)
    both = Picture(
        width=360, height=max(left.height, right.height), shapes=(*left.shapes, *right.shapes)
    )
    after = spread(both, 12)
    assert after.height == both.height + 12
    assert faults(after) == ()
    moved = [new.y - old.y for old, new in zip(boxes(both), boxes(after), strict=True)]
    assert moved[:4] == pytest.approx([0, 4, 8, 12])
    assert moved[4] == pytest.approx(0)
    assert moved[-1] == pytest.approx(12)


def test_a_border_grows_with_what_it_holds() -> None:
    before = tower(20, 20)
    around = Box(10, 5, 120, before.height - 10, edge="frame", open=True)
    after = spread(replace(before, shapes=(around, *before.shapes)), 20)
    border, *held = boxes(after)
    assert border.height == around.height + 20
    assert all(border.y < box.y and box.bounds.bottom < border.bounds.bottom for box in held)


def test_wide_gaps_are_made_lower() -> None:
    before = tower(20, TIGHT + 40)
    after = tightened(before)
    assert gaps(after) == pytest.approx([20, TIGHT], abs=4)
    assert after.height == pytest.approx(before.height - sum(gaps(before)) + sum(gaps(after)))
    low = max(extent(shape).bottom for shape in boxes(after))
    assert low < after.height
    assert tightened(tower(20, 30)) == tower(20, 30)
