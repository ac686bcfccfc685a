"""A multilayer perceptron as a drawing: gated, with a product of two projections, or plain."""

from __future__ import annotations

from llm_gallery.analysis.parameters import stored as elements
from llm_gallery.analysis.units import short
from llm_gallery.figure.internals._lanes import (
    FIRST,
    FOOT,
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
    scaled,
    snug,
)
from llm_gallery.figure.internals._use import Use, either
from llm_gallery.figure.kit.blocks import Node, Sheet, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import operation
from llm_gallery.mechanisms.activation import activation, mlp_style
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.written import times

BROADEST = 168


def inset(use: Use) -> Inset:
    """One MLP with its sizes."""
    block = use.block
    sheet = Sheet()
    high = drawing(sheet, use, "mlp", MARGIN, use.width - MARGIN)
    return Inset(
        title="Gated MLP" if block.value("gated") else "MLP",
        note=use.note(mlp_style(block), either((elements(b) for b, _ in use.variants), short)),
        mechanism="mlp",
        body=body(sheet, use.width, high),
    )


def drawing(sheet: Sheet, use: Use, colour: Colour, left: float, right: float) -> float:
    """The MLP between two edges, in the colour of what it belongs to; gives back its height."""
    block = use.block
    names = ["gate", "up"] if block.value("gated") else ["up"]
    streams = lanes(sheet, names, left, right, BROADEST)
    _widening(streams, use, colour)
    limit = block.value("limit")
    if limit and block.value("gated"):
        # gpt-oss clamps the gate from above only.
        for name, said in (("gate", f"at most {limit:g}"), ("up", f"± {limit:g}")):
            _pill(streams, name, said, use, colour, "limit")
    if scale := times(block.value("gate_scale")):
        _pill(streams, names[0], scale, use, "norm", "gate_scale")
    if (cap := block.value("up_softcap")) is not None:
        _pill(streams, "up", f"± {cap:g}", use, colour, "up_softcap")
    spoken = activation(str(block.value("activation")))
    if (cap := block.value("gate_softcap")) is not None:
        spoken = f"{spoken}, ± {cap:g}"
    if (gain := block.value("gain")) is not None:
        spoken = f"x σ({gain:g} x)"
    told = ("activation", "gain", "gate_softcap", "activation_learned")
    _pill(streams, names[0], spoken, use, colour, *told)
    if (shift := block.value("shift")) is not None:
        _pill(streams, "up", f"+ {shift:g}", use, colour, "shift")
    last = _product(streams, colour) if block.value("gated") else None
    x = streams.middle(names[0], names[-1])
    tip = streams.tips["up"] if last is None else last.top
    if "inner_norm" in block.facts:
        about = use.about(block.part("inner_norm"))
        norm = sheet.add(pill(x, tip.y - GAP - 11, "RMSNorm", about=about))
        sheet.wire(tip, norm.bottom)
        tip = norm.top
    down = matrix(
        x,
        tip.y - GAP - 13,
        "down",
        _narrowing(use, right - left - 60),
        colour,
        about=use.about(block.part("down")),
    )
    sheet.add(down)
    sheet.wire(tip, down.bottom)
    if block.value("learned_scale"):
        sheet.label(down.top.x + 8, down.top.y - 5, "× learned", size=SMALL)
    scaled(sheet, down.top, block.value("output_scale"))
    return leave(sheet, down)


def _inner(use: Use) -> str:
    return either(block.number("inner") for block, _ in use.variants)


def _elements(use: Use) -> str:
    """The parameters of one projection, of each of the widths."""
    width = use.block.number("width")
    return either((block.number("inner") * width for block, _ in use.variants), short)


def _narrowing(use: Use, room: float) -> str:
    shape = arrow(_inner(use), use.block.number("width"))
    counted = f"{shape}, {_elements(use)}"
    return fitting(["down"], [[counted]] if use.full else [], room)[0] or shape


def _widening(streams: Lanes, use: Use, colour: Colour) -> None:
    """The projections to the inner width; gate and up are one block where they are stored as one."""
    block = use.block
    names = list(streams.at)
    width, inner = block.number("width"), _inner(use)
    fused = block.part("gate", "up")
    if fused is not None:
        node = streams.sheet.add(
            matrix(
                streams.middle(*names),
                FIRST,
                "gate, up",
                arrow(width, f"2 × {inner}"),
                colour,
                wide=streams.span(*names),
                about=use.about(fused),
            )
        )
        fork(streams.sheet, node.centre.x, [node.bottom])
        streams.tips = {name: Point(streams.at[name], node.top.y) for name in names}
    else:
        forms = [[arrow(width, inner)] * len(names), [arrow("", inner)] * len(names)]
        if use.full:
            counted = [[f"{shape}, {_elements(use)}"] * len(names) for [shape, *_] in forms]
            forms = [*counted, *forms]
        room = min(streams.box, 150.0)
        for name, shape in zip(names, fitting(names, forms, room), strict=True):
            node = matrix(
                streams.at[name],
                FIRST,
                name,
                shape,
                colour,
                wide=room,
                about=use.about(block.part(name)),
            )
            streams.rise(name, node)
        middle = streams.middle(names[0], names[-1])
        fork(streams.sheet, middle, [Point(streams.at[name], FIRST + 13) for name in names])
    if block.value("bias"):
        x = streams.middle(names[0], names[-1]) + 8
        streams.sheet.label(x, FOOT - 1, "each with bias", size=SMALL)


def _pill(streams: Lanes, name: str, said: str, use: Use, colour: Colour, *facts: str) -> Node:
    y = streams.tips[name].y - 13 - 10
    about = use.facts(facts[0], *facts)
    node = snug(
        streams.at[name],
        y,
        ((said, ""),),
        colour,
        streams.box,
        size=11,
        high=20,
        tight=True,
        about=about,
    )
    return streams.rise(name, node)


def _product(streams: Lanes, colour: Colour) -> Node:
    """Gate times up, channel by channel."""
    y = streams.tips["gate"].y - 19
    product = operation(streams.middle("gate", "up"), y, "×", ground=f"{colour}.tint")
    streams.sheet.add(product)
    for name, end in (("gate", product.left), ("up", product.right)):
        tip = streams.tips[name]
        streams.sheet.wire(tip, Point(tip.x, y), end)
    return product
