"""A layer's own embedding of the token as a drawing: looked up, mixed with a projection, and let in by a gate.

Model: https://huggingface.co/google/gemma-3n-E4B-it
"""

from __future__ import annotations

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import join
from llm_gallery.figure.internals._board import Board
from llm_gallery.figure.internals._fitting import SMALL, arrow, fit_shape, on_hero
from llm_gallery.figure.internals._lanes import Lanes, Trunk, lanes
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.kit.blocks import Node, hero, pill
from llm_gallery.figure.kit.shapes import About, Inset, Point
from llm_gallery.figure.kit.signs import CHIP, chip
from llm_gallery.figure.kit.text import cut
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.norms import norm_of
from llm_gallery.mechanisms.per_layer_input import shared_map, table_of

BROADEST = 190
NAMES = ("stream", "table", "token")


def inset(use: Use) -> Inset:
    """The stream's gate at the left; the token's row and its projected embedding come in at the right."""
    sheet, block = Board(use=use, colour=colour_of(use.block)), use.block
    streams = lanes(sheet, NAMES, BROADEST)
    width = block.number("width")
    gate = block.part("gate")
    inputs = size(gate, "inputs")
    streams.enter("stream", "the stream")
    shape = fit_shape("gate", [arrow(inputs, width), arrow("", width)], streams.box)
    _first(streams, "stream", "gate", shape, use.about(gate))
    if "activation" in block.facts:
        forms = ((activation(str(block.value("activation"))), ""),)
        about = use.facts("activation", "activation")
        streams.pill("stream", forms, sheet.colour, size=SMALL, high=20, tight=True, about=about)
    row = _row_of_layer(streams)
    trunk = Trunk(sheet, streams.tips["stream"])
    times = trunk.sign("×", beside=row.top.y)
    sheet.wire(row.top, Point(row.top.x, times.right.y), times.right)
    shape = fit_shape("out", [arrow(width, inputs), arrow("", inputs)], streams.box)
    trunk.matrix("out", shape, wide=streams.box, about=use.about("output"))
    return sheet.inset("Per-layer input", trunk.leave(), f"{width:,} numbers a token and layer")


def _first(
    streams: Lanes, name: str, words: str, shape: str, about: About | None, count: str = ""
) -> None:
    """The matrix at a lane's foot."""
    x, wide = streams.at[name], streams.box
    y = streams.sheet.spacing.first
    streams.rise(
        name, streams.sheet.matrix(x, y, words, shape, wide=wide, about=about, count=count)
    )


def _row_of_layer(streams: Lanes) -> Node:
    """This layer's part of the token's row and of its projected embedding, added and divided by √2."""
    use, block, sheet = streams.use, streams.use.block, streams.sheet
    outer = use.path.rsplit(".", 2)[0]
    table, mixed = table_of(block), shared_map(block)
    if table is None or mixed is None:
        y = sheet.spacing.first - 26
        return sheet.add(
            pill(streams.at["table"], y, "this layer's row", sheet.colour, dashed=True)
        )
    streams.enter("table", "token id")
    streams.enter("token", "embedding")
    rows, width, layers = (table.number(name) for name in ("vocabulary", "width", "layers"))
    x, box = streams.at["table"], streams.box
    about = tooltip(join(outer, table.name), table, "a row for each token and layer")
    node = hero(x, sheet.spacing.first - 9, "", sheet.colour, wide=box, high=44, about=about)
    streams.rise("table", node)
    sizes = f"{layers:,} × {width:,}"
    on_hero(sheet, node, -8, cut(f"{rows:,} rows", box - 8, 13, 500), sheet.colour, size=13)
    on_hero(sheet, node, 10, cut(sizes, box - 8, SMALL, 500), sheet.colour, size=SMALL)
    projection = next((part for part in mixed.inside if "outputs" in part.facts), None)
    norm = norm_of(mixed)
    shape = fit_shape("map", [arrow("", sizes), arrow("", width)], box)
    answer = None if projection is None else tooltip(join(outer, projection.name), projection)
    count = "" if projection is None else short(stored(projection))
    _first(streams, "token", "map", shape, answer, count)
    if norm is not None:
        streams.norm("token", tooltip(join(outer, norm.name), norm))
    trunk = Trunk(sheet, streams.tips["table"])
    total = trunk.sign("+", beside=streams.tips["token"].y)
    sheet.wire(streams.tips["token"], Point(streams.at["token"], total.right.y), total.right)
    about = use.facts("the sum keeps its size", "width")
    return trunk.join(chip(trunk.tip.x, trunk.above(CHIP), "÷ √2", about=about))
