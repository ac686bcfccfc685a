"""Each gate of a page's format, its rows and what is hidden passes what is right and catches its defect."""

from __future__ import annotations

import pytest

from llm_gallery.figure.kit.blocks import Sheet, hero, label, pill
from llm_gallery.figure.kit.shapes import Bounds, Box, Line, Mark, Picture, Point, Shape
from llm_gallery.figure.kit.signs import area, dot, squares, stream_line
from llm_gallery.figure.kit.stream import bar
from llm_gallery.figure.kit.text import Span, superscript
from tests.figure.gates import (
    blank_bands,
    blank_rows,
    deserts,
    hidden,
    out_of_format,
    set_too_small,
    too_low,
    too_small,
)


def page(width: float, height: float, *shapes: Shape) -> Picture:
    return Picture(width=width, height=height, shapes=shapes)


def frame(high: float, *inside: Shape, top: float = 20) -> Picture:
    """A frame with blocks in it at the top and at its foot."""
    ground = Box(20, top, 200, high, fill="paper", edge="frame", open=True, ground=True)
    sheet = Sheet([ground])
    sheet.add(hero(120, top + 40, "Attention", "full"))
    sheet.add(pill(120, top + high - 30, "RMSNorm"))
    return page(240, top + high + 20, *sheet.shapes, *inside)


@pytest.mark.parametrize(
    ("width", "height", "fault"),
    [
        (1200, 1500, None),
        (1200, 1510, "1.26 times as high as wide, at most 1.25 is right"),
        (1200, 632, None),
        (1200, 600, "2.00 times as wide as high, at most 1.9 is right"),
        (800, 2000, None),
        (400, 2000, None),
        (400, 2400, "6.00 times as high as wide, at most 5.0 is right"),
    ],
)
def test_format(width: float, height: float, fault: str | None) -> None:
    found = out_of_format(page(width, height))
    assert found == (() if fault is None else (fault,))


def test_only_the_stated_widths_have_a_format() -> None:
    with pytest.raises(KeyError):
        out_of_format(page(1000, 900))


@pytest.mark.parametrize(
    ("width", "size", "right"),
    [(width, size, size == 10.5) for width in (1200, 800, 400) for size in (10.5, 10)],
)
def test_least_type(width: float, size: float, right: bool) -> None:
    shown = page(width, 800, label(50, 50, "large " * 9, size=14), label(50, 90, "q", size=size))
    assert too_small(shown) == (() if right else (f'"q" is set in {size} px',))


def test_least_type_of_one_page() -> None:
    shown = page(400, 800, label(50, 90, "q", size=10.5))
    assert set_too_small(shown) == ()
    assert set_too_small(shown, 10.7) == ('"q" is set in 10.5 px',)


def test_raised_type() -> None:
    said = label(50, 50, ("a formula with a symbol ", superscript("T")), size=13)
    assert too_small(page(1200, 800, said)) == ()
    low = label(50, 50, ("a formula with a symbol ", Span("T", size=9, shift=4.5)), size=13)
    assert too_small(page(1200, 800, low)) == ('"T" is set in 9 px',)


def test_share_of_small_type() -> None:
    large, small = label(50, 50, "abcd" * 20, size=13), label(50, 90, "abcd" * 5, size=11.5)
    assert too_small(page(1200, 800, large, small)) == ()
    more = label(50, 130, "efgh" * 2, size=11.5)
    assert too_small(page(1200, 800, large, small, more)) == (
        "26% of the characters are under 12 px",
    )


def test_what_leads_stays_on_the_first_screen() -> None:
    assert too_low(Bounds(400, 300, 1160, 690)) == ()
    assert too_low(Bounds(400, 300, 1160, 745)) == (
        "what leads ends at 745 px, the first screen at 700",
    )


def test_rows_of_a_frame() -> None:
    assert blank_rows(frame(150)) == ()
    high = frame(190)
    assert blank_rows(high) == ("86 px from 83 down hold nothing in the frame at 20, 20",)
    wire = Line(points=(Point(120, 170), Point(120, 83)), arrow=True)
    border = Box(60, 90, 120, 60, open=True, edge="muted", dashed=True)
    assert blank_rows(frame(190, wire, border)) == blank_rows(high)  # nothing is said on a way
    assert blank_rows(frame(190, label(120, 130, "4,096"))) == ()
    assert blank_rows(frame(190, area(60, 110, 40, 12, "full.solid"))) == ()


