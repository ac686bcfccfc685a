"""A branch of a tower: from the stream through norms and blocks and back, as it is wired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from llm_gallery.figure.group_names import kinds, part_name
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.tower import blocks, wiring
from llm_gallery.figure.tower.columns import Columns, arrangement, beside
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.heights import Heights
from llm_gallery.figure.tower.rows import TowerBlock, TowerBranch
from llm_gallery.figure.tower.wiring import flow, pill
from llm_gallery.plan.stream import Stream


class Port(NamedTuple):
    """Where a leader begins, and whether it goes down from there before it goes aside."""

    at: Point
    below: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn of a branch: its blocks' ports, its lower edge, and where it reads."""

    ports: tuple[Port, ...]
    boxes: tuple[Box, ...]
    read: Point  # behind its norm


@dataclass(frozen=True, slots=True)
class Wires:
    """What a branch is drawn with."""

    sheet: Sheet
    fmt: Format
    high: Heights
    stream: Stream
    at: Columns
    inner: float  # the right edge of its blocks

    def draw(self, told: TowerBranch, top: float) -> Drawn:
        """A branch from an upper edge on."""
        fmt, tall = self.fmt, self.high.branch(told)
        how = arrangement(fmt, told, self.at.wide)
        boxes = tuple(self._boxes(told, how == "beside", top))
        radius = fmt.title * 0.4
        inset = min(tall * 0.27, fmt.title * 1.3)
        across = wiring.lines(fmt, self.stream, self.at.axis)
        several = self.stream.mixes and len(across) > 1
        if several:
            inset = min(inset, max(radius, fmt.title * 0.42))
        low, up = top + tall - inset, top + inset
        if how == "beside":
            low, up = top + tall - self.high.bus * 0.45, top + self.high.bus * 0.45
        elif how == "shelves":
            low, up = boxes[0].y + boxes[0].height / 2, top + self.high.bus * 0.4
        with self.sheet.group("branch", "branch", "Wires and norms"):
            if several:
                wiring.crossing(self.sheet, fmt, across, low, up)
            start = self.at.axis
            if told.reads is None:
                start = wiring.sign(self.sheet, fmt, across, low, "")
            summed = [self.at.axis] if self.stream.saved_every else across
            end = wiring.sign(self.sheet, fmt, summed, up, "+")
            if how == "beside":
                self._beside(boxes, start, end, low, up)
            elif how == "shelves":
                self._shelves(told, boxes, start, end, up)
            else:
                self._through(told, boxes, start, end, low, up)
            middle = (max(start, end) + self.at.start) / 2 - fmt.stroke
            if told.before and told.reads is None:
                pill(self.sheet, fmt, middle, low)
            if told.after:
                pill(self.sheet, fmt, middle + fmt.stroke * 2, up)
            self._on_stream(told, low, up)
        for box, block in zip(boxes, told.blocks, strict=True):
            with self.sheet.group(kinds(block.block), part_name(block.block), block.title):
                blocks.draw(self.sheet, fmt, block, box)
        read = Point(self.at.start - fmt.small * 0.9, low)
        return Drawn(tuple(self._ports(boxes, how)), boxes, read)

    def _boxes(self, told: TowerBranch, side_by_side: bool, top: float) -> Iterator[Box]:
        """Those of blocks in their order, the first at the left or at the bottom."""
        left, fmt = self.at.start, self.fmt
        wide = self.inner - left
        if side_by_side:
            each = beside(fmt, len(told.blocks), wide)
            tall = max(map(self.high.of, told.blocks))
            for i, block in enumerate(told.blocks):
                x = left + i * (each + fmt.title)
                yield self._box(block, x, top + self.high.bus, each, tall)
            return
        shelves = len(told.blocks) > 1 and not told.series
        out = inner = 0.0
        if shelves:  # rails, and norms on the way from and to them
            out, inner = (
                self.fmt.title * (1.3 if any(normed) else 0.6)
                for normed in ((b.before for b in told.blocks), (b.after for b in told.blocks))
            )
        at = top + self.high.branch(told)
        for block in told.blocks:
            tall = self.high.of(block)
            yield self._box(block, left + out, at - tall, wide - out - inner, tall)
            at -= tall + self.high.gap(told)

    def _box(self, block: TowerBlock, x: float, y: float, wide: float, tall: float) -> Box:
        fill = f"{block.colour}.solid"
        box = Box(x, y, wide, tall, radius=self.fmt.title * 0.38, fill=fill, about=block.about)
        box.labelled = True
        return box

    def _through(
        self,
        told: TowerBranch,
        boxes: tuple[Box, ...],
        start: float,
        end: float,
        low: float,
        up: float,
    ) -> None:
        """One block, or several in series, the first at the bottom."""
        fmt, left = self.fmt, self.at.start
        thick = fmt.stroke
        if told.reads is None:
            self.sheet.put(flow(thick, (start, low), (left, low), arrow=True))
        self.sheet.put(flow(thick, (left, up), (end, up), arrow=True))
        x = left + fmt.title * 1.4
        for i, (box, block) in enumerate(zip(boxes, told.blocks, strict=True)):
            if i:
                below = boxes[i - 1].y
                self.sheet.put(flow(thick, (x, below), (x, box.y + box.height), arrow=True))
            middle = (max(start, end) + left) / 2 - fmt.stroke
            if block.before and i:
                pill(self.sheet, fmt, x, box.y + box.height + fmt.title * 0.85, flat=True)
            elif block.before:
                pill(self.sheet, fmt, middle, low)
            if block.after and i == len(boxes) - 1:
                pill(self.sheet, fmt, middle + fmt.stroke * 2, up)
            elif block.after:
                pill(self.sheet, fmt, x, box.y - fmt.title * 0.35, flat=True)

    def _shelves(
        self, told: TowerBranch, boxes: tuple[Box, ...], start: float, end: float, up: float
    ) -> None:
        """Over one another between two rails."""
        fmt, left, right = self.fmt, self.at.start, self.inner
        thick = fmt.stroke
        middles = [box.y + box.height / 2 for box in boxes]
        self.sheet.put(flow(thick, (start, middles[0]), (boxes[0].x, middles[0]), arrow=True))
        rail = left - fmt.title * 0.05
        for below, middle in pairwise(middles):
            way = (rail, below), (rail, middle), (boxes[0].x, middle)
            self.sheet.put(flow(thick, *way, arrow=True))
        outer = [box.y + box.height * 0.35 for box in boxes]
        edge = boxes[0].x + boxes[0].width
        self.sheet.put(
            flow(thick, (edge, outer[0]), (right, outer[0]), (right, up), (end, up), arrow=True)
        )
        for y in outer[1:]:
            self.sheet.put(flow(thick, (edge, y), (right, y)))
        for box, block, y, out in zip(boxes, told.blocks, middles, outer, strict=True):
            if block.before:
                pill(self.sheet, fmt, (rail + box.x) / 2, y)
            if block.after:
                pill(self.sheet, fmt, (edge + right) / 2, out)

    def _beside(
        self, boxes: tuple[Box, ...], start: float, end: float, low: float, up: float
    ) -> None:
        """Beside one another under one wire, which takes what they give back above them."""
        thick = self.fmt.stroke
        middles = [box.x + box.width / 2 for box in boxes]
        last = boxes[-1]
        self.sheet.put(
            flow(
                thick,
                (start, low),
                (middles[-1], low),
                (middles[-1], last.y + last.height),
                arrow=True,
            ),
            flow(thick, (middles[-1], last.y), (middles[-1], up), (end, up), arrow=True),
        )
        for x, box in list(zip(middles, boxes, strict=True))[:-1]:
            self.sheet.put(
                flow(thick, (x, low), (x, box.y + box.height), arrow=True),
                flow(thick, (x, box.y), (x, up)),
            )

    def _on_stream(self, told: TowerBranch, low: float, up: float) -> None:
        """Norms through which the stream itself goes."""
        half = self.fmt.small * 0.31 + self.fmt.stroke * 1.2
        above, below = up - self.fmt.title * 0.42 - half, low + self.fmt.stroke * 2 + half
        for there, y in ((told.on_stream, above), (told.under, below)):
            if there:
                with self.sheet.group("block norm", "norm", "Norm on the stream"):
                    pill(self.sheet, self.fmt, self.at.axis, y, flat=True)

    def _ports(self, boxes: tuple[Box, ...], how: str) -> Iterator[Port]:
        for i, box in enumerate(boxes):
            right, middle = box.x + box.width, box.y + box.height / 2
            if how == "beside" and i < len(boxes) - 1:
                away = self.high.bus * 0.28
                yield Port(Point(box.x + box.width * 0.8, box.y + box.height), away)
            elif how == "shelves":
                yield Port(Point(right, box.y + box.height * 0.75))
            else:
                yield Port(Point(right, middle))

    def shortcut(self, source: Drawn, reader: Drawn) -> None:
        """From behind one branch's norm to a block that reads the same, past the blocks between."""
        thick, lane = self.fmt.stroke, self.at.inner
        below = source.boxes[0].y + source.boxes[0].height + self.high.branch_gap * 0.4
        box = reader.boxes[-1]
        x, middle = source.read.x, box.y + box.height * 0.7
        way = source.read, (x, below), (lane, below), (lane, middle), (box.x + box.width, middle)
        with self.sheet.group("shortcut", "shortcut", "Shortcut"):
            self.sheet.put(flow(thick, *way, arrow=True))
