"""Blocks in the frame of one layer: alone with their numbers, side by side, or as lines of a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import inf

from llm_gallery import mechanisms
from llm_gallery.comparison.change import Kind
from llm_gallery.figure.frame import block_numbers as frame_numbers
from llm_gallery.figure.frame.place import Frame
from llm_gallery.figure.group_names import kinds, part_name
from llm_gallery.figure.internals import opened_mlp
from llm_gallery.figure.internals.opened import NARROWEST
from llm_gallery.figure.kit.accent import RING, ring
from llm_gallery.figure.kit.blocks import (
    HERO,
    MATRIX,
    NORM,
    Node,
    Type,
    Words,
    centred,
    hero_words,
    pill,
)
from llm_gallery.figure.kit.shapes import Box, Mark, Point
from llm_gallery.figure.kit.text import Weight, cut, fitting, width
from llm_gallery.figure.strip.layer_bar import Cell, Look, bars
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import Bar
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.moe import of_all
from llm_gallery.mechanisms.wording import Name
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.naming import field_names, heading
from llm_gallery.plan.place import Choice, Place

APART = 10.0
"""Px between blocks side by side."""
LINE, MORE = 20.0, 14.0
"""Px of a line in a list of blocks, and of a second one of the same name."""
MOST_BESIDE = 3
"""Blocks that stand side by side; more are listed."""
BROADEST, BROADER, PLAIN = 148.0, 212.0, 108.0
"""Px of a block with its numbers beside it, without, and of a norm at least."""
SMALL = (12.5, 12.0, 11.5, 11.0, 10.5)
"""Px of the type of norms and lists, the first that fits."""
NAMED = 40.0
"""Px of a name in a list at least; with less room there is the number of layers alone, in its colour."""


def opens(choice: Choice) -> bool:
    """Whether a block's inside is small enough to be shown in its place, and that of all that have its name."""
    return choice.block.is_mlp and not choice.others


def place_block(frame: Frame, place: Place, x: float, low: float) -> Node:
    """What stands at a place, its lower edge at `low`."""
    if not place.mixes:
        return _between(frame, place, x, low)
    routes = place.choices if len(place.choices) > 1 else ()
    place = frame.in_frame(place)
    if frame.shown.plan.naming == "field":
        place = replace(place, choices=tuple(map(_by_field, place.choices)))
    if len(place.choices) == 1:
        return _single(frame, place, x, low, routes)
    if len(place.choices) <= MOST_BESIDE and not _cramped(frame, place):
        return _side_by_side(frame, place, low)
    return _listed(frame, place, low)


def _by_field(choice: Choice) -> Choice:
    """The same block under the field's name alone."""
    return replace(choice, name=Name(heading(choice.name, (choice.block,), "field")[0]))


def _between(frame: Frame, place: Place, x: float, low: float) -> Node:
    """A norm, or another thing that neither mixes nor norms."""
    name = mechanisms.title(place.block)
    norm = place.block.is_norm
    high = NORM if norm else MATRIX
    wide = max(PLAIN, width(name, 12.5, 500) + 24)
    return named_pill(frame, place, x, low - high / 2, name, wide, frame.right - frame.left)


def named_pill(
    frame: Frame, place: Place, x: float, y: float, name: str, wide: float, room: float = inf
) -> Node:
    """A norm, or another thing of few parameters, in type as small as its room asks for."""
    size = fitting(name, room - 12, SMALL, 500)
    wide, name = min(wide, room), cut(name, room - 8, size, 500)
    choice = place.choices[0]
    about = tooltip(choice.path, choice.block, others=choice.others)
    gone = frame.kind(place) == "removed"
    node = pill(
        x,
        y,
        name,
        colour_of(choice.block),
        wide=wide,
        high=NORM,
        size=size,
        about=about,
        dashed=gone,
    )
    with frame.sheet.group(kinds(choice.block), part_name(choice.block), name):
        frame.sheet.add(node)
    frame.seal(node.box.x, node.box.y + 3, place)
    return node


def _single(frame: Frame, place: Place, x: float, low: float, routes: tuple[Choice, ...]) -> Node:
    """The block that all layers have here, its numbers beside it; an MLP may stand open."""
    choice = place.choices[0]
    room = frame.right - frame.left
    if frame.shown.opened and opens(choice) and room >= NARROWEST:
        return _opened(frame, choice, low)
    alone = frame.shown.changes is None
    beside = 2 * min(x - frame.left, frame.right - x)  # after a sum it stands over one side
    wide = min(BROADEST if alone else BROADER, room, beside)
    some = alone and place.layers < frame.layers
    box = Box(x - wide / 2, low - HERO, wide, HERO)
    below = _counted(frame, choice, wide) if some or not alone else ""
    if not below and frame.shown.plan.naming == "both" and width(choice.name, 12, 600) <= wide - 10:
        below = field_names((choice.block,))
    node = _block(frame, choice, box, below)
    if some:
        frame.sheet.put(border(box, 6, 9))
    if alone:
        frame_numbers.put(frame, choice, box, routes)
    return Node(ring(box), ()) if choice.path in frame.shown.new else node


