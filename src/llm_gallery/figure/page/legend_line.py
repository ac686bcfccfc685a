"""The line over the strip: how many layers, in which order, and what each bar is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from llm_gallery import mechanisms
from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.architecture.block import Block, channel_mixers, mixers
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.text import Span, width
from llm_gallery.figure.model.plan import Plan
from llm_gallery.figure.page.layer_bar import Cell, Look, bars
from llm_gallery.figure.page.one_layer import Place, layers_as_one

SIZE = 13.0
LEADING = 21.0
GLYPH, TALL = 8.0, 13.0
"""Px of the small bar before a name."""


class Item(NamedTuple):
    """A bar with its count and name."""

    look: Look | None
    count: str
    name: str


def put(sheet: Sheet, plan: Plan, x: float, y: float, room: float) -> float:
    """Sets the line with its first baseline at y, broken where it is too long; gives the last baseline back."""
    depth = f"{plan.depth:,} {'layer' if plan.depth == 1 else 'layers'}"
    sheet.label(x, y, depth, size=14, weight=600, role="ink")
    at = x + width(depth, 14, 600) + 14
    for item in _items(plan):
        wide = _wide(item)
        if at + wide > x + room and at > x:
            at, y = x, y + LEADING
        _put(sheet, item, at, y, x + room)
        at += wide + 14
    return y


def _wide(item: Item) -> float:
    glyph = GLYPH + 6 if item.look is not None else 0.0
    return glyph + width(f"{item.count} ", SIZE, 600) + width(item.name, SIZE)


def _put(sheet: Sheet, item: Item, x: float, y: float, right: float) -> None:
    if item.look is not None:
        sheet.put(*bars(item.look, [Cell(x, y - TALL + 2.5, GLYPH, TALL)]))
        x += GLYPH + 6
    role = f"{item.look.colour}.text" if item.look is not None else "ink"
    spans = (Span(f"{item.count} ", 600, role=role), item.name)
    sheet.label(x, y, spans, size=SIZE, role="ink")


def _items(plan: Plan) -> Iterator[Item]:
    """A bar for every block that layers have by turns, those that mix tokens first."""
    places = [
        place
        for one in layers_as_one(plan)
        for branch in one.branches
        for place in branch.places
        if place.mixes and place.block.mixes
    ]
    for token in (True, False):
        for place in places:
            if place.block.mixes_tokens == token:
                yield from _of(place)


def _of(place: Place) -> Iterator[Item]:
    for choice in place.choices:
        name = choice.name if choice.block.kind != "moe" or len(place.choices) > 1 else "Experts"
        name = {"Mixture of experts": "experts"}.get(name, name)
        yield Item(Look(choice.colour, choice.bar), f"{choice.layers:,}", name[:1].lower() + name[1:] if name[1:2].islower() else name)


__all__ = ["Block", "channel_mixers", "kinds", "mechanisms", "mixers", "put", "schedule"]
