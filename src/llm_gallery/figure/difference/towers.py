"""The stacks beside each other, layer by layer, and what lies between them: changed, added, removed layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from llm_gallery.architecture.block import Architecture
from llm_gallery.comparison.alignment import Step
from llm_gallery.comparison.change import Kind
from llm_gallery.figure.difference.change_signs import sign
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Settings, Sheet, hero
from llm_gallery.figure.kit.shapes import About, Box, Line, Point
from llm_gallery.figure.kit.signs import bracket
from llm_gallery.figure.kit.text import Weight, fitting, wrap
from llm_gallery.figure.numbers import layers
from llm_gallery.figure.page import schedule_strip as strips
from llm_gallery.figure.page.schedule_strip import Strip
from llm_gallery.figure.plan.outer_blocks import outer_blocks
from llm_gallery.figure.plan.plan import Plan

WIDE = 100.0
"""Px of one tower."""
STREAM, BOX = 22.0, 92.0
TOKEN, CHANNEL = 44.0, 16.0
CELLS = TOKEN + 2 + CHANNEL
ABOVE, BELOW = 92.0, 88.0
"""Px above and under the layers."""
FINE = 4.0
"""Px from layer to layer at least, where the figure can grow."""
BELOW_ROOM = 86.0
"""Px for a number beside the stream under a tower."""
LAST = 20.0
"""Px beside the last tower that its name may take."""
LEAST = 6.0
"""Px of a bracket at least."""
NEAR = 34.0
"""Px from sign to sign at least."""


Piece = tuple[int, int, int]
"""Layers in a row: the first one, its place on the common scale, and their count."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One model's stack, and its layers' places on the common scale."""

    name: str
    architecture: Architecture
    shown: Plan
    pieces: tuple[Piece, ...]


def high(stacks: Sequence[Stack], pitch: float) -> float:
    """Px of the towers with layers so far apart."""
    return ABOVE + 15 + BELOW + _slots(stacks) * pitch


def _slots(stacks: Sequence[Stack]) -> int:
    return max((at + count for s in stacks for _, at, count in s.pieces), default=1)


def aligned(steps: Sequence[Step]) -> tuple[list[Piece], list[Piece]]:
    """The pieces of both stacks on one scale, where layers that answer to each other share a place."""
    old, new, at = [], [], 0
    for step in steps:
        if step.old is not None:
            old.append((step.old, at, step.count))
        if step.new is not None:
            new.append((step.new, at, step.count))
        at += step.count
    return old, new


def towers(
    sheet: Sheet, stacks: Sequence[Stack], left: float, top: float, bottom: float, gap: float
) -> Strip:
    """Every stack in its column; gives the common scale of the layers back."""
    first = stacks[0]
    rooms = [WIDE + gap - 6] * (len(stacks) - 1) + [WIDE + LAST]
    names = [
        wrap(stack.name, room, _size(stack.name), 600)
        for stack, room in zip(stacks, rooms, strict=True)
    ]
    top += 15 * (max(map(len, names)) - 1)
    scale = strips.strip(
        _slots(stacks),
        left=0,
        top=top + ABOVE,
        bottom=bottom - BELOW,
        token=TOKEN,
        channel=CHANNEL,
    )
    for index, stack in enumerate(stacks):
        x = left + index * (WIDE + gap)
        _tower(sheet, stack, first, names[index], x, top, bottom)
        alone = index == 0 or len(stacks) > 2  # between two stacks is what differs
        _layers(sheet, stack, scale, x, numbered=alone)
    return scale


def _size(name: str) -> float:
    """Px of type in which no word of a name is cut, where there is one."""
    sizes = (12.5, 11.5, 10.5, 9.5)
    each = (fitting(word, WIDE + LAST, sizes, 600) for word in name.split())
    return min(each, default=sizes[0])


def _tower(
    sheet: Sheet,
    stack: Stack,
    first: Stack,
    lines: Sequence[str],
    left: float,
    top: float,
    bottom: float,
) -> None:
    x, changed = left + STREAM, stack is not first
    first_line, size = top + 12 - (len(lines) - 1) * 15, _size(stack.name)
    sheet.lines(left, first_line, lines, 15, size=size, weight=600, role="ink")
    other = changed and stack.shown.depth != first.shown.depth
    _number(sheet, left, top + 28, layers(stack.shown.depth), other)
    outer = outer_blocks(stack.architecture.root)
    streams.line(sheet, x, top + 52, top + 38, arrow=True)
    streams.line(sheet, x, bottom - 58, top + 76)
    streams.line(sheet, x, bottom - 4, bottom - 34)
    for located, name, y in (
        (outer.head, "Output head", top + 64),
        (outer.embedding, "Embedding", bottom - 46),
    ):
        if located:
            style = Settings(wide=BOX, high=24, size=12, weight=500)
            style["about"] = About(located[0], f"{name} of {stack.name}")
            sheet.add(hero(left + BOX / 2, y, name, "embedding", **style))
    for index, fact in enumerate(("vocabulary", "width")):
        root, base = stack.architecture.root, first.architecture.root
        if fact in root.facts:
            number = f"{root.number(fact):,} {'tokens' if fact == 'vocabulary' else 'wide'}"
            other = changed and root.value(fact) != base.value(fact)
            _number(sheet, x + 8, bottom - 18 + index * 15, number, other)


