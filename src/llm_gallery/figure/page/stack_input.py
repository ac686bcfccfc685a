"""What enters the stack of a tower: token ids, embeddings and tables, positions, a norm, the copies of the stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isclose
from typing import NamedTuple

from llm_gallery import mechanisms
from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block, walk
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import NORM, Node, Sheet, Words, centred, hero, pill
from llm_gallery.figure.kit.shapes import Box, Point
from llm_gallery.figure.kit.signs import dot, stream_sum
from llm_gallery.figure.kit.stream import Stream
from llm_gallery.figure.kit.text import Span, cut
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.figure.plan.outer_blocks import Located, OuterBlocks
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms.wording import root
from llm_gallery.mechanisms.written import times

STREAM = 62.0
"""Where the residual stream stands."""
RAIL, TABLE = 249.0, 182.0
"""Where token ids rise to the tables beside the embedding, and the middle of those tables."""
BLOCK = 124.0, 34.0
"""Px of the embedding and of the head, across and down."""
COPY, LAYERED, BACK = 24.0, 49.0, 24.0
"""Px on the stream of where it becomes several, of a table that feeds the layers, of the way back."""


def height(outer: OuterBlocks, standing: Sequence[Located], stream: Stream) -> float:
    """Px between the embedding and the stack, besides the plain gap."""
    tall = sum(_ITEMS.get(block.kind, _PLAIN).tall for _, block in standing)
    tall += COPY if stream.lines > 1 else 0.0
    tall += BACK if stream.passes > 1 else 0.0
    return tall + (LAYERED if outer.per_layer_embedding else 0.0)


def entry(
    sheet: Sheet,
    outer: OuterBlocks,
    standing: Sequence[Located],
    stream: Stream,
    extent: tuple[float, float],
    full: bool,
) -> float:
    """Draws what stands under the stack, from the lower edge of the tower; gives back where the stream goes on."""
    high, bottom = extent
    at = _tokens(sheet, outer.embedding, high, full)
    indexed: list[float] = []  # heights of the tables that token ids index too
    if outer.per_layer_embedding:
        indexed.append(at - 25)
        _layered(sheet, *outer.per_layer_embedding, indexed[0], bottom)
    for path, block in standing:
        item = _ITEMS.get(block.kind, _PLAIN)
        node = item.draw(sheet, path, block, at - item.middle)
        if item.indexed:
            indexed.append(node.centre.y)
        streams.line(sheet, STREAM, at, node.bottom.y)
        at = node.top.y
    _rail(sheet, high, indexed)
    if stream.lines > 1:
        at = _copied(sheet, stream, at)
    return at


def below(block: Block, full: bool, remarks: Sequence[str]) -> str:
    """The smaller line under a name: its parameters in a full figure, and what else is said, as far as it fits."""
    count = [short(stored(block))] if full and stored(block) else []
    spelled = [f"{one} parameters" for one in count]
    forms = [*spelled, *remarks], [*count, *remarks], [*remarks], remarks[-1:]
    lines = [", ".join(form) for form in forms]
    return next((line for line in lines if extent(line, 10.5) <= 116), lines[-1])


def _of_embedding(block: Block) -> tuple[str, ...]:
    """What multiplies the token's row: the root of its width, or a number."""
    scale, wide = block.value("embedding_scale"), block.number("width")
    if isinstance(scale, float) and isclose(scale * scale, wide):
        return (f"× {root(wide)}",)
    return tuple(filter(None, (times(scale),)))


def table(sheet: Sheet, at: Point, located: Located, wide: float, name: str, second: str) -> Node:
    """A block of rows: what it is called, and a smaller line under it where there is one."""
    path, block = located
    node = sheet.add(
        hero(*at, "", "embedding", wide=wide, high=BLOCK[1], about=tooltip(path, block))
    )
    first = Words(-2.5 if second else 4.7, name, 12.5, 500)
    lines = [first, Words(11.5, second, 10.5)] if second else [first]
    sheet.put(*centred(node.box, "embedding.on", *lines))
    return node


