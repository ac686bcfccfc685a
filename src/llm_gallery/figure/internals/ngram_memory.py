"""A memory of n-grams as a drawing: the last tokens pick rows of large tables, which join the stream.

Papers: https://arxiv.org/abs/2501.16975 (n-gram embeddings), https://arxiv.org/abs/2601.07372 (Engram)
"""

from __future__ import annotations

from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._board import FOOT, Board
from llm_gallery.figure.internals._fitting import SMALL, arrow, fit_shape, fitting, on_hero, snug
from llm_gallery.figure.internals._lanes import Lanes, Trunk, lanes
from llm_gallery.figure.internals._use import Use, size
from llm_gallery.figure.kit.blocks import Node, hero, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import operation
from llm_gallery.figure.kit.text import formula, width
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import MIXING
from llm_gallery.mechanisms.convolution import convolution_of, convolved
from llm_gallery.mechanisms.ngram_memory import lookup_table, shortest
from llm_gallery.mechanisms.norms import key_scale

BROADEST = 190


def inset(use: Use) -> Inset:
    """Gated by how well key and stream agree where there is a key; else averaged with the token's embedding."""
    block = use.block
    matched = block.part("key") is not None
    names = ("value", "key", "stream") if matched else ("rows", "token")
    sheet = Board(use=use, colour=colour_of(block))
    streams = lanes(sheet, names, BROADEST)
    high = _matched(streams) if matched else _averaged(streams)
    table = lookup_table(block)
    elements = 0 if table is None else table.number("rows") * table.number("width")
    return sheet.inset("N-gram memory", high, f"{short(elements)} stored" if elements else "")


def _looked_up(streams: Lanes, *over: str) -> Node:
    """Hashes of the last tokens, and the rows that they pick."""
    sheet, use, block = streams.sheet, streams.use, streams.use.block
    x, wide = streams.across(*over)
    longest, read = block.number("longest"), block.number("read")
    ngrams = "pairs" if longest == 2 else f"{shortest(block):,} to {longest:,}"
    forms = [(f"hashes of the last {ngrams} tokens", ""), (f"the last {ngrams} tokens", "")]
    forms.append((f"last {ngrams}", ""))
    about = use.facts("hashes of the last tokens", "longest", "read")
    hashes = sheet.add(snug(x, FOOT - 31, forms, MIXING, wide, about=about))
    sheet.side_input(x, "token ids", hashes.bottom.y, down=5)
    table = lookup_table(block)
    trunk, answer = Trunk(sheet, hashes.top), use.about(table, "tables that the hashes index")
    node = trunk.join(hero(x, trunk.above(44), "", sheet.colour, wide=wide, high=44, about=answer))
    tables = [own for b, _ in use.variants if (own := lookup_table(b)) is not None]
    rows = list(dict.fromkeys(own.number("rows") for own in tables))
    forms_of = ("{:,}".format, short)
    lines = [f"{read:,} of {' / '.join(map(form, rows))} rows" for form in forms_of]
    first = next((line for line in lines if width(line, 13, 500) <= wide - 12), lines[-1])
    on_hero(sheet, node, -8, first, sheet.colour, size=13)
    on_hero(sheet, node, 10, f"{size(table, 'width'):,} numbers each", sheet.colour, size=SMALL)
    return node


def _matched(streams: Lanes) -> float:
    """A key for the stream and a value; their gate is a sigmoid of the signed root of key times stream."""
    sheet, use, block = streams.sheet, streams.use, streams.use.block
    table = _looked_up(streams, "value", "key")
    for name in ("value", "key"):
        streams.tips[name] = Point(streams.at[name], table.top.y)
    outputs = _outputs(block)
    forms = [[arrow("", count) for count in outputs.values()], list(outputs.values())]
    shapes = fitting(list(outputs), forms, streams.box)
    for name, shape in zip(outputs, shapes, strict=True):
        streams.matrix(name, name, shape, use.about(name))
    streams.enter("stream", "the stream")
    y = streams.above("key")
    norms = {"key": block.part("key_norm"), "stream": block.part("query_norm")}
    scales = use.about(key_scale(block), "norms of key and stream, with a scale a channel")
    for name, norm in norms.items():
        streams.norm(name, use.about(norm) or scales, y=y)
    y, (x, wide) = streams.above("key", high=24), streams.across("key", "stream")
    gate = formula("sigmoid( ± √|_key · stream_| )")
    about = use.facts("gate: how well key and stream agree", "read")
    node = sheet.add(pill(x, y, gate, sheet.colour, wide=wide, high=24, about=about))
    streams.into(node, "key", "stream")
    trunk = Trunk(sheet, streams.tips["value"])
    times = trunk.join(
        operation(streams.at["value"], node.centre.y, "×", ground=f"{sheet.colour}.tint")
    )
    sheet.wire(node.left, times.right)
    top = times.top
    if (convolution := convolution_of(block)) is not None:
        taps = convolution.number("taps")
        long = convolved(taps, "+ convolution of its norm")[0]
        sayings = [(words, "") for words in (long, *convolved(taps, "+ convolution"))]
        answer = use.about(convolution, "SiLU of a dilated convolution of the norm, added")
        wide = streams.span("value", "key")
        x = streams.at["value"] - streams.box / 2 + wide / 2
        mixed = sheet.add(snug(x, trunk.above(), sayings, MIXING, wide, about=answer))
        sheet.wire(top, Point(top.x, mixed.bottom.y))
        top = Point(top.x, mixed.top.y)
    above = min(top.y, node.top.y) - 18
    sheet.wire(top, Point(top.x, above))
    sheet.label(top.x + 8, above + 11, "added to the stream", size=SMALL)
    return 4 - above


def _outputs(block: Block) -> dict[str, str]:
    """How wide the value and the keys are: one key for each residual stream."""
    joint = block.part("key", "value")
    if joint is not None:
        scales = key_scale(block)
        streams = 1 if scales is None or not scales.tensors else scales.tensors[0].shape[0]
        width = joint.number("outputs") // (streams + 1)
    else:
        width = size(block.part("value"), "outputs")
        streams = size(block.part("key"), "outputs") // width if width else 1
    return {
        "value": f"{width:,}",
        "key": f"{width:,}" if streams == 1 else f"{streams} × {width:,}",
    }


def _averaged(streams: Lanes) -> float:
    """Each row has a map to the stream of its own; all are averaged with the token's own embedding."""
    sheet, use, block = streams.sheet, streams.use, streams.use.block
    last = _looked_up(streams, "rows")
    trunk = Trunk(sheet, last.top)
    maps = [child for child in block.inside if "outputs" in child.facts]
    if maps:
        inputs, outputs = maps[0].number("inputs"), maps[0].number("outputs")
        name = f"{len(maps):,} maps"
        shape = fit_shape(name, [arrow(inputs, outputs), arrow("", outputs)], streams.box)
        about = use.about(maps[0], "one map for each row that is read")
        last = trunk.matrix(name, shape, wide=streams.box, about=about)
    total = trunk.sign("+")
    at, y = streams.at["token"], last.centre.y
    token = sheet.add(pill(at, y, "token's embedding", sheet.colour, dashed=True))
    sheet.wire(token.top, Point(at, total.right.y), total.right)
    words = "sum" if block.settings.get("summed") else f"average of {len(maps) + 1:,}"
    sheet.label(total.left.x - 6, total.centre.y + 4, words, size=SMALL, anchor="end")
    return trunk.leave()