def _opened(frame: Frame, choice: Choice, low: float) -> Node:
    """The inside of an MLP where its block would stand."""
    wide = frame.right - frame.left
    shown = frame.shown
    inside = opened_mlp(choice.path, choice.block, wide, full=shown.full, naming=shown.plan.naming)
    top = low - inside.height
    frame.inside.append((Point(frame.left, top), inside))
    return Node(Box(frame.left, top, wide, inside.height), ())


def centre(frame: Frame) -> float:
    """Where a block stands that has its numbers at its right: they are moved here, and in `frame_numbers`."""
    return frame.left + min(BROADEST, frame.right - frame.left) / 2


def _block(frame: Frame, choice: Choice, box: Box, *below: str) -> Node:
    """A block as a group of its own."""
    with frame.sheet.group(kinds(choice.block), part_name(choice.block), choice.name):
        return _drawn(frame, choice, box, *below)


def _drawn(frame: Frame, choice: Choice, box: Box, *below: str) -> Node:
    """A block, full or hollow like its bar, which stands at its left where it says more than the colour."""
    colour, kind = choice.colour, frame.kind(choice)
    about = tooltip(choice.path, choice.block, choice.name, others=choice.others)
    fill, edge, role = _tones(colour, kind, hollow=choice.bar.borrowed == "all")
    gone, line = kind == "removed", 1.0 if kind == "kept" else 1.5
    shown = replace(box, fill=fill, edge=edge, line=line, dashed=gone, labelled=True, about=about)
    taken = GLYPH + 10 if choice.bar != Bar() else 0.0
    if taken and width(choice.name, 12, 600) > box.width - taken - 12:
        taken = 0.0
    words = replace(shown, x=box.x + taken * 0.9, width=box.width - taken)
    frame.sheet.put(shown)
    if choice.path in frame.shown.new:
        frame.sheet.put(ring(box))
    frame.seal(box.x + 1, box.y + 1, choice)
    if taken:
        frame.sheet.put(*_glyph(choice, shown, role))
    if not any(below) and len(two := _lines(choice.name, words.width - 14, 600)[0]) > 1:
        room = words.width - 10
        size = min(fitting(line, room, (12.0, 11.5, 11.0, 10.5), 600) for line in two)
        upper, lower = (cut(line, room, size, 600) for line in two)
        frame.sheet.put(
            *centred(words, role, Words(-3, upper, size, 600), Words(12, lower, size, 600))
        )
        return Node(shown, ())
    first, *more = hero_words(choice.name, below[0] if below else "", words.width, 11.5)
    if len(below) > 1:
        first, more = first._replace(under=-8), [more[0]._replace(under=7)]
        more.append(Words(21, cut(below[1], words.width - 8, 11.5), 11.5))
    frame.sheet.put(*centred(words, role, first, *more))
    return Node(shown, ())


def _tones(colour: Colour, kind: Kind | None, *, hollow: bool) -> tuple[str, str | None, str]:
    """Ground, edge and words of a block: pale where it left or nothing is new, hollow where it borrows all."""
    text = f"{colour}.text"
    if kind == "removed":
        return f"{colour}.tint", text, text
    if hollow:
        return "paper", text, text
    if kind == "kept":
        return f"{colour}.tint", f"{colour}.edge", text
    return f"{colour}.solid", None, f"{colour}.on"


GLYPH, TALL = 9.0, 20.0
"""Px of the bar at a block's left."""


def _glyph(choice: Choice, box: Box, role: str) -> Iterator[Mark]:
    """Its bar as in the strip, in the tone of the words."""
    cell = Cell(box.x + 10, box.y + (box.height - TALL) / 2, GLYPH, TALL)
    solid = f"{choice.colour}.solid"
    if choice.bar.borrowed != "all" and not choice.bar.whole:  # the cell that a window doesn't fill
        around = f"h{GLYPH:g}v{TALL:g}h{-GLYPH:g}z"
        yield Mark(cell.x, cell.y, around, width=GLYPH, height=TALL, stroke=role, thickness=0.75)
    for mark in bars(Look(choice.colour, choice.bar), [cell]):
        if mark.fill == solid and choice.bar.borrowed != "all":
            yield replace(mark, fill=role, stroke=None)
        elif mark.fill != f"{choice.colour}.pale":
            yield mark


