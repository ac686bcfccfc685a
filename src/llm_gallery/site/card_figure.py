"""A card's figure in few bytes: cells of its strip at equal distance are the dashes of lines, counted in layers.

So the same schedule is the same text in every card, however deep its model; whatever else is drawn stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.figure.kit.drawing import Drawing, Looks
from llm_gallery.figure.kit.segments import stretches
from llm_gallery.figure.kit.shapes import Mark, Shape
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.strip.strip import Strip

TONES = {"solid": "", "pale": " pale"}
"""What follows a colour's class, for each tone that the style sheet has for lines."""
EQUAL, SEEN = 0.01, 0.1
"""Px within which two edges are one, and by which a cell is another's like."""
USUAL = 5 / 6
"""Layers that a cell fills in a strip of many, as the style sheet has it."""


class Cells(NamedTuple):
    """A mark that is equal cells in rows: which part of a layer each fills, and where rows and cells are."""

    look: str
    start: float  # layers, from a layer's edge to its cell's
    filled: float  # layers
    high: float  # px
    rows: dict[float, list[int]]  # px to a row's middle: layers


def card_figure(drawn: Drawing, place: Strip, looks: Looks) -> str:
    """An overview whose strip stands at a place; without a title, since its card bears the model's name."""
    cells_by_index = {
        index: cells
        for index, shape in enumerate(drawn.picture.shapes)
        if (cells := _cells(shape, place)) is not None
    }
    rest = tuple(s for index, s in enumerate(drawn.picture.shapes) if index not in cells_by_index)
    light = replace(drawn, picture=replace(drawn.picture, shapes=rest))
    looks.update(light.looks(looks))
    return light.inline(named=False, under=_strip([*cells_by_index.values()], place))


def _cells(shape: Shape, place: Strip) -> Cells | None:
    """What a shape is as cells; None where lines can't say the same: hollow, slanted and tinted ones."""
    if not isinstance(shape, Mark) or shape.fill is None:
        return None
    colour, _, tone = shape.fill.partition(".")
    if tone not in TONES or shape.stroke not in (None, shape.fill):
        return None
    half = 0.0 if shape.stroke is None else shape.thickness / 2
    rows: dict[float, list[int]] = {}
    sizes: list[tuple[float, float, float]] = []
    for stretch in stretches(shape.path):
        across, down = (
            sorted({round(px, 2) for px in axis}) for axis in zip(*stretch.points, strict=True)
        )
        if len(across) != 2 or len(down) != 2:
            return None
        left, right = shape.x + across[0] - half, shape.x + across[1] + half
        top, bottom = shape.y + down[0] - half, shape.y + down[1] + half
        if top < place.top - EQUAL or bottom > place.bottom + EQUAL:
            return None
        layer = int((left - place.left + EQUAL) / place.pitch)
        start = left - place.left - layer * place.pitch
        if not 0 <= layer < place.depth:
            return None
        sizes.append((start, right - left, bottom - top))
        rows.setdefault(round((top + bottom) / 2 - place.top, 1), []).append(layer)
    if not sizes or any(max(axis) - min(axis) > SEEN for axis in zip(*sizes, strict=True)):
        return None
    start, wide, high = (sum(axis) / len(axis) for axis in zip(*sizes, strict=True))
    return Cells(colour + TONES[tone], start / place.pitch, wide / place.pitch, high, rows)


def _strip(cells: Sequence[Cells], place: Strip) -> str:
    """The lines, on a sheet that is as many layers wide, and dashed as whole cells are."""
    if not cells:
        return ""
    whole = place.cell / place.pitch
    usual = "" if abs(whole - USUAL) < EQUAL else _dashes(whole)
    return (
        f'<svg class="cells" height="{number(place.across)}" preserveAspectRatio="none"{usual} '
        f'viewBox="0 0 {place.depth} {number(place.across)}" width="{number(place.along)}" '
        f'x="{number(place.left)}" y="{number(place.top)}">'
        f"{''.join(_line(cells, whole, place) for cells in cells)}</svg>"
    )


def _line(cells: Cells, whole: float, place: Strip) -> str:
    """Cells of one look: a line for each run of layers, whose dashes begin anew; a cell of several layers is one dash."""
    layers = max(1, round(cells.filled + 1 - whole))
    alike = abs(cells.filled - whole) * place.pitch < SEEN
    dashes = "" if alike else _dashes(cells.filled, layers)
    return (
        f'<path class="{cells.look}" d="{"".join(_runs(cells, layers))}"{dashes} '
        f'stroke-width="{number(cells.high)}"/>'
    )


def _dashes(filled: float, layers: int = 1) -> str:
    return f' stroke-dasharray="{filled:.4g} {layers - filled:.4g}"'


def _runs(cells: Cells, each: int) -> Iterator[str]:
    for middle, layers in cells.rows.items():
        at: int | None = None
        for first, count in _together(layers, each):
            start = f"{number(first + cells.start)} {number(middle)}"
            yield f"M{start}" if at is None else f"m{first - at} 0"
            yield f"h{count}"
            at = first + count


def _together(layers: Sequence[int], each: int) -> Iterator[tuple[int, int]]:
    """Where cells of so many layers that follow one another begin, and how many layers they are."""
    first = 0
    for index in range(1, len(layers) + 1):
        if index == len(layers) or layers[index] != layers[index - 1] + each:
            yield layers[first], (index - first) * each
            first = index
