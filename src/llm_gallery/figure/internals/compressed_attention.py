"""Attention over a window and a compressed past as a drawing: one entry a token is key and value in one.

Report: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/DeepSeek_V4.pdf
"""

from __future__ import annotations

from llm_gallery.analysis.mechanisms import Mechanism, label, mechanism
from llm_gallery.architecture.block import Block
from llm_gallery.figure.blocks import Content, Sheet, drum, hero, matrix, pill
from llm_gallery.figure.internals._lanes import (
    FIRST,
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
    on_hero,
)
from llm_gallery.figure.internals._use import Use, part
from llm_gallery.figure.shapes import Inset, Point
from llm_gallery.figure.text import italic, superscript

BROADEST = 190


def inset(use: Use) -> Inset:
    """Queries, the window's entries, and those of the compressed past where there is one."""
    block, colour = use.block, mechanism(use.block)
    names = ["q", "kv", "past"] if "ratio" in block.facts else ["q", "kv"]
    streams = lanes(Sheet(), names, MARGIN, use.width - MARGIN, BROADEST)
    _projections(streams, use, colour)
    _rotation(streams, use)
    for name in names[1:]:
        sheet, tip = streams.sheet, streams.tips[name]
        sheet.put(drum(tip.x - 20, tip.y - 17))
        sheet.label(tip.x + 8, tip.y - 8, "cached", size=SMALL, weight=500, role="ink")
    node = streams.sheet.add(
        hero(
            streams.middle(names[0], names[-1]),
            min(tip.y for tip in streams.tips.values()) - 24 - 25,
            "",
            colour,
            wide=streams.span(names[0], names[-1]),
            high=50,
            about=use.facts(
                "attention", "heads", "head_dim", "window", "ratio", "selected", "sinks"
            ),
        )
    )
    streams.into(node, *names)
    size = block.number("head_dim")
    formula: Content = (
        "softmax( ",
        italic("q k"),
        superscript("T"),
        f" / √{size:,} ) ",
        italic("k"),
    )
    on_hero(streams.sheet, node, -7, formula, colour)
    on_hero(streams.sheet, node, 13, _seen(block), colour, size=11)
    out = matrix(
        node.centre.x,
        node.top.y - GAP - 13,
        "out",
        _output(block),
        colour,
        wide=min(260.0, use.width - 2 * MARGIN),
        about=use.about(part(block, "wo_b")),
    )
    streams.sheet.add(out)
    streams.sheet.wire(node.top, out.bottom)
    high = leave(streams.sheet, out)
    return Inset(
        title=label(block)[:1].upper() + label(block)[1:],
        note=use.note("key and value in one"),
        mechanism=colour,
        body=body(streams.sheet, use.width, high),
    )


def _seen(block: Block) -> str:
    """What a query sees, in words."""
    window = f"the last {block.number('window'):,} tokens"
    if "ratio" not in block.facts:
        return f"over {window}, with sinks"
    ratio = block.number("ratio")
    each = f"entries of {ratio:,} tokens" if ratio > 1 else "entries"
    if "selected" in block.facts:
        return f"over {window} and {block.number('selected'):,} chosen {each}"
    return f"over {window} and all {each}"


def _output(block: Block) -> str:
    heads = block.number("heads") * block.number("head_dim")
    low = block.number("output_groups") * block.number("output_rank")
    out = part(block, "wo_b")
    return f"{heads:,} → {low:,} → {0 if out is None else out.number('outputs'):,}"


def _projections(streams: Lanes, use: Use, colour: Mechanism) -> None:
    block = use.block
    entry, rank = part(block, "wkv"), block.number("query_rank")
    heads, size = block.number("heads"), block.number("head_dim")
    width = 0 if entry is None else entry.number("inputs")
    named: dict[str, Content] = {"q": italic("q"), "kv": italic("k"), "past": "past"}
    shapes = {
        "q": (f"{width:,} → {rank:,} → {heads:,} × {size:,}", f"→ {rank:,} → {heads:,} × {size:,}", f"{heads:,} × {size:,}"),
        "kv": (arrow(width, size), arrow("", size), f"{size:,}"),
        "past": (_compressed(block, width), _compressed(block, ""), _compressed(block, "")),
    }  # fmt: skip
    names = list(streams.at)
    forms = [[shapes[name][step] for name in names] for step in range(3)]
    stored = {"q": part(block, "wq_b"), "kv": entry, "past": block.child("compressor")}
    symbols = [named[name] for name in names]
    for name, symbol, shape in zip(
        names, symbols, fitting(symbols, forms, streams.box), strict=True
    ):
        x, wide, about = streams.at[name], streams.box, use.about(stored[name])
        streams.rise(name, matrix(x, FIRST, symbol, shape, colour, wide=wide, about=about))
    ends = [Point(streams.at[name], FIRST + 13) for name in names]
    fork(streams.sheet, streams.middle(names[0], names[-1]), ends)


def _compressed(block: Block, width: int | str) -> str:
    """How the past is made: from so many tokens one entry, or by an earlier layer."""
    if "ratio" not in block.facts:
        return ""
    if "shared_stream" in block.facts:
        return "an earlier layer's"
    ratio, size = block.number("ratio"), block.number("head_dim")
    each = f"{ratio:,} × {width:,}" if isinstance(width, int) else f"{ratio:,}"
    return f"{each} → {size:,}"


def _rotation(streams: Lanes, use: Use) -> None:
    block = use.block
    y = min(tip.y for tip in streams.tips.values()) - GAP - 11
    for name in ("q", "kv"):
        about = use.facts("RMSNorm")
        streams.rise(name, pill(streams.at[name], y, "RMSNorm", wide=84, about=about))
    y = min(tip.y for tip in streams.tips.values()) - GAP - 11
    partly = f"{block.number('rotated'):,} / {block.number('head_dim'):,}"
    for name in streams.at:
        about = use.facts("RoPE", "position", "rotated", "rope_base", "rope_scaling", "rope_factor")
        x = streams.at[name]
        streams.rise(name, pill(x, y, "RoPE", "position", note=partly, wide=96, about=about))
