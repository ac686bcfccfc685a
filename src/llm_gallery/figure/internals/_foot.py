"""The foot of a drawing that is data: what the input passes first, and the matrices that it forks to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import FOOT, MARGIN
from llm_gallery.figure.internals._filter import FILTER, READING, filtered
from llm_gallery.figure.internals._fitting import SIZES, SMALL, fit_shape, fitting
from llm_gallery.figure.internals._lanes import Lanes
from llm_gallery.figure.internals._use import Use, either
from llm_gallery.figure.internals._wires import Ends
from llm_gallery.figure.kit.blocks import Node, pill
from llm_gallery.figure.kit.shapes import Anchor, Point
from llm_gallery.figure.kit.signs import dot, drum
from llm_gallery.figure.kit.text import Content, italic
from llm_gallery.figure.kit.text import fitting as fit_size
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.mechanisms.colour import MIXING
from llm_gallery.mechanisms.lane_drawing import (
    NORM_TYPE,
    Branch,
    Given,
    Lane,
    LaneDrawing,
    Shift,
    number_of,
)
from llm_gallery.mechanisms.wording import words_for
from llm_gallery.mechanisms.written import times

ALONE = 6.0
"""Px from where the input would fork to the one matrix that reads it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every item of a drawing is placed by: the lanes and the data."""

    streams: Lanes
    drawing: LaneDrawing

    @property
    def lanes(self) -> list[Lane]:
        """The lanes that the block has."""
        return [lane for lane in self.drawing.lanes if lane.name in self.streams.at]

    def role(self, name: str) -> str:
        """Of the matrix of a lane."""
        return next(lane.role for lane in self.lanes if lane.name == name)

    def remark(self, middle: float) -> None:
        """What is said where the input enters, on the side of its line where there is room."""
        streams = self.streams
        if isinstance(self.drawing.foot, Shift):
            return
        words = words_for(self.drawing.foot, streams.use.block)
        every = list(streams.at)
        x, wide = streams.across(every[0], every[-1])
        rooms = {"start": x + wide / 2 + 4 - middle - 8, "end": middle - 8 - MARGIN / 2}
        sides: tuple[Anchor, ...] = ("start", "end")
        need = extent(words, SMALL)
        broadest = max(sides, key=lambda side: rooms[side])
        anchor = next((side for side in sides if need <= rooms[side]), broadest)
        at = middle + (8 if anchor == "start" else -8)
        size = fit_size(words, rooms[anchor], SIZES)
        if words:
            streams.sheet.label(at, FOOT - 1, words, size=size, anchor=anchor)


def width_of(lane: Lane, block: Block) -> int:
    """How many numbers a lane carries."""
    if callable(lane.outputs):
        return lane.outputs(block)
    return prod(number_of(block, number) for number in lane.outputs)


def of_a_head(lane: Lane, block: Block) -> int:
    """How many numbers of a lane one head has."""
    return (
        width_of(lane._replace(outputs=lane.outputs[-1:]), block)
        if isinstance(lane.outputs, tuple)
        else 0
    )


def draw_foot(frame: Frame) -> None:
    """The input, which forks to the lanes that start from it."""
    streams, use, drawing = frame.streams, frame.streams.use, frame.drawing
    branches = [row.to for row in drawing.rows if isinstance(row, Branch)]
    elsewhere = [name for given in drawing.given for name in _draw_given(frame, given)]
    off = {*" ".join(branches).split(), *elsewhere}
    first = [lane for lane in frame.lanes if lane.name not in off]
    names = [lane.name for lane in first]
    if isinstance(drawing.foot, Shift):
        _shift(frame, drawing.foot)
        matrices(frame, first, streams.above(*names, high=streams.sheet.spacing.matrix))
        return
    fed = [lane for lane in first if width_of(lane, use.block)]
    joined = [lane for lane in fed if lane.name in drawing.joint.split()]
    joint = use.block.part(*(lane.role for lane in joined)) if len(joined) > 1 else None
    alone = fed if joint is None else [lane for lane in fed if lane not in joined]
    high, low = streams.sheet.spacing.matrix, streams.sheet.spacing.first
    if len(alone) + (joint is not None) == 1:  # nothing forks under it
        low = streams.sheet.spacing.bus - ALONE - high / 2
    ends = [] if joint is None else [_joint(frame, joined, joint, low).bottom]
    if use.block.part(FILTER) is not None:
        reading = [lane for lane in alone if lane.role in READING]
        alone = [lane for lane in alone if lane not in reading]
        read = [lane.name for lane in reading]
        ends.append(filtered(streams, read, low + high / 2))
        matrices(frame, reading, streams.above(*read, high=high))
    matrices(frame, alone, low)
    for lane in first:
        if lane.same and lane not in fed:
            _same(streams, lane)
    ends += [Point(streams.at[lane.name], low + high / 2) for lane in alone]
    middle = streams.middle(fed[0].name, fed[-1].name) if len(ends) > 1 else ends[0].x
    streams.sheet.fork(middle, ends)
    if written := times(use.block.value("input_scale")):
        about = use.facts("what the input is multiplied with", "input_scale")
        streams.sheet.scaled_input(middle, written, about)
    frame.remark(middle)


def lead_in(streams: Lanes, end: Point, words: str) -> None:
    """What a matrix reads that isn't the input, led up to it."""
    streams.sheet.wire(Point(end.x, FOOT), end)
    streams.sheet.label(end.x - 8, FOOT - 2, words, size=SMALL, anchor="end")


