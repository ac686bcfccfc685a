"""The indexer of sparse attention as a drawing, below the attention that sees only what it chooses.

Paper: https://arxiv.org/abs/2512.02556
"""

from __future__ import annotations

from llm_gallery.architecture.block import join
from llm_gallery.figure.blocks import Content, Sheet, dot, drum, hero, matrix, pill
from llm_gallery.figure.internals._lanes import (
    BUS,
    FIRST,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    Lanes,
    arrow,
    fitting,
    lanes,
    leave,
    on_hero,
)
from llm_gallery.figure.internals._use import Use, part
from llm_gallery.figure.shapes import Line, Point, moved
from llm_gallery.figure.text import italic, superscript

NAMES = ("q", "k", "w")
BROADEST = 210
BETWEEN = 34
"""Px between the two drawings, the second one's title included."""


def chosen(use: Use) -> str:
    """Which tokens attention sees, in the words of its block; nothing where it sees all."""
    if "selected" not in use.block.facts:
        return ""
    whose = "an earlier layer's indexer" if "shared_index" in use.block.facts else "the indexer"
    return f"over the {use.block.number('selected'):,} tokens that {whose} chose"


def below(use: Use, above: Sheet, high: float) -> tuple[Sheet, float]:
    """The attention's drawing with its indexer under it, if it has one of its own, and their height."""
    block = use.block.child("indexer")
    if block is None:
        return above, high
    own = Use(
        path=join(use.path, block.name),
        variants=((block, use.layers),),
        width=use.width,
        where=use.where,
        full=use.full,
    )
    sheet = Sheet()
    tall = _drawing(sheet, own, use.block.number("selected"))
    y = -tall - 12
    ends = (Point(MARGIN, y), Point(use.width - MARGIN, y))
    sheet.put(Line(points=ends, kind="rule", role="latent.edge", thickness=1))
    sheet.label(MARGIN, 12 - tall, "Indexer", size=12, weight=600, role="latent.text")
    sheet.put(*moved(tuple(above.shapes), 0, -tall - BETWEEN + 10))
    return sheet, high + tall + BETWEEN - 10


def _drawing(sheet: Sheet, use: Use, selected: int) -> float:
    streams = lanes(sheet, NAMES, MARGIN, use.width - MARGIN, BROADEST)
    _projections(streams, use)
    _norm_and_rotation(streams, use)
    x = streams.at["k"]
    sheet.put(drum(x - 20, streams.tips["k"].y - 17))
    sheet.label(x + 8, streams.tips["k"].y - 8, "cached", size=SMALL, weight=500, role="ink")
    node = sheet.add(
        hero(
            x,
            min(tip.y for tip in streams.tips.values()) - 24 - 25,
            "",
            "latent",
            wide=streams.span("q", "w"),
            high=50,
            about=use.facts("score of each earlier token", "heads", "head_dim"),
        )
    )
    streams.into(node, *NAMES)
    score: Content = (
        "score = Σ ", italic("w"), " ReLU( ", italic("q k"), superscript("T"), " )",
    )  # fmt: skip
    on_hero(sheet, node, -7, score, "latent")
    on_hero(sheet, node, 13, f"the {selected:,} best tokens go on", "latent", size=11)
    return leave(sheet, node)


def _projections(streams: Lanes, use: Use) -> None:
    """Queries come from the attention's query latent, the one key and the heads' weights from the input."""
    block = use.block
    heads, size = block.number("heads"), block.number("head_dim")
    query, key, weights = (part(block, name) for name in ("wq", "wk", "weights"))
    rank = 0 if query is None else query.number("inputs")
    width = 0 if key is None else key.number("inputs")
    names: list[Content] = [italic(name) for name in NAMES]
    forms = [
        [f"{rank:,} → {heads:,} × {size:,}", arrow(width, size), arrow(width, heads)],
        [f"→ {heads:,} × {size:,}", arrow("", size), arrow("", heads)],
        [f"{heads:,} × {size:,}", f"{size:,}", f"{heads:,}"],
    ]
    stored = dict(zip(NAMES, (query, key, weights), strict=True))
    for name, symbol, shape in zip(NAMES, names, fitting(names, forms, streams.box), strict=True):
        x, wide, about = streams.at[name], streams.box, use.about(stored[name])
        streams.rise(name, matrix(x, FIRST, symbol, shape, "latent", wide=wide, about=about))
    sheet, q = streams.sheet, streams.at["q"]
    sheet.wire(Point(q, FOOT), Point(q, FIRST + 13))
    sheet.label(q + 8, FOOT - 3, "query latent", size=SMALL)
    start = Point(streams.middle("k", "w"), BUS)
    sheet.wire(Point(start.x, FOOT), start, arrow=False)
    for name in ("k", "w"):
        x = streams.at[name]
        sheet.wire(start, Point(x, BUS), Point(x, FIRST + 13))
    sheet.put(dot(*start))


def _norm_and_rotation(streams: Lanes, use: Use) -> None:
    block = use.block
    x, y = streams.at["k"], streams.tips["k"].y - GAP - 11
    about = use.about(part(block, "k_norm"))
    streams.rise("k", pill(x, y, "LayerNorm", wide=96, about=about))
    if not block.number("rotated"):
        return
    y = streams.tips["k"].y - GAP - 11
    partly = f"{block.number('rotated'):,} / {block.number('head_dim'):,}"
    for name in ("q", "k"):
        about = use.facts("RoPE", "rotated")
        x = streams.at[name]
        streams.rise(name, pill(x, y, "RoPE", "position", note=partly, wide=96, about=about))
