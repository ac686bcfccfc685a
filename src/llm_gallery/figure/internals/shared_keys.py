"""Attention to an earlier layer's keys and values as a drawing: only queries are its own."""

from __future__ import annotations

from llm_gallery.architecture.reach import reach
from llm_gallery.figure.internals._fitting import arrow, on_hero
from llm_gallery.figure.internals._lanes import FIRST, MARGIN, Trunk, body, fork, lanes
from llm_gallery.figure.internals._scores import over_root
from llm_gallery.figure.internals._use import Use, either, size
from llm_gallery.figure.kit.blocks import Sheet, pill
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.figure.kit.text import formula, italic
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.attention import sharing
from llm_gallery.mechanisms.attention_lanes import part_of_head, rotated
from llm_gallery.mechanisms.colour import Colour

SHARING = {"MHA": "multi-head", "GQA": "grouped queries", "MQA": "one key, value head"}


def inset(use: Use) -> Inset:
    """Queries rise at the left; keys and values come in from elsewhere, already normed and rotated."""
    block = use.block
    colour: Colour = colour_of(block) if use.count(reach) == use.layers else "full"
    streams = lanes(Sheet(), ["q", "k", "v"], MARGIN, use.width - MARGIN, 170)
    sheet = streams.sheet
    queries = either(b.number("heads") * b.number("head_dim") for b, _ in use.variants)
    about = use.about(block.part("query"))
    node = streams.matrix("q", italic("q"), arrow("", queries), colour, about)
    x = streams.at["q"]
    fork(sheet, x, [node.bottom])
    about = use.about(block.part("query_norm"))
    streams.rise("q", pill(x, streams.above("q"), "RMSNorm", wide=96, about=about))
    if rotated(block):
        every = len({b.value("rotated") for b, _ in use.variants}) == 1
        note, about = part_of_head(block) if every else "", use.facts("RoPE", "position", "rotated")
        y = streams.above("q")
        streams.rise("q", pill(x, y, "RoPE", "position", note=note, wide=96, about=about))
    about = use.facts("keys and values of an earlier layer", "shared_kv", "kv_heads")
    x, y, wide = streams.middle("k", "v"), FIRST - 40, streams.span("k", "v")
    lent = pill(x, y, "from an earlier layer's cache", colour, wide=wide, about=about)
    streams.through(lent, "k", "v")
    y = min(tip.y for tip in streams.tips.values()) - 14
    about = use.facts("attention", "heads", "kv_heads", "head_dim", "scale_dim")
    softmax = streams.over(("q", "k", "v"), colour, high=36, gap=34, about=about)
    for name in ("k", "v"):
        sheet.label(streams.at[name] + 8, y, italic(name), size=13, role="ink")
    words = formula(f"softmax( _q k_^T^{over_root(block)} ) _v_")
    on_hero(sheet, softmax, 0, words, colour)
    trunk = Trunk(sheet, softmax.top)
    shape = arrow(queries, size(block.part("query"), "inputs"))
    trunk.matrix("out", shape, colour, about=use.about(block.part("output")))
    return use.inset(
        "Shared keys and values",
        colour,
        body(sheet, use.width, trunk.leave()),
        SHARING[sharing(block)],
    )
