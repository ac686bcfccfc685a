"""RWKV-4's channel mixing as a drawing: a squared ReLU between two matrices, gated by the receptance.

Paper: https://arxiv.org/abs/2305.13048
"""

from __future__ import annotations

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.figure.internals._lanes import GAP, MARGIN, arrow, body, lanes, leave
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.internals.rwkv import gate, projections, shift
from llm_gallery.figure.kit.blocks import Sheet, matrix, pill
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.mechanisms.activation import activation

NAMES = {"k": "key", "r": "receptance"}
BROADEST = 190


def inset(use: Use) -> Inset:
    """The drawing; key and value are what other models call up and down."""
    block = use.block
    streams = lanes(Sheet(), list(NAMES), MARGIN, use.width - MARGIN, BROADEST)
    width, inner = block.number("width"), block.number("inner")
    shift(streams, use, "mlp")
    projections(streams, use, NAMES, {"k": inner, "r": width}, "mlp")
    x, y = streams.at["k"], streams.tips["k"].y - GAP - 10
    said, about = activation(str(block.value("activation"))), use.facts("activation", "activation")
    streams.rise("k", pill(x, y, said, "mlp", size=11, high=20, about=about))
    value, y = block.part("value"), streams.tips["k"].y - GAP - 13
    shape = arrow(inner, width)
    down = streams.rise("k", matrix(x, y, "value", shape, "mlp", about=use.about(value)))
    last = gate(streams, use, "r", down, "mlp")
    return Inset(
        title="RWKV channel mixing",
        note=use.note(short(stored(block))),
        mechanism="mlp",
        body=body(streams.sheet, use.width, leave(streams.sheet, last)),
    )
