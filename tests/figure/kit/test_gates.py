"""Each gate of the figures passes what is right and catches the defect that it is there for."""

from __future__ import annotations

import pytest

from llm_gallery.figure.internals._squares import grid, lit
from llm_gallery.figure.kit.blocks import Sheet, hero, label, matrix, pill
from llm_gallery.figure.kit.painting import extent, layers
from llm_gallery.figure.kit.shapes import About, Bounds, Box, Line, Mark, Picture, Point, Shape
from llm_gallery.figure.kit.signs import dot, drum
from llm_gallery.figure.kit.stream import bar
from llm_gallery.figure.kit.style import Styles
from tests.figure.gates import faults, over_edges, painted_over


def right() -> Sheet:
    """Two blocks joined by a line, and a note beside them."""
    sheet = Sheet()
    low = sheet.add(matrix(100, 160, "q", "→ 4,096", "full"))
    high = sheet.add(pill(100, 100, "RMSNorm"))
    sheet.wire(low.top, high.bottom)
    sheet.label(180, 104, "per head")
    return sheet


def found(*defects: Shape) -> tuple[str, ...]:
    sheet = right()
    sheet.put(*defects)
    return faults(sheet.picture(300, 200))


def line(*points: tuple[float, float], kind: str = "flow") -> Line:
    return Line(points=tuple(Point(x, y) for x, y in points), kind=kind)  # type: ignore[arg-type]


def test_a_right_picture_has_no_faults() -> None:
    assert found() == ()


@pytest.mark.parametrize(
    ("defect", "words"),
    [
        (label(60, 195, "far too long for the canvas, " * 3), "outside the canvas"),
        (Box(x=280, y=10, width=40, height=20), "box is outside the canvas"),
        (line((250, 150), (250, 210)), "flow line is outside the canvas"),
        (label(200, 50, "tiny", size=8.5), "set in 8.5 px"),
        (label(190, 106, "over it"), '"per head" overlaps "over it"'),
        (
            label(200, 60, "too long", inside=Bounds(200, 40, 220, 70)),
            "wider or higher than its box",
        ),
        (label(125, 104, "across"), "runs over the edge of a box"),
        (label(100, 85.5, "above", anchor="middle"), '"above" crowds a box'),
        (line((20, 100), (250, 100)), "flow line runs through the box"),
        (line((100, 190), (100, 60)), "flow line runs through the box"),
        (line((170, 101), (290, 101)), 'flow line runs through "per head"'),
        (line((60, 130), (140, 130), kind="leader"), "crosses a"),
        (
            lit(grid(1, 16, 60, 40), 240, 140, "moe.solid", (3, 9)),
            "a square of moe.solid at 229, 129 is a sliver of hatching in print",
        ),
        (Mark(250, 180, "h0", stroke="flow", thickness=6, round=True), "a stroke of no length"),
        (Mark(250, 180, "h4m3 0l0 0", stroke="flow"), "a stroke of no length"),
        (line((250, 180), (250, 180)), "a flow line of no length"),
    ],
)
def test_a_defect_is_caught(defect: Shape, words: str) -> None:
    assert any(words in fault for fault in found(defect)), found(defect)


def test_text_across_the_edge_of_an_inset_is_caught() -> None:
    inset = Box(x=200, y=40, width=90, height=40, edge="full.edge", open=True, ground=True)
    assert found(inset, label(210, 64, "inside")) == ()
    across = found(inset, label(180, 64, "across"))
    assert any("runs over the edge of a box" in fault for fault in across)


def test_a_line_may_end_at_a_box_and_at_another_line() -> None:
    assert found(line((250, 100), (137, 100), (137, 101))) != ()
    assert found(line((20, 130), (100, 130))) == ()


def test_an_open_box_may_be_crossed() -> None:
    frame = Box(x=10, y=120, width=280, height=60, open=True)
    assert found(frame) == ()


def test_a_frame_may_be_crossed_by_lines_but_not_by_text() -> None:
    sheet = right()
    sheet.put(Box(x=10, y=120, width=280, height=60, open=True))
    assert over_edges(sheet.picture(300, 200)) == ()
    sheet.put(Box(x=200, y=70, width=60, height=60, open=True))
    assert faults(sheet.picture(300, 200)) == ()
    (fault,) = over_edges(sheet.picture(300, 200))
    assert fault.startswith('"per head" runs over the edge of a box')


def test_pictures_inside_are_looked_at_where_they_stand() -> None:
    sheet = Sheet()
    sheet.add(hero(84, 30, "Attention", "full"))
    part = sheet.picture(168, 60)
    near = Picture(width=200, height=60, shapes=(), inside=((Point(16, 0), part),))
    far = Picture(width=200, height=60, shapes=(), inside=((Point(60, 0), part),))
    assert faults(near) == ()
    assert any("outside the canvas" in fault for fault in faults(far))


def test_what_stands_above_is_painted_last() -> None:
    """Signs of one look are one path, but not where another sign lies between them."""
    sheet = Sheet()
    lines = (30.0, 35.0)
    bar(sheet, lines, 60, "", About("", "read"))
    bar(sheet, lines, 30, "+")
    drawn = sheet.picture(60, 90)
    assert faults(drawn) == ()
    order = layers(drawn.shapes, Styles())
    by_look: dict[str | None, list[Shape]] = {}
    for look, shapes, _ in order:
        by_look.setdefault(look, []).extend(s for s in shapes if isinstance(s, Shape))
    merged = [shape for shapes in by_look.values() for shape in shapes]
    assert painted_over(drawn, merged) == ("a mark is painted over a mark at 24, 23",)


def test_extents_of_marks() -> None:
    """Strokes and curves count: a ring, a lozenge's side, a dot."""
    assert extent(dot(5, 5)) == (2, 2, 8, 8)
    assert extent(drum(0, 0)) == (-0.5, -0.5, 10.5, 10.5)
    path = "m2 0h4v-2zl1e-1 .5q1 1 2 0"
    assert extent(Mark(x=1, y=1, width=0, height=0, path=path, fill="ink")) == (3, -1, 7, 2)