def _same(streams: Lanes, lane: Lane) -> None:
    """A lane that is another one, which forks above its matrix."""
    tip, x = streams.tips[lane.same], streams.at[lane.name]
    start = Point(tip.x, tip.y - 7)
    streams.sheet.wire(tip, start, arrow=False)
    streams.sheet.put(dot(*start))
    streams.tips |= {lane.same: start, lane.name: Point(x, start.y)}
    streams.bends[lane.name] = start
    streams.sheet.label(x + 8, start.y + 11, f"{lane.name} is {lane.same}", size=SMALL)


def _draw_given(frame: Frame, given: Given) -> list[str]:
    """What lanes read in place of the input, and their matrices over it where they have such; gives the lanes back."""
    streams, use = frame.streams, frame.streams.use
    lanes = [lane for lane in frame.lanes if lane.name in given.across.split()]
    names, stored = [lane.name for lane in lanes], all(lane.role for lane in lanes)
    (x, wide), y = streams.across(*names), streams.sheet.spacing.first + (40 if stored else -40)
    words, colour = given.words(use.variants), given.colour or streams.colour
    about = use.facts(words, *given.facts)
    streams.through(pill(x, y, words, colour, wide=wide, about=about), *names)
    if given.norm:
        y, norm = streams.above(*names), use.about(given.norm)
        streams.through(pill(x, y, "RMSNorm", wide=wide, about=norm), *names)
    if stored:
        matrices(frame, lanes, streams.above(*names, high=streams.sheet.spacing.matrix))
    return names


def _shift(frame: Frame, shift: Shift) -> None:
    streams, use, names = frame.streams, frame.streams.use, list(frame.streams.at)
    x, wide = streams.across(*names)
    about = use.about(use.block, shift.means)
    y, words = streams.sheet.spacing.bus - 11, shift.words
    note = words_for(shift.note, use.block)
    node = pill(x, y, words, MIXING, note=note, wide=wide, about=about)
    streams.through(node, *names)
    streams.sheet.wire(Point(x, FOOT), node.bottom)
    streams.sheet.put(drum(x - 20, FOOT - 11))
    streams.sheet.label(x + 8, FOOT - 1, shift.kept, size=SMALL, weight=500, role="ink")


def _joint(frame: Frame, lanes: Sequence[Lane], stored: Block, y: float) -> Node:
    """Lanes that are stored as one matrix, its middle at y."""
    streams, use = frame.streams, frame.streams.use
    names = [lane.name for lane in lanes]
    outputs, (x, room) = _together([carried(use, lane) for lane in lanes]), streams.across(*names)
    sign = symbol(", ".join(names))
    templates = [[f"{width(frame):,} → {outputs}"], [f"→ {outputs}"]]
    shape, about = fitting([sign], templates, room)[0], use.about(stored)
    node = streams.sheet.matrix(x, y, sign, shape, wide=room, about=about)
    streams.sheet.ends.pop(id(node.box), None)
    for lane in lanes if use.full else ():
        streams.sheet.carries(node.bottom, width(frame))
        top = Point(streams.at[lane.name], node.top.y)
        streams.sheet.carries(top, width_of(lane, use.block))
    return streams.through(node, *names)


def _together(outputs: list[str]) -> str:
    """Widths added up, those that are the same counted."""
    first, *others = outputs
    if len(set(outputs)) == 1:
        return f"{len(outputs)} × {first}"
    if len(others) > 1 and len(set(others)) == 1:
        return f"{first} + {len(others)} × {others[0]}"
    return " + ".join(outputs)


