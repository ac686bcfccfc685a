"""The first row of attention's drawing: the matrices of queries, keys, values and gate, as they are stored."""

from __future__ import annotations

from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._lanes import FIRST, FOOT, SMALL, Lanes, arrow, fitting, fork
from llm_gallery.figure.internals._use import Use, either
from llm_gallery.figure.kit.blocks import matrix
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import dot
from llm_gallery.figure.kit.text import Content, italic
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.written import times

PROJECTED = ("q", "k", "v", "λ", "b", "gate")
"""Streams that a matrix feeds from the input; the bias by distance and λ may need none."""
ROLES = {
    "q": "query",
    "k": "key",
    "v": "value",
    "λ": "lambda",
    "b": "distance",
    "gate": "gate",
}
"""What the matrix of each stream is in its block."""


def width(block: Block) -> int:
    """The width of the stream, from the first matrix that reads it."""
    return next((child.number("inputs") for child in block.inside if "inputs" in child.facts), 0)


def value_dim(block: Block) -> int:
    """The size of a head's values: that of its keys unless it says otherwise."""
    return block.number("value_dim" if "value_dim" in block.facts else "head_dim")


def out_width(block: Block) -> int:
    """What the heads give together, less those that are subtracted from the others."""
    noise = block.number("noise_heads") if "noise_heads" in block.facts else 0
    return (block.number("heads") - noise) * value_dim(block)


def stored(block: Block, name: str) -> Block | None:
    """The matrix of a stream: Qwen3-Next's gate is the second half of each head's queries."""
    return block.part(ROLES[name])


def outputs(block: Block, name: str) -> int:
    """How many numbers a stream starts with."""
    if name in ("λ", "b"):
        held = stored(block, name)
        return 0 if held is None else held.number("outputs")
    if name == "k":
        return block.number("kv_heads") * block.number("head_dim")
    if name == "v":
        return block.number("kv_heads") * value_dim(block)
    gate = stored(block, name) if name == "gate" else None
    if gate is not None and gate.roles == ("gate",):
        return gate.number("outputs")
    return block.number("heads") * (
        value_dim(block) if name == "gate" else block.number("head_dim")
    )


def projections(streams: Lanes, use: Use, colour: Colour) -> None:
    """The matrices; q, k and v are one block where they are stored as one."""
    block = use.block
    fused = block.part("query", "key", "value")
    fed = [name for name in PROJECTED if name in streams.at]
    fed = [name for name in fed if name not in ("λ", "b") or stored(block, name) is not None]
    if "unified_kv" in block.facts and fused is None:
        fed.remove("v")
    alone = [name for name in fed if fused is None or name not in ("q", "k", "v")]
    ends = [Point(streams.at[name], FIRST + 13) for name in alone]
    if fused is not None:
        ends.insert(0, _joint(streams, use, colour, fused))
    _alone(streams, use, colour, alone)
    if "v" not in fed and fused is None:
        _shared(streams)
    middle = streams.middle(fed[0], fed[-1]) if alone else ends[0].x
    fork(streams.sheet, middle, ends)
    _biases(streams, block, middle)


def _joint(streams: Lanes, use: Use, colour: Colour, fused: Block) -> Point:
    """q, k and v as one matrix."""
    block = use.block
    queries, keys, values = (outputs(block, name) for name in "qkv")
    each = f"{queries:,} + 2 × {keys:,}"
    if queries == keys == values:
        each = f"3 × {queries:,}"
    elif keys != values:
        each = f"{queries:,} + {keys:,} + {values:,}"
    room = streams.span("q", "v")
    forms = [[arrow(width(block), each)], [arrow("", each)]]
    shape = fitting([italic("q, k, v")], forms, room)[0]
    x, about = streams.middle("q", "v"), use.about(fused)
    node = matrix(x, FIRST, italic("q, k, v"), shape, colour, wide=room, about=about)
    streams.sheet.add(node)
    for name in ("q", "k", "v"):
        streams.tips[name] = Point(streams.at[name], node.top.y)
    return node.bottom


def _alone(streams: Lanes, use: Use, colour: Colour, names: list[str]) -> None:
    """A matrix a stream, with its change of width as far as there is room."""
    block = use.block
    symbols: list[Content] = [n if n in ("gate", "λ") else italic(n) for n in names]
    inputs = width(block)
    said = [either(outputs(b, name) for b, _ in use.variants) for name in names]
    most = [max(outputs(b, name) for b, _ in use.variants) for name in names]
    least = [f"≤ {n:,}" if "/" in s or "–" in s else s for n, s in zip(most, said, strict=True)]
    forms = [[arrow(inputs, s) for s in said], [arrow("", s) for s in said], said, least]
    if use.full:
        counts = [either((inputs * outputs(b, n) for b, _ in use.variants), short) for n in names]
        forms = [[f"{s}, {n}" for s, n in zip(forms[1], counts, strict=True)], *forms]
    shapes = fitting(symbols, forms, streams.box)
    for name, symbol, shape in zip(names, symbols, shapes, strict=True):
        x, about = streams.at[name], use.about(stored(block, name))
        streams.rise(name, matrix(x, FIRST, symbol, shape, colour, wide=streams.box, about=about))


def _shared(streams: Lanes) -> None:
    """Values that are what the keys' matrix gives: the stream forks above it."""
    tip = streams.tips["k"]
    fork_at = Point(tip.x, tip.y - 7)
    streams.sheet.wire(tip, fork_at, arrow=False)
    streams.sheet.put(dot(*fork_at))
    streams.tips["k"] = fork_at
    streams.bends["v"] = fork_at
    streams.tips["v"] = Point(streams.at["v"], fork_at.y)
    streams.sheet.label(streams.at["v"] + 8, fork_at.y + 11, "v is k", size=SMALL)


def _biases(streams: Lanes, block: Block, middle: float) -> None:
    """Which projections have one, in words beside the input."""
    out = block.part("output")
    biased = [child for child in block.inside if child.kind == "linear" and child.value("bias")]
    named = ["q, k, v"] if any(child is not out for child in biased) else []
    named += ["out"] if any(child is out for child in biased) else []
    said = [f"with bias: {', '.join(named)}"] if named else []
    if scale := times(block.value("input_scale")):
        said.append(scale)
    if said:
        streams.sheet.label(middle + 8, FOOT - 1, ", ".join(said), size=SMALL)