def test_bands_of_a_page() -> None:
    assert blank_bands(frame(190)) == ()  # the frame itself is ink
    assert blank_bands(frame(190, top=80)) == ("80 px from 0 down are blank",)
    rule = Line(points=(Point(20, 40), Point(220, 40)), kind="rule", role="hairline")
    assert blank_bands(page(240, 330, rule, *frame(190, top=80).shapes)) == (
        "60 px from 270 down are blank",
    )


def test_a_desert() -> None:
    left = Box(40, 40, 300, 500, fill="full.tint", edge="full.edge", open=True, ground=True)
    right = Box(360, 40, 400, 280, fill="moe.tint", edge="moe.edge", open=True, ground=True)
    grid = [label(x, y, "4,096") for x in range(50, 330, 90) for y in range(60, 540, 60)]
    more = [label(x, y, "4,096") for x in range(370, 740, 90) for y in range(60, 320, 60)]
    whole = page(800, 580, left, right, *grid, *more)
    (fault,) = deserts(whole)
    assert fault == "410 × 220 px hold nothing at 360, 330"  # down to the margin
    below = Box(360, 340, 400, 200, fill="mlp.tint", edge="mlp.edge", open=True, ground=True)
    assert deserts(page(800, 580, *whole.shapes, below)) != ()  # an empty frame is none the better
    wire = Line(points=(Point(560, 330), Point(560, 560)))
    assert deserts(page(800, 580, *whole.shapes, wire)) == ()


def test_a_light_dash_before_its_dark_stroke() -> None:
    """The defect of the first edition: bars across the streams that stayed black."""
    sheet = Sheet()
    bar(sheet, (30.0, 35.0, 40.0), 60, "")
    dark, light, dots = sheet.shapes
    assert hidden(page(80, 90, dark, light, dots)) == ()
    (fault,) = hidden(page(80, 90, light, dark, dots))
    assert fault.startswith("a mark is wholly painted over at")


def test_a_sign_under_a_block_or_a_line() -> None:
    block = Box(40, 40, 80, 40, fill="full.tint", edge="full.edge")
    sign = dot(60, 60, "norm.solid")
    assert hidden(page(160, 120, block, sign)) == ()
    small = Box(50, 50, 20, 20, fill="full.solid", edge="ink")
    assert hidden(page(160, 120, small, block)) == ("a box is wholly painted over at 50, 50",)
    light = Mark(30, 60, "h20", stroke="paper", thickness=1, dash=None, fill=None)
    dark = stream_line(Point(10, 60), Point(90, 60))
    assert hidden(page(160, 120, light, dark)) == ()  # signs are painted over lines
    named = Mark(30, 60, "h20", stroke="norm.solid", thickness=1)
    assert hidden(page(160, 120, named, dark)) == ("a mark is wholly painted over at 30, 60",)
    assert hidden(page(160, 120, dark, named)) == ()


def test_text_under_a_block() -> None:
    said = label(50, 64, "SiLU", size=11)
    block = Box(70, 40, 80, 40, fill="full.tint", edge="full.edge")
    assert hidden(page(160, 120, block, said)) == ()
    assert hidden(page(160, 120, said, block)) == ('"SiLU" is painted over at 50, 56',)
    border = Box(20, 40, 130, 40, edge="muted", dashed=True, open=True)
    assert hidden(page(160, 120, said, border)) == ()


def test_what_a_picture_inside_hides() -> None:
    ground = Box(0, 0, 100, 60, fill="full.tint", open=True, ground=True)
    part = Picture(width=100, height=60, shapes=(ground,))
    whole = Picture(
        width=200,
        height=100,
        shapes=(label(60, 60, "low", size=11),),
        inside=((Point(50, 20), part),),
    )
    assert hidden(whole) == ('"low" is painted over at 60, 52',)


def test_squares_of_a_grid_may_be_lit() -> None:
    cells = [(0.0, 0.0, 29.0), (0.0, 6.0, 29.0)]
    grid = squares(40, 40, cells, "moe.edge")
    lit = Mark(40, 40, "h29v11h-29z", width=29, height=11, fill="moe.solid")
    assert hidden(page(160, 120, grid, lit)) == ()