def width(frame: Frame) -> int:
    """How wide the input is."""
    block, stated = frame.streams.use.block, frame.drawing.width
    return stated(block) if callable(stated) else block.number(stated)


def carried(use: Use, lane: Lane) -> str:
    """How many numbers a lane carries, in each of the variants."""
    return either(width_of(lane, block) for block, _ in use.variants)


def elements(frame: Frame, lane: Lane) -> str:
    """The parameters of a matrix between the stream and a lane."""
    inputs = _read(frame, lane)
    return either(
        (width_of(lane, block) * inputs for block, _ in frame.streams.use.variants), short
    )


def matrices(frame: Frame, lanes: Sequence[Lane], y: float, start: Point | None = None) -> None:
    """A matrix a lane, and a second one on those that pass through a rank, which may be normed."""
    streams, use, drawing = frame.streams, frame.streams.use, frame.drawing
    sheet, block = streams.sheet, use.block
    broad = {lane: min(streams.broad(lane.name), drawing.matrix) for lane in lanes}
    wide = min(broad.values(), default=streams.box)
    ranks = {lane: block.number(lane.rank) for lane in lanes if lane.rank in block.facts}
    outputs = [f"{ranks[lane]:,}" if lane in ranks else carried(use, lane) for lane in lanes]
    symbols: list[Content] = [symbol(lane.name, upright=lane.upright) for lane in lanes]
    shapes = fitting(symbols, _forms(frame, lanes, outputs), wide)
    for lane, sign, shape in zip(lanes, symbols, shapes, strict=True):
        part = (
            lane.role + ("_down" if lane in ranks else "") if lane.role else block.child(lane.name)
        )
        about = use.about(part)
        x, count = streams.at[lane.name], ""
        if use.full and _shared(block, lane) and lane not in ranks:
            count = elements(frame, lane)
        node = sheet.matrix(x, y, sign, shape, wide=broad[lane], about=about, count=count)
        if use.full:
            given = ranks.get(lane) or width_of(lane, block)
            sheet.ends[id(node.box)] = Ends(_read(frame, lane), given)
        if start:
            streams.sheet.wire(start, Point(node.bottom.x, start.y), node.bottom)
        streams.rise(lane.name, node)
    for lane in ranks:
        if lane.rank_norm and block.part(lane.rank_norm) is not None:
            about = use.about(lane.rank_norm)
            sayings = (("RMSNorm", ""), ("norm", ""))  # in a narrow lane
            streams.pill(lane.name, sayings, "norm", about=about, size=NORM_TYPE)
        x, above = streams.at[lane.name], streams.above(lane.name, high=sheet.spacing.matrix)
        all_of_them, about = carried(use, lane), use.about(lane.role)
        shape = fit_shape("", [f"→ {all_of_them}", all_of_them], wide)
        node = sheet.matrix(x, above, "", shape, wide=wide, about=about)
        streams.rise(lane.name, node)


def _read(frame: Frame, lane: Lane) -> int:
    """How many numbers the matrix of a lane reads."""
    block = frame.streams.use.block
    role = lane.role + ("_down" if lane.rank in block.facts else "")
    part = block.part(role) if lane.role else None
    inputs = 0 if part is None else part.value("inputs")
    return inputs if isinstance(inputs, int) and inputs else width(frame)


def _shared(block: Block, lane: Lane) -> bool:
    """Whether no part stores a lane's matrix alone."""
    part = block.part(lane.role) if lane.role else None
    return part is None or len(part.roles) > 1


def symbol(name: str, *, upright: bool = False) -> Content:
    """One letter is a symbol, a word is none."""
    return name if upright or len(name.split(", ")[0]) > 1 else italic(name)


def _forms(frame: Frame, lanes: Sequence[Lane], outputs: Sequence[str]) -> Iterator[list[str]]:
    """What the matrices may say of their shapes, the most telling first."""
    drawing, use = frame.drawing, frame.streams.use
    templates = drawing.shapes

    def shape(template: str, lane: Lane, count: str) -> str:
        several = "/" in count or "–" in count
        most = (
            f"≤ {max(width_of(lane, block) for block, _ in use.variants):,}" if several else count
        )
        inputs = f"{_read(frame, lane):,}" if "{width" in template else ""
        return template.format(width=inputs, outputs=count, most=most)

    for template in templates:
        yield [shape(template, *each) for each in zip(lanes, outputs, strict=True)]
