"""What stands at a place of a frame: a norm, a block, blocks that layers have by turns, each with its sign."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery import mechanisms
from llm_gallery.figure.difference.frame import APART, LINE, PAD, SMALL, Frame, side_by_side
from llm_gallery.figure.kit.blocks import HERO, NORM, Node, Type, Words, centred, pill
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.text import cut, fitting, width
from llm_gallery.figure.page.layer_bar import Cell, Look, bars
from llm_gallery.figure.plan.one_layer import Choice, Place
from llm_gallery.figure.tooltip import tooltip

BROADEST = 212.0
"""Px of a block's width."""
NAMED = 40.0
"""Px of a name in a list at least; with less room there is the number of layers alone, in its colour."""
NAMES = (14.0, 13.0, 12.5, 12.0, 11.5, 11.0, 10.5)


def place_of(frame: Frame, place: Place, low: float) -> Node:
    """What stands at a place, its lower edge at `low`."""
    if not place.mixes:
        name = mechanisms.title(place.block)
        wide = min(max(108.0, width(name, 12.5, 500) + 24), frame.right - frame.left)
        return pill_of(frame, place, frame.middle, low - NORM / 2, name, wide)
    if len(place.choices) == 1:
        choice = place.choices[0]
        wide = min(BROADEST, frame.right - frame.left)
        box = Box(frame.middle - wide / 2, low - HERO, wide, HERO)
        _block(frame, choice, box)
        return Node(box, ())
    if side_by_side(frame, place):
        return _beside_each_other(frame, place, low)
    return _listed(frame, place, low)


def pill_of(frame: Frame, place: Place, x: float, y: float, name: str, wide: float) -> Node:
    kind, choice = frame.kind(place), place.choices[0]
    about = tooltip(choice.path, choice.block)
    tone = mechanisms.colour_of(choice.block) if "taps" in choice.block.facts else "norm"
    size = fitting(name, wide - 14, SMALL, 500)
    shown = cut(name, wide - 10, size, 500)
    node = pill(
        x, y, shown, tone, wide=wide, high=NORM, size=size, about=about, dashed=kind == "removed"
    )
    frame.sheet.add(node)
    frame.seal(node.box.x, node.box.y + 3, place)
    return node


def _block(frame: Frame, choice: Choice, box: Box) -> None:
    """A block: full where something is new, pale where nothing is, a dashed border where it left."""
    kind, colour = frame.kind(choice), choice.colour
    hollow = choice.bar.borrowed == "all"
    about = tooltip(choice.path, choice.block, choice.name)
    if kind == "removed":
        fill, edge, role = f"{colour}.tint", f"{colour}.text", f"{colour}.text"
    elif hollow:
        fill, edge, role = "paper", f"{colour}.text", f"{colour}.text"
    elif kind == "kept":
        fill, edge, role = f"{colour}.tint", f"{colour}.edge", f"{colour}.text"
    else:
        fill, edge, role = f"{colour}.solid", None, f"{colour}.on"
    gone, line = kind == "removed", 1.5 if kind == "removed" or hollow else 1.0
    shown = replace(box, fill=fill, edge=edge, line=line, dashed=gone, labelled=True, about=about)
    below = _counted(frame, choice, box.width)
    size = fitting(choice.name, box.width - 12, NAMES, 600)
    name = cut(choice.name, box.width - 10, size, 600)
    first = Words(-1.5, name, size, 600)
    frame.sheet.put(shown, *centred(shown, role, first, Words(13.5, below, 11.5)))
    frame.seal(box.x + 1, box.y + 1, choice)


def _counted(frame: Frame, choice: Choice, wide: float) -> str:
    """How many layers have the block, as far as there is room."""
    if frame.model.counted is not None:
        return frame.model.counted(choice)
    whole = choice.layers == frame.model.plan.depth
    words = f"in {'all ' if whole and choice.layers > 1 else ''}{choice.layers:,} layers"
    if choice.layers == 1:
        words = "in one layer"
    if width(words, 11.5) <= wide - 12:
        return words
    short = f"in {choice.layers:,}"
    return short if width(short, 11.5) <= wide - 4 else f"{choice.layers:,}"


def _beside_each_other(frame: Frame, place: Place, low: float) -> Node:
    """Blocks that layers have by turns: the input parts to them, one line leaves."""
    sheet, count = frame.sheet, len(place.choices)
    left, right = frame.left, frame.right
    each = (right - left - APART * (count - 1)) / count
    whole = Box(left - 7, low - HERO - 2 * PAD, right - left + 14, HERO + 2 * PAD)
    tone = place.choices[0].colour
    sheet.put(replace(whole, dashed=True, edge=f"{tone}.text", open=True, radius=9))
    fork = low - 2
    middle = (left + right) / 2
    for index, choice in enumerate(place.choices):
        x = left + index * (each + APART) + each / 2
        box = Box(x - each / 2, low - PAD - HERO, each, HERO)
        ends = (Point(middle, fork), Point(x, fork), Point(x, low - PAD))
        sheet.wire(*(ends if x != middle else ends[::2]), arrow=False)
        _block(frame, choice, box)
    return Node(whole, ())


def _named(name: str, room: float) -> str:
    """A name, or where it has no room the part that tells it from those beside it."""
    if width(name, SMALL[-1], 500) <= room:
        return name
    called = name.removeprefix("Experts ").split(", ")[-1]
    return f"{called[:1].upper()}{called[1:]}"


def _listed(frame: Frame, place: Place, low: float) -> Node:
    """Blocks that layers have by turns as lines: sign, glyph, count, name."""
    sheet, count = frame.sheet, len(place.choices)
    high = count * LINE + 14
    left, right = frame.left - 2, frame.right + 2
    tone = place.commonest.colour
    gone = all(frame.kind(choice) == "removed" for choice in place.choices)
    box = Box(left, low - high, right - left, high, fill="paper", edge=f"{tone}.text", line=1.5)
    box = replace(box, dashed=gone)
    sheet.put(box)
    numbered = max(width(f"{c.layers:,}", 12, 600) for c in place.choices)
    named = right - left - 28 - numbered - 10 >= NAMED
    y = low - high + 7
    for choice in place.choices:
        frame.seal(left, y + LINE / 2, choice)
        about = tooltip(choice.path, choice.block, choice.name)
        base, ink, number = y + LINE / 2 + 4.5, f"{choice.colour}.text", f"{choice.layers:,}"
        at = left + 28 + numbered if named else right - 8
        if named:
            cell = Cell(left + 10, y + 2, 11, LINE - 4)
            sheet.put(*bars(Look(choice.colour, choice.bar), [cell]))
            role = "muted" if frame.kind(choice) == "kept" else "ink"
            style = Type(weight=500, role=role, inside=box.bounds, about=about)
            words = _named(choice.name, right - at - 10)
            sheet.fitted(at + 5, base, words, right - at - 10, SMALL, **style)
        style = Type(size=12, weight=600, role=ink, anchor="end", inside=box.bounds)
        style["about"] = None if named else about
        sheet.label(at, base, number, **style)
        y += LINE
    return Node(box, ())
