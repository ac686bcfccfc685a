"""Gated DeltaNet as a drawing: a state that each token decays, corrects and reads.

Paper: https://arxiv.org/abs/2412.06464
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._lanes import (
    FIRST,
    GAP,
    MARGIN,
    Lanes,
    arrow,
    body,
    fitting,
    fork,
    lanes,
    leave,
)
from llm_gallery.figure.internals._state import (
    PANEL,
    WIDE,
    back,
    formulas,
    gated,
    gating,
    keeping,
    mixing,
    over,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.text import Content, italic, superscript
from llm_gallery.figure.words import root

NAMES = {"q": "q", "k": "k", "v": "v", "b": "β", "a": "α", "z": "z"}
"""Streams, and the paper's symbols for them."""
ROLES = {"q": "query", "k": "key", "v": "value", "b": "beta", "a": "alpha", "z": "gate"}
"""What the matrix of each stream is in the block."""
BROADEST = 112


def inset(use: Use) -> Inset:
    """The drawing, with the state's update and reading as formulas."""
    panel = PANEL if use.width >= WIDE else 0
    streams = lanes(Sheet(), list(NAMES), MARGIN, use.width - max(MARGIN, panel), BROADEST)
    _projections(streams, use)
    _before_the_state(streams, use)
    state = _state(streams, use)
    high = _after_the_state(streams, use, state)
    if panel:
        dtype = str(use.block.value("state_dtype"))
        high = keeping(streams.sheet, use.width, high, _sizes(use.block), dtype)
    picture = body(streams.sheet, use.width, high)
    note = use.note("a state, not a cache")
    return Inset(title="Gated DeltaNet", note=note, mechanism="linear", body=picture)


def _projections(streams: Lanes, use: Use) -> None:
    block = use.block
    keys = block.number("key_heads") * block.number("key_dim")
    values = block.number("value_heads") * block.number("value_dim")
    each = block.number("value_heads")
    outputs = {"q": keys, "k": keys, "v": values, "b": each, "a": each, "z": values}
    names: list[Content] = [italic(symbol) for symbol in NAMES.values()]
    counts = [outputs[name] for name in NAMES]
    forms = [[arrow("", count) for count in counts], [f"{count:,}" for count in counts]]
    shapes = fitting(names, forms, streams.box)
    for name, symbol, shape in zip(NAMES, names, shapes, strict=True):
        about = use.about(block.part(ROLES[name]))
        streams.rise(
            name,
            matrix(streams.at[name], FIRST, symbol, shape, "linear", wide=streams.box, about=about),
        )
    ends = [Point(x, FIRST + 13) for x in streams.at.values()]
    fork(streams.sheet, streams.middle("q", "z"), ends)


def _before_the_state(streams: Lanes, use: Use) -> None:
    """Convolution over q, k and v, then unit length for q and k; the two gates beside them."""
    y = FIRST - 13 - GAP - 11
    mixed = streams.sheet.add(mixing(use, streams.middle("q", "v"), y, streams.span("q", "v")))
    for name in ("q", "k", "v"):
        x = streams.at[name]
        streams.sheet.wire(streams.tips[name], Point(x, mixed.bottom.y))
        streams.tips[name] = Point(x, mixed.top.y)
    gates = (("b", "sigmoid", "β = sigmoid(b)"), ("a", "decay", "α = exp(−A softplus(a + bias))"))
    for name, said, meaning in gates:
        node = pill(
            streams.at[name],
            y,
            said,
            "linear",
            wide=streams.box,
            size=11,
            about=use.facts(meaning, "value_heads"),
        )
        streams.rise(name, node)
    for name in ("q", "k"):
        x, about = streams.at[name], use.facts("L2 norm of each head", "key_dim")
        node = pill(x, mixed.top.y - GAP - 11, "L2 norm", wide=streams.box, size=11, about=about)
        streams.rise(name, node)


def _state(streams: Lanes, use: Use) -> Node:
    block = use.block
    held = ("key_heads", "value_heads", "key_dim", "value_dim", "state_dtype")
    node = over(streams, "q", "a", use.facts("state", *held))
    update: Content = (
        italic("S"),
        " ← ",
        italic("α S"),
        " + ",
        italic("β"),
        " (",
        italic("v"),
        " − ",
        italic("α S k"),
        ") ",
        italic("k"),
        superscript("T"),
    )
    reading: Content = (italic("o"), " = ", italic("S q"), f" / {root(block.number('key_dim'))}")
    formulas(
        streams.sheet,
        node,
        (update, reading),
        _sizes(block),
    )
    return node


def _after_the_state(streams: Lanes, use: Use, read: Node) -> float:
    """The norm comes first, then z's gate; Mamba-2 has them the other way round."""
    block, sheet, x = use.block, streams.sheet, read.centre.x
    norm = pill(x, read.top.y - GAP - 11, "RMSNorm", about=use.about(block.part("output_norm")))
    sheet.wire(read.top, sheet.add(norm).bottom)
    gate = gating(use, streams.at["z"], read.centre.y, streams.box)
    times = gated(streams, norm, "z", gate)
    inner = block.number("value_heads") * block.number("value_dim")
    return leave(sheet, back(streams, use, times, inner))


def _sizes(block: Block) -> tuple[int, int, int]:
    """How many states, and the rows and columns of each."""
    return (block.number("value_heads"), block.number("key_dim"), block.number("value_dim"))
