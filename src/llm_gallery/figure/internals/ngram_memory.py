"""A memory of n-grams as a drawing: the last tokens pick rows of large tables, which join the stream.

Papers: https://arxiv.org/abs/2501.16975 (n-gram embeddings), https://arxiv.org/abs/2601.07372 (Engram)
"""

from __future__ import annotations

from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._lanes import (
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    Lanes,
    arrow,
    body,
    fitting,
    lanes,
    leave,
    on_hero,
    snug,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, hero, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import operation
from llm_gallery.figure.kit.text import Content, italic, width

BROADEST = 190
TINT = "embedding.tint"


def inset(use: Use) -> Inset:
    """Gated by how well key and stream agree where there is a key; else averaged with the token's embedding."""
    block = use.block
    matched = block.part("key") is not None
    names = ("value", "key", "stream") if matched else ("rows", "token")
    streams = lanes(Sheet(), names, MARGIN, use.width - MARGIN, BROADEST)
    high = _matched(streams, use) if matched else _averaged(streams, use)
    table = block.child("lookup_table")
    stored = (
        "" if table is None else f"{short(table.number('rows') * table.number('width'))} stored"
    )
    return Inset(
        title="N-gram memory",
        note=use.note(stored),
        mechanism="embedding",
        body=body(streams.sheet, use.width, high),
    )


def _looked_up(streams: Lanes, use: Use, *over: str) -> Node:
    """Hashes of the last tokens, and the rows that they pick."""
    sheet, block = streams.sheet, use.block
    x, wide = streams.middle(over[0], over[-1]), streams.span(over[0], over[-1])
    longest, read = block.number("longest"), block.number("read")
    ngrams = "pairs" if longest == 2 else f"2 to {longest:,}"
    forms = [
        (f"hashes of the last {ngrams} tokens", ""),
        (f"the last {ngrams} tokens", ""),
        (f"last {ngrams}", ""),
    ]
    about = use.facts("hashes of the last tokens", "longest", "read")
    node = sheet.add(snug(x, FOOT - 31, forms, "convolution", wide, about=about))
    sheet.wire(Point(x, FOOT), node.bottom)
    sheet.label(x + 8, FOOT - 5, "token ids", size=SMALL)
    table = block.child("lookup_table")
    held = sheet.add(
        hero(
            x,
            node.top.y - GAP - 22,
            "",
            "embedding",
            wide=wide,
            high=44,
            about=use.about(table, "tables that the hashes index"),
        )
    )
    sheet.wire(node.top, held.bottom)
    each = 0 if table is None else table.number("width")
    tables = [own for b, _ in use.variants if (own := b.child("lookup_table")) is not None]
    rows = list(dict.fromkeys(own.number("rows") for own in tables))
    lines = [
        f"{read:,} of {' / '.join(form(count) for count in rows)} rows"
        for form in ("{:,}".format, short)
    ]
    first = next((line for line in lines if width(line, 13, 500) <= wide - 12), lines[-1])
    on_hero(sheet, held, -8, first, "embedding", size=13)
    on_hero(sheet, held, 10, f"{each:,} numbers each", "embedding", size=11)
    return held


def _matched(streams: Lanes, use: Use) -> float:
    """A key for the stream and a value; their gate is a sigmoid of the signed root of key times stream."""
    sheet, block = streams.sheet, use.block
    held = _looked_up(streams, use, "value", "key")
    for name in ("value", "key"):
        streams.tips[name] = Point(streams.at[name], held.top.y)
    y = held.top.y - GAP - 13
    outputs = _outputs(block)
    forms = [[arrow("", width) for width in outputs.values()], list(outputs.values())]
    shapes = fitting(list(outputs), forms, streams.box)
    for name, shape in zip(outputs, shapes, strict=True):
        x, about = streams.at[name], use.about(block.part(name))
        streams.rise(name, matrix(x, y, name, shape, "embedding", wide=streams.box, about=about))
    x = streams.at["stream"]
    streams.tips["stream"] = Point(x, FOOT)
    sheet.label(x + 8, FOOT - 5, "the stream", size=SMALL)
    y = streams.tips["key"].y - GAP - 11
    norms = {"key": block.part("key_norm"), "stream": block.part("query_norm")}
    scales = use.about(block.child("key_scale"), "norms of key and stream, with a scale a channel")
    for name, norm in norms.items():
        about = use.about(norm) or scales
        wide = min(84.0, streams.box)
        streams.rise(name, pill(streams.at[name], y, "RMSNorm", wide=wide, about=about))
    gate: Content = ("sigmoid( ± √|", italic("key · stream"), "| )")
    node = pill(
        streams.middle("key", "stream"),
        y - 11 - GAP - 12,
        gate,
        "embedding",
        wide=streams.span("key", "stream"),
        high=24,
        about=use.facts("gate: how well key and stream agree", "read"),
    )
    sheet.add(node)
    streams.into(node, "key", "stream")
    times = sheet.add(operation(streams.at["value"], node.centre.y, "×", ground=TINT))
    sheet.wire(streams.tips["value"], times.bottom)
    sheet.wire(node.left, times.right)
    last = times
    if (convolution := block.child("convolution")) is not None:
        taps = convolution.number("taps")
        said = (
            (f"+ convolution of its norm, {taps} taps", ""),
            (f"+ convolution, {taps} taps", ""),
            (f"+ conv {taps}", ""),
        )
        about = use.about(convolution, "SiLU of a dilated convolution of the norm, added")
        middle, wide = times.top.x, streams.span("value", "key")
        y = times.top.y - GAP - 11
        left = streams.at["value"] - streams.box / 2
        last = snug(left + wide / 2, y, said, "convolution", wide, about=about)
        sheet.add(last)
        sheet.wire(times.top, Point(middle, last.bottom.y))
    top = Point(times.top.x, last.top.y)
    over = min(top.y, node.top.y)
    sheet.wire(top, Point(top.x, over - 18))
    sheet.label(top.x + 8, over - 7, "added to the stream", size=SMALL)
    return 4 - (over - 18)


def _outputs(block: Block) -> dict[str, str]:
    """How wide the value and the keys are: one key for each residual stream."""
    joint = block.part("key", "value")
    if joint is not None:
        scales = block.child("key_scale")
        streams = 1 if scales is None or not scales.tensors else scales.tensors[0].shape[0]
        size = joint.number("outputs") // (streams + 1)
    else:
        key, value = block.part("key"), block.part("value")
        size = 0 if value is None else value.number("outputs")
        streams = 1 if key is None or not size else key.number("outputs") // size
    return {"value": f"{size:,}", "key": f"{size:,}" if streams == 1 else f"{streams} × {size:,}"}


def _averaged(streams: Lanes, use: Use) -> float:
    """Each row has a map to the stream of its own; all are averaged with the token's own embedding."""
    sheet, block = streams.sheet, use.block
    held = _looked_up(streams, use, "rows")
    maps = [child for child in block.inside if child.kind == "linear"]
    x, last = streams.at["rows"], held
    if maps:
        shape = arrow(maps[0].number("inputs"), maps[0].number("outputs"))
        name, y = f"{len(maps):,} maps", held.top.y - GAP - 13
        said = fitting([name], [[shape], [arrow("", maps[0].number("outputs"))]], streams.box)[0]
        about = use.about(maps[0], "one map for each row that is read")
        last = sheet.add(matrix(x, y, name, said, "embedding", wide=streams.box, about=about))
        sheet.wire(held.top, last.bottom)
    total = sheet.add(operation(x, last.top.y - 22, "+", ground=TINT))
    sheet.wire(last.top, total.bottom)
    at = streams.at["token"]
    y = last.centre.y
    token = sheet.add(pill(at, y, "token's embedding", "embedding", dashed=True))
    sheet.wire(token.top, Point(at, total.right.y), total.right)
    sheet.label(
        total.left.x - 6,
        total.centre.y + 4,
        f"average of {len(maps) + 1:,}",
        size=SMALL,
        anchor="end",
    )
    return leave(sheet, total)
