"""The tower itself: the strip, the lens, frames on the stream between embedding and head; gives where leaders begin."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Line, Point
from llm_gallery.figure.kit.text import fitting
from llm_gallery.figure.tower import beside, ends, wiring
from llm_gallery.figure.tower.blocks import draw_tag
from llm_gallery.figure.tower.branches import Drawn, Port, Wires
from llm_gallery.figure.tower.columns import Columns, columns
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.heights import Heights, folded, heights
from llm_gallery.figure.tower.names import names
from llm_gallery.figure.tower.rows import Spot, Storey, Tower, Where

Places = dict[Where, Port]
"""Where leaders begin."""


def body(
    sheet: Sheet, fmt: Format, tower: Tower, x: float, y: float, wide: float, room: float
) -> tuple[Places, float]:
    """The tower from a corner on; its places and its lower edge."""
    form, at, high = fmt, *_sized(fmt, tower, x, wide, room)
    while room and high.total(tower) > room + 0.5 and form.tighter != form:
        form = form.tighter
        at, high = _sized(form, tower, x, wide, room)
    while room and high.total(tower) > room + 0.5 and (shorter := folded(tower)) != tower:
        tower = shorter
        at, high = _sized(form, tower, x, wide, room)
    end = y + (room or high.total(tower))
    low = max(
        end - high.row - high.end - high.under,
        y + high.row + high.end + high.norm + high.body(tower),
    )
    drawn = _Body(sheet, form, tower, high, at, low - high.body(tower), low)
    drawn.draw()
    return drawn.places, low + high.under + high.end + high.row


def _sized(
    fmt: Format, tower: Tower, x: float, wide: float, room: float
) -> tuple[Columns, Heights]:
    at = columns(fmt, tower, x, wide)
    return at, heights(fmt, tower, at.wide, room)


@dataclass(slots=True)
class _Body:
    """A tower at its place: what is drawn, and what is known of it meanwhile."""

    sheet: Sheet
    fmt: Format
    tower: Tower
    high: Heights
    at: Columns
    top: float  # of the frames
    low: float
    places: Places = field(default_factory=dict)

    def draw(self) -> None:
        """All of it, from the ground up."""
        sheet, fmt, tower, at, high = self.sheet, self.fmt, self.tower, self.at, self.high
        spans = self._frames()
        with sheet.group("lens", "lens", "Which layers are drawn"):
            beside.lens(sheet, fmt, tower, at, spans, self.top, self.low)
        for a, b in spans.values():
            box = Box(at.left, a, at.right - at.left, b - a, radius=fmt.title * 0.5, fill="lens")
            box.edge, box.open, box.line = "frame", True, fmt.stroke * 0.8
            with sheet.group("frame", "frame", "Frame"):
                sheet.put(box)
        head = self.top - high.norm - high.end
        embedding = self.low + high.under
        under = head + high.end
        with sheet.group("stream", "stream", "Stream"):
            self._stream([*spans.values()], embedding, under)
        if tower.stream.passes > 1:
            with sheet.group("loop", "loop", "Loop"):
                self._loop(under)
        for name, fact, path, y in (
            ("Head", tower.vocabulary, tower.head_path, head),
            ("Embedding", tower.width and f"{tower.width} wide", tower.embedding_path, embedding),
        ):
            ends.bar(sheet, fmt, at, name, fact, path, y, high.end)
        with sheet.group("stream", "tokens", "Tokens in and out"):
            ends.outside(sheet, fmt, tower, at.axis, head, embedding + high.end, high.row)
        if tower.norm:
            with sheet.group("block norm", "norm", tower.norm):
                ends.norm(sheet, fmt, tower, at, under)
        if tower.stream_tag:
            self._tag("stream", tower.stream_tag)
        elif tower.loop_tag:
            self._tag("loop", tower.loop_tag)
        for held in high.frames(tower):
            y = spans[held[0]][1]
            for index in held:
                storey = tower.storeys[index]
                y -= high.storey(storey)
                with sheet.group("layer", f"layer-{storey.layer}", storey.label):
                    self._storey(index, storey, y)
                y -= high.between
        with sheet.group("strip", "strip", "All layers"):
            beside.strip(sheet, fmt, tower, at, self.top, self.low)

    def _frames(self) -> dict[int, tuple[float, float]]:
        """The upper and lower edge of each frame, by its first storey."""
        found, at = dict[int, tuple[float, float]](), self.low
        for held in self.high.frames(self.tower):
            tall = self.high.frame(self.tower, held)
            found[held[0]] = at - tall, at
            at -= tall + self.high.frame_gap
        return found

    def _stream(self, spans: list[tuple[float, float]], embedding: float, under: float) -> None:
        """From the embedding through the frames to the head; several streams end above the frames."""
        sheet, fmt, stream, axis = self.sheet, self.fmt, self.tower.stream, self.at.axis
        across = wiring.lines(fmt, stream, axis)
        above, below = ends.norm_span(fmt, self.tower, under)
        over = max(self.top - fmt.title * 0.3, below + 1) if len(across) > 1 else self.top
        if self.tower.ordered:
            wiring.run(sheet, fmt, stream, across, embedding, over)
        else:
            self._unordered(across, spans, embedding)
            over = spans[-1][0]
        wiring.run(sheet, fmt, stream, [axis], over, below)
        wiring.run(sheet, fmt, stream, [axis], above, under)

    def _unordered(
        self, across: list[float], spans: list[tuple[float, float]], embedding: float
    ) -> None:
        """Frames without a common stem: dots stand between them, and the strip has the order."""
        sheet, fmt, at, stream = self.sheet, self.fmt, self.at, self.tower.stream
        wiring.run(sheet, fmt, stream, [at.axis], embedding, spans[0][1])
        for above, below in spans:
            wiring.run(sheet, fmt, stream, across, below, above)
        reach, r = fmt.title * 0.3, fmt.stroke
        for n, ((above, _), (_, below)) in enumerate(pairwise(spans)):
            middle = (above + below) / 2
            for y in (middle - reach, middle, middle + reach):
                dot = Box(at.axis - r, y - r, 2 * r, 2 * r, form="circle", fill="stream", open=True)
                sheet.put(dot)
            if not n:
                x, base = at.right - fmt.title * 0.3, middle + fmt.small * 0.36
                sheet.label(x, base, "order: strip at left", size=fmt.small, anchor="end")

    def _storey(self, index: int, storey: Storey, top: float) -> None:
        """A storey: how often it comes, and its branches from below upwards."""
        sheet, fmt, high, at = self.sheet, self.fmt, self.high, self.at
        tall = high.storey(storey)
        if not storey.branches:
            names(sheet, fmt, self.tower, storey, at, top, high.line)
            return
        near = wiring.lines(fmt, self.tower.stream, at.axis)[0] - fmt.title * 0.62
        words = f"{storey.times:,} ×"
        size = fitting(words, near - at.left - 3, fmt.down(fmt.count, fmt.count * 0.7), 600)
        sheet.label(
            (at.left + near) / 2,
            top + tall / 2 + size * 0.36,
            words,
            size=size,
            weight=600,
            role="ink",
            anchor="middle",
        )
        short = any(branch.reads is not None for branch in storey.branches)
        inner = at.inner - (fmt.title * 1.1 if short else 0.0)
        wires = Wires(sheet, fmt, high, self.tower.stream, at, inner)
        drawn, y = list[Drawn](), top + tall - high.pad
        for number, branch in enumerate(storey.branches):
            y -= high.branch(branch)
            drawn.append(wires.draw(branch, y))
            for place, port in enumerate(drawn[-1].ports):
                self.places[Spot(index, number, place)] = port
            y -= high.branch_gap
        for branch, made in zip(storey.branches, drawn, strict=True):
            if branch.reads is not None:
                wires.shortcut(drawn[branch.reads], made)

    def _tag(self, where: Where, words: str) -> None:
        """What is new of the stream or the loop, beside it under the final norm."""
        fmt, at = self.fmt, self.at
        across = wiring.lines(fmt, self.tower.stream, at.axis)
        middle = self.top - fmt.small * 0.85
        x = across[-1] + fmt.title * 0.6
        box = draw_tag(self.sheet, fmt, words, x, middle, at.right - x)
        self.places[where] = Port(Point(box.x + box.width, middle))

    def _loop(self, under: float) -> None:
        """From above the last layer back below the first; above the final norm where that ends each pass."""
        sheet, fmt, at, stream = self.sheet, self.fmt, self.at, self.tower.stream
        above = under + fmt.title * 0.5 if stream.norms else self.top - fmt.title * 0.35
        below = self.low + min(self.high.under * 0.5, fmt.title * 0.6)
        near = wiring.lines(fmt, stream, at.axis)[0] - fmt.stroke * 1.1
        words, middle = f"{stream.passes:,} ×", (self.top + self.low) / 2
        half = fmt.count * 0.75
        for way, arrow in (
            (((at.axis, above), (at.loop, above), (at.loop, middle - half)), False),
            (((at.loop, middle + half), (at.loop, below), (near, below)), True),
        ):
            points = tuple(Point(*p) for p in way)
            line = Line(points=points, kind="stream", role="stream", arrow=arrow)
            line.thickness = fmt.stroke * 1.7
            sheet.put(line)
        sheet.label(
            at.loop,
            middle + fmt.count * 0.36,
            words,
            size=fmt.count,
            weight=600,
            role="ink",
            anchor="middle",
        )
        self.places["loop"] = Port(Point(at.axis + fmt.stroke, above))