def _side_by_side(frame: Frame, place: Place, low: float) -> Node:
    """Blocks that layers have by turns: the input parts to them, one line leaves."""
    sheet = frame.sheet
    count = len(place.choices)
    left, right = frame.left + 4, frame.right - 4
    each = (right - left - APART * (count - 1)) / count
    low -= 14
    sizes = [_sized(choice) for choice in place.choices]
    said = all(sizes) and all(width(words, 11.5) <= each - 10 for words in sizes)
    high = HERO + 14 if said else HERO
    boxes = [Box(left + index * (each + APART), low - high, each, high) for index in range(count)]
    whole = Box(left - 7, low - high - 7, right - left + 14, high + 14 + 2)
    tone = place.commonest.colour
    border = replace(whole, dashed=True, edge=f"{tone}.text", open=True, radius=9)
    sheet.put(border)
    for choice, box, size in zip(place.choices, boxes, sizes, strict=True):
        below = _counted(frame, choice, each)
        _block(frame, choice, box, below, *((size,) if said else ()))
    middle = (left + right) / 2
    fork = low + 14 - 2
    for choice, box in zip(place.choices, boxes, strict=True):
        x = box.x + box.width / 2
        edge = low + RING * (choice.path in frame.shown.new)
        ends = (Point(middle, fork), Point(x, fork), Point(x, edge))
        sheet.wire(*(ends if x != middle else ends[::2]))
    return Node(Box(left - 7, low - high - 7, right - left + 14, high + 14 + 5), ())


def _counted(frame: Frame, choice: Choice, wide: float) -> str:
    """How many layers have a block, as far as there is room; where another model stands beside, if all have it."""
    changes = frame.shown.changes
    if changes is not None and changes.counted is not None:
        return changes.counted(choice)
    every = changes is not None and choice.layers == frame.shown.plan.depth > 1
    words = f"in {'all ' if every else ''}{layers(choice.layers)}", f"in {choice.layers:,}"
    fits = (one for one in words if width(one, 11.5) <= wide - 10)
    return next(fits, f"{choice.layers:,}")


def _sized(choice: Choice) -> str:
    """How large what works on channels is: it is what tells layers apart there."""
    block = choice.block
    if block.is_mixture:
        return of_all(block)
    if block.is_mlp and "inner" in block.facts:
        return f"{block.number('inner'):,} wide"
    return ""


def border(box: Box, by: float, radius: float) -> Box:
    """The dashed border of what only some layers have, so many px round it."""
    x, y, wide, high = box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by
    return Box(x, y, wide, high, dashed=True, edge="muted", open=True, radius=radius)


def _cramped(frame: Frame, place: Place) -> bool:
    """Whether names would be cut side by side."""
    count = len(place.choices)
    each = (frame.right - frame.left - 8 - APART * (count - 1)) / count
    return any(width(choice.name, 12, 600) > each - 12 for choice in place.choices)


def _listed(frame: Frame, place: Place, low: float) -> Node:
    """Blocks that layers have by turns as lines: glyph, count, name, in two lines where one has no room."""
    sheet = frame.sheet
    left, right = frame.left - 2, frame.right + 2
    numbered = max(width(f"{c.layers:,}", 12.5, 600) for c in place.choices)
    at = left + 32 + numbered + 8
    room = right - at - 8
    bare = room < NAMED
    named = [([""], 12.5) if bare else _lines(choice.name, room) for choice in place.choices]
    high = sum(LINE + MORE * (len(lines) - 1) for lines, _ in named) + 14
    gone = all(frame.kind(choice) == "removed" for choice in place.choices)
    box = Box(left, low - high, right - left, high, fill="paper", dashed=gone, line=1.5)
    box = replace(box, edge=f"{place.commonest.colour}.text")
    sheet.put(box)
    y = low - high + 7
    for choice, (lines, size) in zip(place.choices, named, strict=True):
        frame.seal(left, y + LINE / 2, choice)
        about = tooltip(choice.path, choice.block, choice.name, others=choice.others)
        base, end = y + LINE / 2 + 4.5, right - 8 if bare else at - 8
        count = Type(size=12.5, weight=600, role=f"{choice.colour}.text", anchor="end")
        count |= Type(inside=box.bounds, about=about if bare else None)
        sheet.label(end, base, f"{choice.layers:,}", **count)
        if not bare:
            cell = Cell(left + 10, y + 2, 13, LINE - 4)
            sheet.put(*bars(Look(choice.colour, choice.bar), [cell]))
        role = "muted" if frame.kind(choice) == "kept" else "ink"
        for words in () if bare else lines:
            shown = cut(words, room, size, 500)
            style = Type(size=size, weight=500, role=role, inside=box.bounds, about=about)
            sheet.label(at, base, shown, **style)
            base += MORE
        y += LINE + MORE * (len(lines) - 1)
    return Node(box, ())


def _lines(name: str, room: float, weight: Weight = 500) -> tuple[list[str], float]:
    """A name in one line, or in two that are about as long, and the size of its type."""
    size = fitting(name, room, (12.5, 12), weight)
    parts = name.split(" ")
    if width(name, size, weight) <= room or len(parts) < 2:
        return [name], fitting(name, room, SMALL, weight)
    halves = [(" ".join(parts[:i]), " ".join(parts[i:])) for i in range(1, len(parts))]
    best = min(halves, key=lambda two: max(width(words, 12, weight) for words in two))
    longest = max(best, key=lambda words: width(words, 12, weight))
    return list(best), fitting(longest, room, SMALL[1:], weight)
