"""What a layer is about: the blocks of its mixers, whole or split into variants, with their callouts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from llm_gallery import mechanisms
from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.figure import block_names
from llm_gallery.figure.kit.blocks import Node, Sheet, Type, centred, hero, hero_words, label
from llm_gallery.figure.kit.shapes import About, Box, Point
from llm_gallery.figure.kit.text import cut, fitting, width
from llm_gallery.figure.model import callouts
from llm_gallery.figure.model.measures import Setting, row_heights, slot_numbers, split
from llm_gallery.figure.model.plan import Slot, Variant
from llm_gallery.figure.numbers import Number, layers
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms import colour_of

OFF = 11.0
"""Px from the middle of a block, or from its corner, to where a connector leaves."""
Anchor = Literal["above", "below", "beside", "letter"]
"""Where a connector leaves upward, downward or sideways over the callouts; where a letter stands instead."""


@dataclass(frozen=True, slots=True)
class Hero:
    """A mixer's block where it stands: what connectors and leaders need to know of it."""

    box: Box
    split: bool  # with numbers beside its rows
    first: float  # the highest line of its callouts
    lane: float  # right of the block, where its connector runs
    enclosed: bool  # by its neighbour's wires: no connector gets out

    def moved(self, by: Point) -> Hero:
        """The same where its frame stands in the whole."""
        box = replace(self.box, x=self.box.x + by.x, y=self.box.y + by.y)
        return replace(self, box=box, first=self.first + by.y, lane=self.lane + by.x)

    def anchor(self, name: Anchor) -> Point:
        """A place where something meets it."""
        _, top, right, bottom = self.box.bounds
        if name == "letter":
            return Point(right + OFF, top + 8)
        if name == "beside":
            return Point(right, top + OFF)
        if self.split:
            return Point(right - 10, top if name == "above" else bottom)
        middle = (top + bottom) / 2
        return Point(right, middle - OFF if name == "above" else middle + OFF)

    @property
    def outlet(self) -> float:
        """Where its connector runs up or down: a split block has numbers beside it, so over or under it."""
        return self.anchor("above").x if self.split else self.lane

    def way_out(self, *, up: bool) -> list[Point]:
        """Out of the block and into the lane of its connector."""
        start = self.anchor("above" if up else "below")
        return [start] if self.split else [start, Point(self.outlet, start.y)]


Span = tuple[float, float]
"""Heights between which a block's callouts may stand."""


def placed(
    sheet: Sheet,
    slot: Slot,
    setting: Setting,
    y: float,
    tall: float,
    span: Span,
    enclosed: bool = False,
) -> tuple[Node, Hero]:
    """Puts a mixer's block with its middle at y on the sheet, and its numbers beside it."""
    node, ends = (
        _split_hero(sheet, slot, setting, y, tall)
        if split(slot)
        else (_plain_hero(sheet, slot, setting, y), ())
    )
    first = _callouts(sheet, slot, setting, node, ends, span)
    m = setting.measures
    return node, Hero(node.box, bool(ends) and m.rule is not None, first, m.lane, enclosed)


def _plain_hero(sheet: Sheet, slot: Slot, setting: Setting, y: float) -> Node:
    m, block = setting.measures, slot.block
    name, colour = mechanisms.title(block), colour_of(block)
    below = block_names.subtitle([variant.block for variant in slot.variants])
    if setting.full:
        below = f"{short(stored(block))} parameters"
    answer = _answer(slot.variants[0], name, setting)
    node = sheet.add(hero(m.centre, y, "", colour, wide=m.wide, about=answer))
    sheet.put(*centred(node.box, f"{colour}.on", *hero_words(name, below, m.wide)))
    return node


def _answer(variant: Variant, name: str, setting: Setting) -> About:
    before = setting.known.get(variant.path)
    like = None if before is None else (before.path, before.block)
    return tooltip(variant.path, variant.block, name, like)


def _split_hero(
    sheet: Sheet, slot: Slot, setting: Setting, y: float, tall: float
) -> tuple[Node, tuple[float, ...]]:
    """A block of several rows, the first layers' lowest; gives the rows' middles back, in variants' order."""
    m = setting.measures
    names = list(block_names.variants([variant.block for variant in slot.variants]))
    counts = [f"× {variant.count:,}" for variant in slot.variants]
    heights = row_heights(slot, setting)
    room = m.wide - 22 - 7 - max(width(c, 13, 500) for c in counts)
    size = min(fitting(name, room, (13.5, 12.5, 12.0), 600) for name in names)
    if max(width(name, size, 600) for name in names) > room:
        names = [cut(name.removesuffix(" attention"), room, size, 600) for name in names]
    bottom = y + tall / 2
    middles = []
    for index, (variant, name, count, high) in enumerate(
        zip(slot.variants, names, counts, heights, strict=True)
    ):
        colour = colour_of(variant.block)
        lowest, highest = index == 0, index == len(names) - 1
        box = Box(
            m.left,
            bottom - high + (0 if highest else 0.5),
            m.wide,
            high - (0 if highest else 0.5),
            form="bottom" if lowest else "top" if highest else "middle",
            fill=f"{colour}.solid",
            labelled=True,
            about=_answer(variant, f"{name}, in {layers(variant.count)}", setting),
        )
        middle = bottom - high / 2
        left, right, base = m.left + 12, m.left + m.wide - 10, middle + 4.8
        named = Type(size=size, weight=600, role=f"{colour}.on", inside=box.bounds)
        counted: Type = {**named, "size": 13, "weight": 500, "anchor": "end"}
        sheet.put(box, label(left, base, name, **named), label(right, base, count, **counted))
        middles.append(middle)
        bottom -= high
    whole = Box(m.left, y - tall / 2, m.wide, tall)
    return Node(whole, ()), tuple(middles)


def _callouts(
    sheet: Sheet,
    slot: Slot,
    setting: Setting,
    node: Node,
    ends: tuple[float, ...],
    span: Span,
) -> float:
    """Puts the numbers beside the block, or under its branch; gives the highest line back."""
    m = setting.measures
    common, own = slot_numbers(slot, setting)
    block = slot.block
    if m.rule is None:
        rows = list(common)
        names = block_names.variants([v.block for v in slot.variants])
        for name, group in zip(names, own, strict=False):
            word = name.removesuffix(" attention").lower()
            rows += [Number(n.value, f"{n.label}, {word}", n.about) for n in group]
        # The connector of what mixes tokens leads down past its numbers.
        right = m.lane - 5 if block.mixes_tokens else m.right
        callouts.put(sheet, rows, m.left, span[1] + 4, min(right, m.right))
        return node.box.y
    place = callouts.Place(m.rule, m.right)
    if not own:
        return callouts.beside(sheet, common, place, node.right, span)
    tops = []
    for middle, group in zip(ends, own, strict=True):
        if group:
            end = Point(node.box.x + node.box.width, middle)
            tops.append(callouts.beside(sheet, group, place, end, (-1e9, 1e9)))
    if common:
        start = Point(node.box.x + node.box.width, node.box.y + node.box.height - 8)
        callouts.under(sheet, common, place, start)
    return min(tops, default=node.box.y)