def _number(sheet: Sheet, x: float, y: float, text: str, other: bool) -> None:
    """A number of the whole; heavy where the first model has another."""
    weight: Weight = 600 if other else 400
    role, sizes = "ink" if other else "muted", (11.0, 10.5, 10.0, 9.5)
    sheet.fitted(x, y, text, BELOW_ROOM, sizes, weight=weight, role=role)


def _layers(sheet: Sheet, stack: Stack, scale: Strip, x: float, *, numbered: bool) -> None:
    """The cells of a stack in their places, and the numbers of the first and the last layer."""
    ends: list[float] = []
    for layer, slot, count in stack.pieces:
        schedule = stack.shown.schedule[layer : layer + count]
        part = replace(stack.shown, depth=count, schedule=schedule)
        start = scale.start - slot * scale.pitch
        place = replace(scale, edge=x + STREAM + 5, start=start, depth=count)
        sheet.put(*(replace(mark, about=None) for mark in strips.cells(part, place)))
        ends += [place.middle(0), place.middle(count - 1)]
    if not ends or not numbered:
        return
    for number, y in {1: ends[0], stack.shown.depth: ends[-1]}.items():
        if number == 1 or ends[0] - ends[-1] >= 14:
            at = x + STREAM - 7
            sheet.label(at, y + 3.7, f"{number:,}", size=10.5, anchor="end", tabular=True)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the common scale where the models differ."""

    first: int
    last: int
    count: int  # layers that differ in it
    kind: Kind
    label: str


def between(sheet: Sheet, steps: Sequence[Step], scale: Strip, left: float, right: float) -> None:
    """Brackets on what differs, its sign in the middle, neighbours that are too near as one."""
    middle = (left + right) / 2
    for span in _joined(_spans(steps), scale.pitch):
        top, bottom = scale.extent(span.first, span.last)
        y = (top + bottom) / 2
        if span.kind != "added":
            bracket(sheet, left, left + 5, (top, bottom), LEAST)
            sheet.put(_dashes(left + 5, middle - 9, y))
        if span.kind != "removed":
            bracket(sheet, right, right - 5, (top, bottom), LEAST)
            sheet.put(_dashes(middle + 9, right - 5, y))
        sheet.put(sign(middle, y, span.kind))
        sheet.label(middle, y - 10, span.label, size=11, anchor="middle")


def gaps(sheet: Sheet, steps: Sequence[Step], scale: Strip, lefts: tuple[float, float]) -> None:
    """An empty outline where a stack lacks the layers of the other."""
    at = 0
    for step in steps:
        for have, left in zip((step.old, step.new), lefts, strict=True):
            if have is None:
                top, bottom = scale.extent(at, at + step.count - 1)
                x, y, high = left + 0.5, top + 0.5, max(1, bottom - top - 1)
                outline = Box(x, y, CELLS - 1, high, radius=2, edge="frame", dashed=True, open=True)
                sheet.put(outline)
        at += step.count


def _spans(steps: Sequence[Step]) -> Iterator[Span]:
    at = 0
    for step in steps:
        if not step.same:
            kind: Kind = (
                "added" if step.old is None else "removed" if step.new is None else "changed"
            )
            first = step.old if step.old is not None else step.new
            assert first is not None
            last = first + step.count
            words = f"{first + 1}" if step.count == 1 else f"{first + 1}–{last}"
            yield Span(at, at + step.count - 1, step.count, kind, words)
        at += step.count


def _joined(spans: Iterator[Span], pitch: float) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and _middle(span, pitch) - _middle(merged[-1], pitch) < NEAR:
            last = merged.pop()
            count = last.count + span.count
            kind: Kind = span.kind if span.kind == last.kind else "changed"
            span = Span(last.first, span.last, count, kind, f"× {count:,}")
        merged.append(span)
    return merged


def _middle(span: Span, pitch: float) -> float:
    return (span.first + span.last + 1) / 2 * pitch


def _dashes(start: float, end: float, y: float) -> Line:
    points = (Point(start, y), Point(end, y))
    return Line(points=points, kind="rule", role="flow", thickness=1, dashed=True)
