"""Attention to an earlier layer's keys and values as a drawing: only queries are its own, and what is made of the heads."""

from __future__ import annotations

from llm_gallery.architecture.reach import reach
from llm_gallery.figure.internals._board import Board
from llm_gallery.figure.internals._fitting import arrow, fit_shape, on_hero
from llm_gallery.figure.internals._lanes import Trunk, lanes
from llm_gallery.figure.internals._scores import over_root
from llm_gallery.figure.internals._use import Use, either, size
from llm_gallery.figure.kit.blocks import pill
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.figure.kit.text import formula, italic
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.attention_lanes import part_of_head, rotated, symbols
from llm_gallery.mechanisms.attention_told import sharing
from llm_gallery.mechanisms.colour import Colour

SHARING = {"MHA": "multi-head", "GQA": "grouped queries", "MQA": "one head of keys and values"}


def colour(use: Use) -> Colour:
    """That of what limits the view, where all layers have such a limit."""
    return colour_of(use.block) if use.count(reach) == use.layers else "full"


def inset(use: Use) -> Inset:
    """Queries rise at the left; keys and values come in from elsewhere, already normed and rotated."""
    block = use.block
    sheet = Board(use=use, colour=colour(use))
    streams = lanes(sheet, ["q", "k", "v"], 170)
    queries = either(b.number("heads") * b.number("head_dim") for b, _ in use.variants)
    shape = fit_shape(italic("q"), [arrow("", queries), queries], streams.box)
    node = streams.matrix("q", italic("q"), shape, use.about("query"))
    x = streams.at["q"]
    sheet.fork(x, [node.bottom])
    if block.part("query_norm") is not None:
        streams.norm("q", use.about("query_norm"), wide=96)
    if rotated(block):
        every = len({b.value("rotated") for b, _ in use.variants}) == 1
        note, about = part_of_head(block) if every else "", use.facts("RoPE", "position", "rotated")
        y = streams.above("q")
        streams.rise("q", pill(x, y, "RoPE", "position", note=note, wide=96, about=about))
    about = use.facts("keys and values of an earlier layer", "shared_kv", "kv_heads")
    (x, wide), y = streams.across("k", "v"), sheet.spacing.first - 40
    lent = pill(x, y, "from an earlier layer's cache", sheet.colour, wide=wide, about=about)
    streams.through(lent, "k", "v")
    y = min(tip.y for tip in streams.tips.values()) - 14
    about = use.facts("attention", "heads", "kv_heads", "head_dim", "scale_dim")
    softmax = streams.over(("q", "k", "v"), high=36, gap=34, about=about)
    for name in ("k", "v"):
        sheet.label(streams.at[name] + 8, y, italic(name), size=13, role="ink")
    words = formula(f"softmax( _q k_^T^{over_root(use)} ) _v_")
    on_hero(sheet, softmax, 0, words, sheet.colour)
    trunk = Trunk(sheet, softmax.top)
    if "noise_heads" in block.facts:
        noise = block.number("noise_heads")
        about = use.facts("how much of the noise is subtracted", "noise_heads")
        words = f"{block.number('heads') - noise:,} heads − λ · {noise:,} noise"
        trunk.pill(words, sheet.colour, about=about)
        trunk.pill("RMSNorm", about=use.about("output_norm"))
    shape = arrow(queries, size(block.part("query"), "inputs"))
    trunk.matrix("out", shape, about=use.about("output"))
    sheet.symbols = symbols(use.variants)
    return sheet.inset("Shared keys and values", trunk.leave(), SHARING[sharing(block)])
