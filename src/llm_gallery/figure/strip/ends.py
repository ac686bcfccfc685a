"""Both ends of the band laid down: what stands before the first layer, and from the last one to the next token."""

from __future__ import annotations

from typing import NamedTuple

from llm_gallery import mechanisms
from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block, main_stack
from llm_gallery.figure.kit.blocks import NORM, Sheet, Type, hero, pill
from llm_gallery.figure.kit.shapes import About, Anchor, Point
from llm_gallery.figure.kit.signs import CHIP, chip, dot, stream_line, stream_sum
from llm_gallery.figure.kit.text import Span, width
from llm_gallery.figure.strip import outer_stops as outside
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import TABLES
from llm_gallery.plan.outer_blocks import Located, after_stack, outer_blocks
from llm_gallery.plan.outer_stops import (
    Stop,
    before,
    entering,
    head_remarks,
    head_scalars,
    leaving,
)
from llm_gallery.plan.stream import Stream

END, HIGH = 84.0, 32.0
"""Px of the embedding and the head, across and down."""
MODULES = 110.0
"""Px between the last layer and the head that the modules for further tokens take."""
BETWEEN = 8.0
"""Px from one thing on the stream to the next."""
ABOVE = HIGH / 2 + 32
"""Px from the stream up to the words over both ends."""


def _wide(stop: Stop) -> float:
    if stop.sort == "scalar":
        return chip(0, 0, stop.words).box.width
    if stop.sort == "tables":
        return max(width(stop.words, 12, 500), width(stop.note, 11)) + 20
    noted = width(stop.note, 10.5) + 5 if stop.note else 0.0
    return width(stop.words, 12, 500) + noted + 22


def room_before(root: Block, stream: Stream) -> float:
    """Px from the embedding's left edge to the first layer."""
    stops = before(root)
    fed = outer_blocks(root).per_layer_embedding is not None
    more = (10 if fed else 0) + (14 if stream.saved_every else 0)
    return END + 22 + sum(_wide(stop) + BETWEEN for stop in stops) + more


def room_behind(root: Block, stream: Stream) -> float:
    """Px from the last layer to the right edge of the head."""
    norm, outer = after_stack(root), outer_blocks(root)
    wide = 14.0 + (sum(_left_wide(root, b) + BETWEEN for _, b in norm) + 6 if norm else 6.0)
    if stream.passes > 1 or outer.exit_gate is not None:
        wide += 14
    if outer.multi_token_prediction:
        scalars = outer.head is not None and head_scalars(outer.head[1])
        wide = max(wide, MODULES + (18 if scalars else 0))
    return END + wide


def _left_wide(root: Block, block: Block) -> float:
    return width(_left(root, block), 12, 500) + 22


def _left(root: Block, block: Block) -> str:
    """What the stream passes behind the layers: a norm, or what mixes several streams to one."""
    if not block.connects:
        return mechanisms.title(block)
    stack = main_stack(root)
    streams = None if stack is None else stack.value("streams")
    return f"mix {streams:,} → 1" if isinstance(streams, int) else "mix"


def enter(
    sheet: Sheet, root: Block, left: float, line: float, *, full: bool
) -> tuple[float, float]:
    """Token ids pick their rows, and what joins before the layers; gives back where the stream goes on, and the end below."""
    embedding = outer_blocks(root).embedding
    middle, low = left + END / 2, line + HIGH / 2
    at = left
    if embedding is not None:
        about = tooltip(*embedding)
        node = sheet.add(
            hero(
                middle,
                line,
                "Embedding",
                colour_of(embedding[1]),
                wide=END,
                high=HIGH,
                size=12.5,
                about=about,
            )
        )
        sheet.wire(Point(middle, line - ABOVE + 6), node.top)
        sheet.label(middle, line - ABOVE, entering(root), size=12.5, anchor="middle")
        at = left + END
        rows, wide = embedding[1].value("vocabulary"), embedding[1].value("width")
        if isinstance(rows, int) and isinstance(wide, int):
            low += 13
            ids, across = (Span(f"{number:,}", 600, role="ink") for number in (rows, wide))
            if outer_blocks(root).per_layer_embedding:  # its table stands where the number would
                sheet.label(left, low, (across, " wide, ", ids, " ids"), size=12)
            else:
                sheet.label(left, low, (across, " wide"), size=12)
                sheet.label(middle, line - ABOVE - 15, (ids,), size=12.5, anchor="middle")
        low = _counted(sheet, embedding, left, low, "start") if full else low
    for stop in before(root):
        at = _stop(sheet, stop, at, line, middle)
    return at, low


def _counted(sheet: Sheet, located: Located, x: float, low: float, anchor: Anchor) -> float:
    """The parameters of one end, under it; gives back where they end."""
    path, block = located
    low, about = low + 14, About(path, f"{stored(block):,} parameters")
    style = Type(size=12, weight=600, role="embedding.text", anchor=anchor, about=about)
    sheet.label(x, low, short(stored(block)), **style)
    return low


