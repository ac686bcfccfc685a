"""Attention between bytes and patches as a drawing: queries rise from what asks, keys and values from what is asked."""

from __future__ import annotations

from llm_gallery.figure.internals._board import Board
from llm_gallery.figure.internals._fitting import arrow, fit_shape, on_hero
from llm_gallery.figure.internals._lanes import Trunk, lanes
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.kit.blocks import pill
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.figure.kit.text import formula, italic
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import MIXING


def forms(vectors: int) -> dict[str, str]:
    """What is asked, in words."""
    return {"bytes": "bytes", "patches": f"{vectors:,} vectors"}


def inset(use: Use) -> Inset:
    """Queries at the left; keys and values of one patch, whose bytes or vectors are normed first."""
    block = use.block
    sheet = Board(use=use, colour=colour_of(block))
    streams = lanes(sheet, ["q", "k", "v"], 150)
    roles = {"q": "query", "k": "key", "v": "value"}
    (x, wide), low = streams.across("k", "v"), sheet.spacing.first + 40
    vectors = block.number("vectors")
    seen = {str(one.value("asked")) for one, _ in use.variants}
    words = " or ".join(said for who, said in forms(vectors).items() if who in seen) + " of a patch"
    answer = use.facts("what is asked", "asked", "vectors")
    asked = pill(x, low, words, MIXING, wide=wide, about=answer)
    streams.through(asked, "k", "v")
    normed = pill(x, streams.above("k"), "RMSNorm", wide=wide, about=use.about("asked_norm"))
    streams.through(normed, "k", "v")
    for name, role in roles.items():
        given = size(block.part(role), "outputs")
        shape = fit_shape(italic(name), [arrow("", given), f"{given:,}"], streams.box)
        node = streams.matrix(name, italic(name), shape, use.about(role))
        if name == "q":
            sheet.fork(streams.at[name], [node.bottom])
    about = use.facts("patch attention", "heads", "kv_heads", "head_dim")
    softmax = streams.over(("q", "k", "v"), high=36, gap=34, about=about)
    on_hero(sheet, softmax, 0, formula("softmax( _q k_^T^ / √_d_ ) _v_"), sheet.colour)
    trunk = Trunk(sheet, softmax.top)
    out = arrow(size(block.part("output"), "inputs"), size(block.part("output"), "outputs"))
    trunk.matrix("out", out, about=use.about("output"))
    return sheet.inset("Patch attention", trunk.leave(), "within one patch")
