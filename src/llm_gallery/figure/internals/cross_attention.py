"""Cross-attention as a drawing: queries rise from the stream, keys and values from what a tower gave."""

from __future__ import annotations

from llm_gallery.figure.internals._board import Board
from llm_gallery.figure.internals._fitting import arrow, fit_shape, on_hero
from llm_gallery.figure.internals._lanes import Trunk, lanes
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.kit.blocks import pill
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.figure.kit.text import formula, italic
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import TABLES


def inset(use: Use) -> Inset:
    """Queries at the left; keys and values from a picture, queries and keys normed where they are; then what joins the stream."""
    block = use.block
    sheet = Board(use=use, colour=colour_of(block))
    streams = lanes(sheet, ["q", "k", "v"], 150)
    roles = {"q": "query", "k": "key", "v": "value"}
    (x, wide), low = streams.across("k", "v"), sheet.spacing.first + 40
    seen = pill(x, low, "from a picture", TABLES, wide=wide)
    streams.through(seen, "k", "v")
    for name, role in roles.items():
        given = size(block.part(role), "outputs")
        shape = fit_shape(italic(name), [arrow("", given), f"{given:,}"], streams.box)
        node = streams.matrix(name, italic(name), shape, use.about(role))
        if name == "q":
            sheet.fork(streams.at[name], [node.bottom])
    for name in "qk" if block.part("query_norm") is not None else "":
        streams.norm(name, use.about(f"{roles[name]}_norm"), wide=96)
    about = use.facts("cross-attention", "heads", "kv_heads", "head_dim")
    softmax = streams.over(("q", "k", "v"), high=36, gap=34, about=about)
    words = formula("softmax( _q k_^T^ / √_d_ ) _v_")
    on_hero(sheet, softmax, 0, words, sheet.colour)
    trunk = Trunk(sheet, softmax.top)
    out = arrow(size(block.part("output"), "inputs"), size(block.part("output"), "outputs"))
    trunk.matrix("out", out, about=use.about("output"))
    return sheet.inset("Cross-attention", trunk.leave(), "only where a picture is read")
