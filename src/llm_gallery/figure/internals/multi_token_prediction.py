"""A multi-token prediction module as a drawing: the stream and the next token give the one after it.

Paper: https://arxiv.org/abs/2412.19437
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.analysis.parameters import stored as elements
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block, channel_mixer, children, mixer
from llm_gallery.figure.internals._lanes import GAP, MARGIN, Lanes, arrow, body, lanes, leave
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, hero, matrix, pill, trapezoid
from llm_gallery.figure.kit.shapes import About, Inset, Point
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.tooltip import tooltip as about
from llm_gallery.mechanisms import label as spoken

BROADEST = 190
Parts = dict[str, tuple[str, Block]]


def inset(use: Use) -> Inset:
    """One module, from its two inputs to its scores."""
    parts = dict(_parts(use.path, use.block))
    streams = lanes(Sheet(), ("token", "stream"), MARGIN, use.width - MARGIN, BROADEST)
    last = _joined(streams, parts)
    high = _predicted(streams.sheet, use, parts, last)
    size = short(elements(use.block))
    modules = f"{use.layers} modules of {size} each" if use.layers > 1 else size
    return Inset(
        title="Multi-token prediction",
        note=use.note(modules, "not in the total"),
        mechanism="embedding",
        body=body(streams.sheet, use.width, high),
    )


def _parts(path: str, module: Block) -> Iterator[tuple[str, tuple[str, Block]]]:
    """What the module holds besides the inside of its layers, by the part that it plays."""
    for below, part in _outside(path, module):
        if part.kind in ("rms_norm", "layer_norm"):
            yield next(iter(part.roles), "last_norm"), (below, part)
        elif "join" in part.roles:
            yield "join", (below, part)
        elif part.kind in ("embedding", "head"):
            yield part.kind, (below, part)


def _outside(path: str, block: Block) -> Iterator[tuple[str, Block]]:
    for below, part in children(path, block):
        if part.kind not in ("residual", "connection"):
            yield below, part
            yield from _outside(below, part)


def _about(held: tuple[str, Block] | None) -> About | None:
    return None if held is None else about(*held)


def _joined(streams: Lanes, parts: Parts) -> Node:
    """Both inputs normed, put side by side, and brought back to one width."""
    sheet = streams.sheet
    for name, said in (("token", "next token"), ("stream", "stream after all layers")):
        x = streams.at[name]
        sheet.label(x, -7, said, anchor="middle")
        streams.tips[name] = Point(x, -20)
    table = parts.get("embedding")
    own = "own embedding" if table else "the model's embedding"
    streams.rise("token", _small(streams.at["token"], -53, own, table))
    y = streams.tips["token"].y - GAP - 11
    for name in ("token", "stream"):
        held = parts.get(f"{name}_norm")
        streams.rise(name, pill(streams.at[name], y, "RMSNorm", wide=84, about=_about(held)))
    held = parts.get("join")
    shape = "" if held is None else arrow(held[1].number("inputs"), held[1].number("outputs"))
    node = trapezoid(
        streams.middle("token", "stream"),
        y - 11 - GAP - 13,
        shape,
        "embedding",
        narrowing=True,
        wide=streams.span("token", "stream"),
        high=26,
        about=_about(held),
    )
    sheet.add(node)
    streams.into(node, "token", "stream")
    return node


def _small(x: float, y: float, said: str, held: tuple[str, Block] | None) -> Node:
    """A table of the module's own as a full block; one that it borrows as a dashed pill."""
    if held is None:
        return pill(x, y, said, "embedding", dashed=True)
    return hero(
        x,
        y,
        said,
        "embedding",
        wide=width(said, 12, 600) + 28,
        high=26,
        size=12,
        about=_about(held),
    )


def _predicted(sheet: Sheet, use: Use, parts: Parts, last: Node) -> float:
    """The module's layers, its norm, and scores from its own head or the model's."""
    within = [part for _, part in _outside(use.path, use.block) if part.kind == "layer"]
    mixed = [m for part in within for m in (mixer(part), channel_mixer(part)) if m is not None]
    count = "one layer" if len(within) == 1 else f"{len(within)} layers"
    head = parts.get("head")
    x = last.centre.x
    layers = matrix(x, last.top.y - GAP - 13, count, ", ".join(map(spoken, mixed)), "embedding")
    norm = pill(x, layers.top.y - GAP - 11, "RMSNorm", about=_about(parts.get("last_norm")))
    own = "own output head" if head else "the model's output head"
    scores = _small(x, norm.top.y - GAP - 13, own, head)
    for node in (layers, norm, scores):
        sheet.add(node)
        sheet.wire(last.top, node.bottom)
        last = node
    return leave(sheet, last)
