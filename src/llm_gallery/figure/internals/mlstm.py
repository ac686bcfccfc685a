"""mLSTM as a drawing: a matrix memory that two gates a head write and forget, with a normalizer beside it.

Paper: https://arxiv.org/abs/2405.04517
"""

from __future__ import annotations

from math import isqrt

from llm_gallery.architecture.block import Block
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
    fork,
    lanes,
    leave,
)
from llm_gallery.figure.internals._state import (
    PANEL,
    WIDE,
    aside,
    back,
    formulas,
    gated,
    keeping,
    over,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.text import Content, italic, superscript

ROLES = {
    "q": "query",
    "k": "key",
    "v": "value",
    "i": "input_gate",
    "f": "forget_gate",
    "o": "gate",
}
"""Streams, and the roles of their matrices."""
GATES = {"i": ("exp", "i = exp(input gate)"), "f": ("sigmoid", "f = sigmoid(forget gate)")}
BROADEST = 112


def inset(use: Use) -> Inset:
    """The drawing, with the memory's update and reading as formulas."""
    panel = PANEL if use.width >= WIDE else 0
    streams = lanes(Sheet(), list(ROLES), MARGIN, use.width - max(MARGIN, panel), BROADEST)
    _projections(streams, use)
    _gates(streams, use)
    high = _output(streams, use, _memory(streams, use))
    if panel:
        dtype = str(use.block.value("state_dtype"))
        high = keeping(streams.sheet, use.width, high, _sizes(use.block), dtype)
        said = f"beside each: n of {use.block.number('key_dim'):,}, a maximum"
        streams.sheet.label(use.width - PANEL + 34, -14, said, size=11)
    return Inset(
        title="mLSTM",
        note=use.note("a state, not a cache"),
        mechanism="linear",
        body=body(streams.sheet, use.width, high),
    )


def _sizes(block: Block) -> tuple[int, int, int]:
    """How many memories, and the rows and columns of each."""
    return block.number("heads"), block.number("key_dim"), block.number("value_dim")


def _projections(streams: Lanes, use: Use) -> None:
    heads, key, value = _sizes(use.block)
    outputs = {
        "q": heads * key, "k": heads * key, "v": heads * value,
        "i": heads, "f": heads, "o": heads * value,
    }  # fmt: skip
    names: list[Content] = [italic(name) for name in ROLES]
    counts = [outputs[name] for name in ROLES]
    forms = [[arrow("", count) for count in counts], [f"{count:,}" for count in counts]]
    for name, symbol, shape in zip(ROLES, names, fitting(names, forms, streams.box), strict=True):
        about = use.about(use.block.part(ROLES[name]))
        x, wide = streams.at[name], streams.box
        streams.rise(name, matrix(x, FIRST, symbol, shape, "linear", wide=wide, about=about))
    middle = streams.middle("q", "o")
    fork(streams.sheet, middle, [Point(x, FIRST + 13) for x in streams.at.values()])
    biased = "with bias: all" if use.block.value("bias") else "with bias: i, f"
    streams.sheet.label(middle + 8, FOOT - 1, biased, size=SMALL)


def _gates(streams: Lanes, use: Use) -> None:
    """Both gates are capped before their function, so that the exponential one stays in range."""
    cap = use.block.value("gate_softcap")
    for name, (said, meaning) in GATES.items():
        if cap is not None:
            y, about = streams.tips[name].y - GAP - 11, use.facts("softcap", "gate_softcap")
            words = f"± {cap:g}"
            x, wide = streams.at[name], streams.box
            streams.rise(name, pill(x, y, words, "linear", wide=wide, size=11, about=about))
        y, about = streams.tips[name].y - GAP - 11, use.facts(meaning, "heads")
        x, wide = streams.at[name], streams.box
        streams.rise(name, pill(x, y, said, "linear", wide=wide, size=11, about=about))


def _memory(streams: Lanes, use: Use) -> Node:
    block, sheet = use.block, streams.sheet
    about = use.facts("memory", "heads", "key_dim", "value_dim", "state_dtype")
    node = over(streams, "q", "f", about)
    root = isqrt(block.number("key_dim"))
    by = f"{root}" if root * root == block.number("key_dim") else f"√{block.number('key_dim')}"
    update: Content = (
        italic("S"), " ← ", italic("f S"), " + ", italic("i v k"), superscript("T"),
    )  # fmt: skip
    reading: Content = (italic("h"), " = ", italic("S q"), f" / {by} / ", italic("d"))
    formulas(sheet, node, (update, reading), _sizes(block))
    beside: Content = (
        italic("n"), " ← ", italic("f n"), " + ", italic("i k"), ", ",
        italic("d"), " = max(|", italic("n q"), "|, 1)",
    )  # fmt: skip
    aside(sheet, node, beside)
    return node


def _output(streams: Lanes, use: Use, memory: Node) -> float:
    """Each head is normed by itself, then the output gate decides channel by channel."""
    block, sheet, x = use.block, streams.sheet, memory.centre.x
    about = use.about(block.part("output_norm"))
    norm = sheet.add(pill(x, memory.top.y - GAP - 11, "LayerNorm", note="per head", about=about))
    sheet.wire(memory.top, norm.bottom)
    y, about = memory.centre.y, use.facts("o = sigmoid(output gate)", "heads")
    gate = pill(streams.at["o"], y, "sigmoid", "linear", size=11, about=about)
    times = gated(streams, norm, "o", gate)
    inner = block.number("heads") * block.number("value_dim")
    return leave(sheet, back(streams, use, times, inner))
