"""Attention to an earlier layer's keys and values as a drawing: only queries are its own."""

from __future__ import annotations

from math import isqrt

from llm_gallery.architecture.reach import reach
from llm_gallery.figure.internals._lanes import (
    FIRST,
    GAP,
    MARGIN,
    arrow,
    body,
    fork,
    lanes,
    leave,
    on_hero,
)
from llm_gallery.figure.internals._use import Use, either
from llm_gallery.figure.kit.blocks import Sheet, hero, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.text import Content, italic, superscript
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.attention import sharing
from llm_gallery.mechanisms.colour import Colour

SHARING = {"MHA": "multi-head", "GQA": "grouped queries", "MQA": "one key, value head"}


def inset(use: Use) -> Inset:
    """Queries rise at the left; keys and values come in from elsewhere, already normed and rotated."""
    block = use.block
    colour: Colour = colour_of(block) if use.count(reach) == use.layers else "full"
    streams = lanes(Sheet(), ["q", "k", "v"], MARGIN, use.width - MARGIN, 170)
    sheet, dim = streams.sheet, block.number("head_dim")
    queries = either(b.number("heads") * b.number("head_dim") for b, _ in use.variants)
    query, out = block.part("query"), block.part("output")
    width = 0 if query is None else query.number("inputs")
    x, wide = streams.at["q"], streams.box
    shape = arrow("", queries)
    node = matrix(x, FIRST, italic("q"), shape, colour, wide=wide, about=use.about(query))
    streams.rise("q", node)
    fork(sheet, x, [node.bottom])
    about = use.about(block.part("query_norm"))
    streams.rise("q", pill(x, streams.tips["q"].y - GAP - 11, "RMSNorm", wide=96, about=about))
    if block.value("position") == "rope":
        rotated = block.value("rotated")
        every = all(b.value("rotated") == rotated for b, _ in use.variants)
        note = "" if rotated in (None, dim) or not every else f"{rotated} / {dim}"
        y, about = streams.tips["q"].y - GAP - 11, use.facts("RoPE", "position", "rotated")
        streams.rise("q", pill(x, y, "RoPE", "position", note=note, wide=96, about=about))
    y = FIRST - 40
    about = use.facts("keys and values of an earlier layer", "shared_kv", "kv_heads")
    middle = streams.middle("k", "v")
    wide = streams.span("k", "v")
    node = pill(middle, y, "from an earlier layer's cache", colour, wide=wide, about=about)
    sheet.add(node)
    streams.tips |= {name: Point(streams.at[name], node.top.y) for name in ("k", "v")}
    top = min(tip.y for tip in streams.tips.values())
    softmax = sheet.add(
        hero(
            streams.at["k"],
            top - 34 - 18,
            "",
            colour,
            wide=streams.span("q", "v"),
            high=36,
            about=use.facts("attention", "heads", "kv_heads", "head_dim", "scale_dim"),
        )
    )
    for name in ("k", "v"):
        sheet.label(streams.at[name] + 8, top - 14, italic(name), size=13, role="ink")
    streams.into(softmax, "q", "k", "v")
    scale = block.number("scale_dim")
    root = isqrt(scale)
    by = "" if scale == 1 else f" / {root}" if root * root == scale else f" / √{scale}"
    formula: Content = ("softmax( ", italic("q k"), superscript("T"), f"{by} ) ", italic("v"))
    on_hero(sheet, softmax, 0, formula, colour)
    y = softmax.top.y - GAP - 13
    last = matrix(softmax.top.x, y, "out", arrow(queries, width), colour, about=use.about(out))
    sheet.wire(softmax.top, sheet.add(last).bottom)
    return Inset(
        title="Shared keys and values",
        note=use.note(SHARING[sharing(block)]),
        mechanism=colour,
        body=body(sheet, use.width, leave(sheet, last)),
    )
