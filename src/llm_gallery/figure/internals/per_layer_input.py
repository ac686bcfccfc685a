"""A layer's own embedding of the token as a drawing: looked up, mixed with a projection, and let in by a gate.

Model: https://huggingface.co/google/gemma-3n-E4B-it
"""

from __future__ import annotations

from llm_gallery.architecture.block import join
from llm_gallery.figure.internals._lanes import (
    FIRST,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    Lanes,
    arrow,
    body,
    fitting,
    lanes,
    leave,
    on_hero,
    snug,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, hero, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import operation
from llm_gallery.figure.kit.text import cut
from llm_gallery.figure.tooltip import tooltip as of
from llm_gallery.mechanisms.activation import activation

BROADEST = 190
NAMES = ("stream", "table", "token")


def inset(use: Use) -> Inset:
    """The stream's gate at the left; the token's row and its projected embedding come in at the right."""
    streams = lanes(Sheet(), NAMES, MARGIN, use.width - MARGIN, BROADEST)
    sheet, block = streams.sheet, use.block
    width = block.number("width")
    gate, back = block.part("gate"), block.part("output")
    inputs = 0 if gate is None else gate.number("inputs")
    x, box = streams.at["stream"], streams.box
    _stub(streams, "stream", "the stream")
    shape = fitting(["gate"], [[arrow(inputs, width)], [arrow("", width)]], box)[0]
    node = matrix(x, FIRST, "gate", shape, "embedding", wide=box, about=use.about(gate))
    streams.rise("stream", node)
    if "activation" in block.facts:
        said, y = activation(str(block.value("activation"))), node.top.y - GAP - 10
        about = use.facts("activation", "activation")
        made = snug(
            x, y, ((said, ""),), "embedding", box, size=11, high=20, tight=True, about=about
        )
        streams.rise("stream", made)
    own = _own(streams, use)
    y = min(own.top.y, streams.tips["stream"].y) - 22
    times = sheet.add(operation(x, y, "×", ground="embedding.tint"))
    sheet.wire(streams.tips["stream"], times.bottom)
    sheet.wire(own.top, Point(own.top.x, y), times.right)
    shape = arrow(width, inputs)
    y, end = times.top.y - GAP - 13, use.about(back)
    last = sheet.add(matrix(x, y, "out", shape, "embedding", about=end))
    sheet.wire(times.top, last.bottom)
    return Inset(
        title="Per-layer input",
        note=use.note(f"{width:,} numbers a token and layer"),
        mechanism="embedding",
        body=body(sheet, use.width, leave(sheet, last)),
    )


def _stub(streams: Lanes, name: str, said: str) -> None:
    x = streams.at[name]
    streams.tips[name] = Point(x, FOOT)
    streams.sheet.label(x + 8, FOOT - 5, cut(said, streams.box / 2, SMALL), size=SMALL)


def _own(streams: Lanes, use: Use) -> Node:
    """This layer's part of the token's row and of its projected embedding, added and divided by √2."""
    block, sheet = use.block, streams.sheet
    outer = use.path.rsplit(".", 2)[0]
    table, mixed = block.child("per_layer_embedding"), block.child("per_layer_input")
    if table is None or mixed is None:
        y = FIRST - 26
        return sheet.add(pill(streams.at["table"], y, "this layer's row", "embedding", dashed=True))
    _stub(streams, "table", "token id")
    _stub(streams, "token", "embedding")
    rows, width, layers = (table.number(name) for name in ("vocabulary", "width", "layers"))
    x, box = streams.at["table"], streams.box
    about = of(join(outer, table.name), table, "a row for each token and layer")
    held = hero(x, FIRST - 9, "", "embedding", wide=box, high=44, about=about)
    streams.rise("table", held)
    on_hero(sheet, held, -8, cut(f"{rows:,} rows", box - 8, 13, 500), "embedding", size=13)
    on_hero(sheet, held, 10, cut(f"{layers:,} × {width:,}", box - 8, 11, 500), "embedding", size=11)
    projection = mixed.child("linear")
    norm = mixed.child("rms_norm")
    x = streams.at["token"]
    said = fitting(["map"], [[arrow("", f"{layers:,} × {width:,}")], [arrow("", width)]], box)[0]
    answer = None if projection is None else of(join(outer, projection.name), projection)
    node = matrix(x, FIRST, "map", said, "embedding", wide=box, about=answer)
    streams.rise("token", node)
    if norm is not None:
        y, about = node.top.y - GAP - 11, of(join(outer, norm.name), norm)
        streams.rise("token", pill(x, y, "RMSNorm", wide=min(84.0, box), about=about))
    y = min(streams.tips[name].y for name in ("table", "token")) - 22
    total = sheet.add(operation(streams.at["table"], y, "+", ground="embedding.tint"))
    sheet.wire(streams.tips["table"], total.bottom)
    sheet.wire(streams.tips["token"], Point(x, y), total.right)
    about = use.facts("the sum keeps its size", "width")
    half = sheet.add(pill(total.top.x, total.top.y - GAP - 10, "/ √2", high=20, about=about))
    sheet.wire(total.top, half.bottom)
    return half