def _tokens(sheet: Sheet, embedding: Located | None, high: float, full: bool) -> float:
    """Token ids and their embedding, where there is one; gives back where the stream goes on."""
    sheet.label(STREAM, high, "token ids", size=12, anchor="middle")
    if embedding is None:
        return high - 14
    _, block = embedding
    y = high - 53
    second = below(block, full, _of_embedding(block))
    node = table(sheet, Point(STREAM, y), embedding, BLOCK[0], "Token embedding", second)
    for at, name, unit in ((y - 3, "width", " wide"), (y + 12, "vocabulary", " tokens")):
        number = Span(f"{block.number(name):,}", 600, role="ink", tabular=True)
        sheet.label(134, at, (number, unit))
    streams.line(sheet, STREAM, high - 14, node.bottom.y)
    return node.top.y


def norm(sheet: Sheet, path: str, block: Block, y: float) -> Node:
    """A norm on the stream."""
    name, answer = mechanisms.title(block), tooltip(path, block)
    return sheet.add(pill(STREAM, y, name, wide=96, high=NORM, size=12, about=answer))


def _scaling(sheet: Sheet, path: str, block: Block, y: float) -> Node:
    return streams.scaling(sheet, STREAM, y, tooltip(path, block, "shift and scale"))


def _positions(sheet: Sheet, path: str, block: Block, y: float) -> Node:
    """Learned positions, added to the tokens' rows."""
    note = cut(f"{block.number('positions'):,}", 60, 10.5)
    node = pill(188, y, "positions", "position", note=note, high=NORM, about=tooltip(path, block))
    return _added(sheet, node, y)


def _table(sheet: Sheet, path: str, block: Block, y: float) -> Node:
    """Rows that the last tokens choose, added to the token's own."""
    tables = [part for _, part in walk(block) if part.table]
    rows = sum(table.number("rows") for table in tables)
    second = cut(f"{short(rows)} rows", 100, 10.5) if tables else ""
    node = table(sheet, Point(TABLE, y), (path, block), 118, "N-gram tables", second)
    sheet.wire(Point(RAIL, y), node.right)
    return _added(sheet, node, y, drawn=True)


def _added(sheet: Sheet, node: Node, y: float, *, drawn: bool = False) -> Node:
    ring = stream_sum(STREAM, y)
    sheet.wire(node.left, ring.right)
    if not drawn:
        sheet.add(node)
    return sheet.add(ring)


class _Item(NamedTuple):
    """What stands on the stream before the stack: px that it takes, px up to its middle, and its drawing."""

    tall: float
    middle: float
    draw: Callable[[Sheet, str, Block, float], Node]
    indexed: bool = False  # whether token ids choose its rows


_PLAIN = _Item(40.0, 26.0, norm)
_ITEMS = {
    "position_embedding": _Item(46.0, 26.0, _positions),
    "ngram_memory": _Item(50.0, 28.0, _table, indexed=True),
    "connection": _Item(36.0, 22.0, _scaling),
}


def _layered(sheet: Sheet, path: str, block: Block, y: float, bottom: float) -> None:
    """A table of which each layer gets a part of the token's row."""
    second = cut(f"{block.number('width'):,} for each layer", 106, 10.5)
    node = table(sheet, Point(TABLE, y), (path, block), 118, "Per-layer table", second)
    x = STREAM + 36
    sheet.wire(node.left, Point(x, y), Point(x, bottom + 3))
    sheet.wire(Point(RAIL, y), node.right)


def _rail(sheet: Sheet, high: float, indexed: Sequence[float]) -> None:
    """Token ids, led to the tables that they index too."""
    y = high - 25
    if not indexed:
        return
    sheet.put(dot(STREAM, y, "stream", 4.25), *(dot(RAIL, at) for at in sorted(indexed)[1:]))
    sheet.wire(Point(STREAM, y), Point(RAIL, y), Point(RAIL, min(indexed)), arrow=False)


def _copied(sheet: Sheet, stream: Stream, at: float) -> float:
    """Where the stream becomes several."""
    across = stream.across(STREAM)
    left, right = across[0] - 4, across[-1] + 4
    streams.line(sheet, STREAM, at, at - 11)
    bar = Box(left, at - 17, right - left, 6, radius=3, fill="stream", open=True)
    sheet.put(bar)
    sheet.label(right + 10, at - 10, f"{stream.count:,} streams", size=11)
    return at - 17
