"""The line over the strip: how many layers, in which order, and what each bar is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from llm_gallery.architecture.repeats import equal_runs, fold
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.text import Span, width
from llm_gallery.figure.page.layer_bar import Cell, Look, bars
from llm_gallery.figure.plan.one_layer import Choice, Place, layers_as_one
from llm_gallery.figure.plan.plan import Plan

SIZE = 13.0
LEADING = 21.0
GLYPH, TALL = 8.0, 13.0
"""Px of the small bar before a name."""


class Item(NamedTuple):
    """A bar with its count and name."""

    look: Look
    number: str
    name: str
    before: str = ""
    after: str = ""


def put(sheet: Sheet, plan: Plan, x: float, y: float, room: float) -> float:
    """Sets the line with its first baseline at y, broken where it is too long; gives the last baseline back."""
    depth = f"{plan.depth:,} {'layer' if plan.depth == 1 else 'layers'}"
    sheet.label(x, y, depth, size=14, weight=600, role="ink")
    at = x + width(depth, 14, 600) + 14
    for item in _items(plan):
        wide = _wide(item)
        if at + wide > x + room and at > x:
            at, y = x, y + LEADING
        _put(sheet, item, at, y)
        at += wide + (14 if item.after or not item.before else 8)
    return y


def _wide(item: Item) -> float:
    return _sign(item.before) + GLYPH + 6 + width(_spans(item), SIZE)


def _sign(before: str) -> float:
    return width(before, SIZE, 600) + 6 if before else 0.0


def _spans(item: Item) -> tuple[Span, ...]:
    after = (Span(item.after, 600, role="ink", gap=4),) if item.after else ()
    role = f"{item.look.colour}.text"
    return (Span(f"{item.number} ", 600, role=role), Span(item.name), *after)


def _put(sheet: Sheet, item: Item, x: float, y: float) -> None:
    if item.before:
        sheet.label(x, y, item.before, size=SIZE, weight=600, role="ink")
    x += _sign(item.before)
    sheet.put(*bars(item.look, [Cell(x, y - TALL + 2.5, GLYPH, TALL)]))
    sheet.label(x + GLYPH + 6, y, _spans(item), size=SIZE, role="ink")


def _items(plan: Plan) -> Iterator[Item]:
    """A bar for every block that layers have by turns, those that mix tokens first."""
    places = list(mixing(plan))
    for token in (True, False):
        for place in places:
            if place.block.mixes_tokens == token:
                yield from _repeated(plan, place) or list(map(_item, place.choices))


def mixing(plan: Plan) -> Iterator[Place]:
    """The places of the layers that mix tokens or channels."""
    for one in layers_as_one(plan):
        for branch in one.branches:
            yield from (place for place in branch.places if place.mixes and place.block.mixes)


def repeated_unit(plan: Plan) -> list[Item]:
    """The unit of what mixes tokens that the whole depth repeats; empty where there is none."""
    units = (_repeated(plan, place) for place in mixing(plan) if place.block.mixes_tokens)
    return next(filter(None, units), [])


def _item(choice: Choice, count: int | None = None) -> Item:
    look = Look(choice.colour, choice.bar)
    return Item(look, f"{choice.layers if count is None else count:,}", _called(choice.name))


def _called(name: str) -> str:
    """A name within a line: without a capital that isn't its own."""
    name = {"Mixture of experts": "experts"}.get(name, name)
    words = name.split()
    proper = any(word[:1].isupper() and word[1:2].islower() for word in words[1:])
    kept = not name[1:2].islower() or proper or words[0] in PROPER
    return name if kept else name[:1].lower() + name[1:]


PROPER = ("Mamba", "Mamba-2", "Lightning")


def _repeated(plan: Plan, place: Place) -> list[Item]:
    """The unit that repeats, in brackets, where the whole depth is one unit several times."""
    if len(place.choices) < 2 or place.layers != plan.depth:
        return []
    at = {layer: index for index, c in enumerate(place.choices) for layer in c.all_layers}
    runs = fold([at[layer] for layer in range(plan.depth)])
    if len(runs) != 1 or runs[0].times < 2:
        return []
    groups = equal_runs(runs[0].unit)
    if not 2 <= len(groups) <= 3:
        return []
    items = [_item(place.choices[group.unit[0]], group.times) for group in groups]
    first, *others = items
    *between, last = [item._replace(before="+") for item in others]
    return [first._replace(before="("), *between, last._replace(after=f") × {runs[0].times:,}")]