def _stop(sheet: Sheet, stop: Stop, at: float, line: float, ids: float) -> float:
    """One thing that the stream passes, right of `at`; gives back where the stream goes on."""
    wide = _wide(stop)
    x = at + BETWEEN + wide / 2
    if stop.sort == "scalar":
        node = chip(x, line, stop.words, about=outside.about(stop))
    elif not stop.joins:
        node = pill(
            x, line, stop.words, "norm", wide=wide, high=NORM, size=12, about=outside.about(stop)
        )
    else:
        node = stream_sum(x, line)
        beside = outside.beside(stop, x, line - ABOVE - 4, wide)
        sheet.wire(beside.bottom, node.top)
        sheet.add(beside)
        if stop.sort == "tables":
            sheet.wire(Point(ids + width("token ids", 12.5) / 2 + 4, beside.left.y), beside.left)
    sheet.put(stream_line(Point(at, line), node.left))
    sheet.add(node)
    return node.right.x


class Left(NamedTuple):
    """Where the stream was left: after the norm that ends a pass, or before it; and where the end below is."""

    normed: float
    bottom: float


def leave(
    sheet: Sheet, root: Block, stream: Stream, at: float, right: float, line: float, *, full: bool
) -> Left:
    """From `at` on the stream, behind the last layer: the norm, the head with its scalars, the next token."""
    outer, norm, end = outer_blocks(root), after_stack(root), right - END
    start, normed = at, at + 5
    loops = stream.passes > 1 or outer.exit_gate is not None
    rest = sum(_left_wide(root, block) + BETWEEN for _, block in norm) - BETWEEN
    x = end - (21 if loops else 7) - rest
    for path, block in norm:
        wide, about = _left_wide(root, block), tooltip(path, block)
        words = _left(root, block)
        node = pill(x + wide / 2, line, words, "norm", wide=wide, high=26, size=12, about=about)
        sheet.put(stream_line(Point(at, line), node.left))
        sheet.add(node)
        at, x = node.right.x, x + wide + BETWEEN
        normed = at + 9
    sheet.put(stream_line(Point(at, line), Point(end, line)))
    if outer.exit_gate is not None and outer.multi_token_prediction is None:
        _gate(sheet, outer.exit_gate, at + 9 if norm else at + 5, end - 2, line)
    _modules(sheet, root, start, line, full=full)
    return Left(normed, _head(sheet, outer.head, end, line, leaving(root), full=full))


def _gate(sheet: Sheet, located: Located, x: float, right: float, line: float) -> None:
    """The gate that says after which pass the output is read."""
    node = pill(
        right - 38, line - 54, "exit gate", TABLES, high=22, size=12, about=tooltip(*located)
    )
    sheet.put(dot(x, line, "stream", 4))
    sheet.wire(Point(x, line), Point(x, node.bottom.y))
    sheet.add(node)


def _head(
    sheet: Sheet, located: Located | None, left: float, line: float, given: str, *, full: bool
) -> float:
    """Scores for the token `given`, with what multiplies and bounds them; gives back where the end below is."""
    middle, low = left + END / 2, line + HIGH / 2
    tip = Point(middle, line)
    scalars: tuple[str, ...] = ()
    if located is not None:
        about, block = tooltip(*located), located[1]
        node = sheet.add(
            hero(
                middle, line, "Head", colour_of(block), wide=END, high=HIGH, size=12.5, about=about
            )
        )
        tip, scalars = node.top, head_scalars(block)
        for words in scalars:
            scalar = chip(middle, tip.y - 7 - CHIP / 2, words, about=about)
            sheet.wire(tip, scalar.bottom, arrow=False)
            sheet.add(scalar)
            tip = scalar.top
        if remarks := head_remarks(block):
            low += 14
            words = ", ".join(remarks)
            sheet.label(left + END, low, words, size=12, anchor="end")
        if full and not block.value("tied"):
            low = _counted(sheet, located, left + END, low, "end")
    over = tip.y - (14 if scalars else 26)
    sheet.wire(tip, Point(middle, over))
    sheet.label(left + END, over - 6, given, size=12.5, anchor="end")
    return low


def _modules(sheet: Sheet, root: Block, x: float, line: float, *, full: bool) -> None:
    """The modules that predict the tokens after the next: stored, not run in plain decoding."""
    found = outside.further(root)
    if found is None:
        return
    sheet.add(found.block(x + 14, line - (29 if full else 36), 98, full=full))
    at = x + 5
    sheet.put(dot(at, line, "stream", 4))
    sheet.wire(Point(at, line), Point(at, line - 60), Point(x + 14, line - 60))
