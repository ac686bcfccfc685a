"""Kimi Delta Attention as a drawing: Gated DeltaNet's state, every channel of its keys with a decay of its own.

Paper: https://arxiv.org/abs/2510.26692
"""

from __future__ import annotations

from math import isqrt

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
from llm_gallery.figure.internals._state import PANEL, WIDE, back, formulas, gated, keeping, over
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.text import Content, italic, superscript
from llm_gallery.mechanisms.activation import activation

NAMES = {"q": "q", "k": "k", "v": "v", "b": "β", "f": "α", "g": "g"}
"""Streams, and the paper's symbols for them."""
ROLES = {"q": "query", "k": "key", "v": "value", "b": "beta", "f": "alpha", "g": "gate"}
"""What the last matrix of each stream is in the block."""
RANKS = {"f": "decay_rank", "g": "gate_rank"}
BROADEST = 112


def inset(use: Use) -> Inset:
    """The drawing, with the state's update and reading as formulas."""
    panel = PANEL if use.width >= WIDE else 0
    streams = lanes(Sheet(), list(NAMES), MARGIN, use.width - max(MARGIN, panel), BROADEST)
    _projections(streams, use)
    _before_the_state(streams, use)
    high = _output(streams, use, _state(streams, use))
    if panel:
        dtype = str(use.block.value("state_dtype"))
        high = keeping(streams.sheet, use.width, high, _sizes(use.block), dtype)
    return Inset(
        title="Kimi Delta Attention",
        note=use.note("a state, not a cache"),
        mechanism="linear",
        body=body(streams.sheet, use.width, high),
    )


def _sizes(block: Block) -> tuple[int, int, int]:
    """How many states, and the rows and columns of each."""
    size = block.number("head_dim")
    return block.number("heads"), size, size


def _projections(streams: Lanes, use: Use) -> None:
    """One matrix a stream; decay and gate have a second one where they pass through a rank."""
    block = use.block
    heads, inner = block.number("heads"), block.number("heads") * block.number("head_dim")
    outputs = {"q": inner, "k": inner, "v": inner, "b": heads, "f": inner, "g": inner}
    ranks = {name: block.number(key) for name, key in RANKS.items() if key in block.facts}
    names: list[Content] = [italic(symbol) for symbol in NAMES.values()]
    counts = [ranks.get(name, outputs[name]) for name in NAMES]
    forms = [[arrow("", count) for count in counts], [f"{count:,}" for count in counts]]
    for name, symbol, shape in zip(NAMES, names, fitting(names, forms, streams.box), strict=True):
        about = use.about(block.part(f"{ROLES[name]}_down" if name in ranks else ROLES[name]))
        x, wide = streams.at[name], streams.box
        streams.rise(name, matrix(x, FIRST, symbol, shape, "linear", wide=wide, about=about))
    for name in ranks:
        x, y, wide = streams.at[name], streams.tips[name].y - GAP - 13, streams.box
        about, shape = use.about(block.part(ROLES[name])), arrow("", outputs[name])
        streams.rise(name, matrix(x, y, "", shape, "linear", wide=wide, about=about))
    fork(
        streams.sheet, streams.middle("q", "g"), [Point(x, FIRST + 13) for x in streams.at.values()]
    )


def _before_the_state(streams: Lanes, use: Use) -> None:
    """Convolution over q, k and v, then unit length for q and k; the gates beside them."""
    block, y = use.block, FIRST - 13 - GAP - 11
    mixed = streams.sheet.add(
        pill(
            streams.middle("q", "v"),
            y,
            f"convolution, {block.number('taps')} taps",
            "convolution",
            note=f"then {activation(str(block.value('activation')))}",
            wide=streams.span("q", "v"),
            size=11,
            about=use.about(block.part("query_convolution")),
        )
    )
    for name in ("q", "k", "v"):
        x = streams.at[name]
        streams.sheet.wire(streams.tips[name], Point(x, mixed.bottom.y))
        streams.tips[name] = Point(x, mixed.top.y)
    double = bool(block.value("negative_eigenvalues"))
    floor = block.value("decay_floor")
    bounded = f"α = exp({floor:g} sigmoid(A f))" if floor is not None else "α = exp(−A softplus(f))"
    gates = (
        ("b", "2 σ" if double else "sigmoid", "β: how much is written"),
        ("f", "decay", f"{bounded}, a number for each channel of the keys"),
    )
    for name, said, meaning in gates:
        at = streams.tips[name].y - GAP - 11
        about = use.facts(meaning, "heads", "decay_floor", "negative_eigenvalues")
        x, wide = streams.at[name], streams.box
        streams.rise(name, pill(x, at, said, "linear", wide=wide, size=11, about=about))
    for name in ("q", "k"):
        x, about = streams.at[name], use.facts("L2 norm of each head", "head_dim")
        node = pill(x, mixed.top.y - GAP - 11, "L2 norm", wide=streams.box, size=11, about=about)
        streams.rise(name, node)


def _state(streams: Lanes, use: Use) -> Node:
    size = use.block.number("head_dim")
    root = isqrt(size)
    by = f" / {root}" if root * root == size else f" / √{size}"
    node = over(streams, "q", "f", use.facts("state", "heads", "head_dim", "state_dtype"))
    update: Content = (
        italic("S"), " ← ", italic("S"), " diag(", italic("α"), ") + ", italic("β"), " (",
        italic("v"), " − ", italic("S"), " diag(", italic("α"), ") ", italic("k"), ") ",
        italic("k"), superscript("T"),
    )  # fmt: skip
    reading: Content = (italic("o"), " = ", italic("S q"), by)
    formulas(streams.sheet, node, (update, reading), _sizes(use.block))
    return node


def _output(streams: Lanes, use: Use, read: Node) -> float:
    """Each head is normed, then a sigmoid gate decides channel by channel."""
    block, sheet, x = use.block, streams.sheet, read.centre.x
    about = use.about(block.part("output_norm"))
    norm = sheet.add(pill(x, read.top.y - GAP - 11, "RMSNorm", note="per head", about=about))
    sheet.wire(read.top, norm.bottom)
    y, meaning = read.centre.y, use.facts("output gate", "gate_rank")
    gate = pill(streams.at["g"], y, "sigmoid", "linear", size=11, about=meaning)
    times = gated(streams, norm, "g", gate)
    inner = block.number("heads") * block.number("head_dim")
    return leave(sheet, back(streams, use, times, inner))
