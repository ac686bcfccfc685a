"""The upper half of a drawing that is data: where the lanes end, and what that passes on the way to the stream."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from llm_gallery.figure.internals._fitting import SMALL, fitting, scaled
from llm_gallery.figure.internals._foot import Frame, carried, elements, width
from llm_gallery.figure.internals._lanes import SIGN, Trunk, kept_mark
from llm_gallery.figure.internals._scores import scores
from llm_gallery.figure.internals._state import state_block
from llm_gallery.figure.kit.blocks import HERO, Node, hero, pill
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import operation
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.lane_drawing import (
    After,
    Gate,
    Lane,
    Matrix,
    Mixing,
    Norm,
    Product,
    Scores,
    State,
    Subtraction,
)
from llm_gallery.mechanisms.wording import words_for


@dataclass(slots=True)
class End:
    """What the lanes have become, as wide as one of them, and the block that its gate stands beside."""

    frame: Frame
    trunk: Trunk
    lane: Lane
    core: Node


def draw_reading(frame: Frame) -> float:
    """From where the lanes end to the arrow out of the last block; the height that the drawing then has."""
    core = frame.drawing.core
    if isinstance(core, State):
        node = state_block(frame.streams, frame.use, core, frame.colour)
        made = End(frame, Trunk(frame.streams.sheet, node.top), frame.lanes[-1], node)
    elif isinstance(core, Scores):
        node = scores(frame.streams, frame.use, frame.colour)
        lane = Lane("out", "", core.outputs)
        made = End(frame, Trunk(frame.streams.sheet, node.top), lane, node)
    else:
        made = _product(frame, core)
    output = frame.drawing.output
    pass_through(made, (*frame.drawing.after, *(() if output is None else (output,))))
    return made.trunk.leave()


def pass_through(end: End, items: Iterable[After]) -> None:
    """What the lanes' end passes, from the bottom up."""
    for each in items:
        if isinstance(each, Norm):
            _norm(end, each)
        elif isinstance(each, Gate):
            _gate(end, each)
        elif isinstance(each, Subtraction):
            _subtraction(end, each)
        elif isinstance(each, Mixing):
            _mixing(end, each)
        else:
            _matrix(end, each)


def _product(frame: Frame, product: Product) -> End:
    streams = frame.streams
    lanes = [lane for lane in frame.lanes if lane.name in product.across.split()]
    tips = [streams.tips[lane.name] for lane in lanes]
    trunk = Trunk(streams.sheet, tips[-1])
    core = streams.blocks[lanes[-1].name]
    if len(lanes) > 1:
        y, x = tips[0].y - SIGN, streams.middle(lanes[0].name, lanes[-1].name)
        core = times = streams.sheet.add(operation(x, y, "×", ground=f"{frame.colour}.tint"))
        for tip, side in zip(tips, (times.left, times.right), strict=True):
            streams.sheet.wire(tip, Point(tip.x, y), side)
        trunk.tip = times.top
    return End(frame, trunk, lanes[-1], core)


def _norm(end: End, norm: Norm) -> None:
    use, trunk = end.frame.use, end.trunk
    part = use.block.part(norm.role)
    if part is not None or norm.role in use.block.facts:
        note = words_for(norm.note, use.block)
        about = use.about(part) or (use.facts(norm.means, norm.role) if norm.means else None)
        trunk.pill(norm.words, note=note, about=about)


def _gate(end: End, gate: Gate) -> None:
    """The product with a lane, which passes a function beside the core."""
    frame, trunk, streams = end.frame, end.trunk, end.frame.streams
    lane = gate.lane or frame.lanes[-1].name
    if lane not in streams.at:
        return
    times = trunk.sign("×", frame.colour)
    if gate.words or gate.function:
        _function(end, gate, lane)
    tip = streams.tips[lane]
    side = times.left if tip.x < times.left.x else times.right
    streams.sheet.wire(tip, Point(tip.x, side.y), side)


def _function(end: End, gate: Gate, lane: str) -> None:
    """What makes a gate of a lane."""
    frame, block, y = end.frame, end.frame.use.block, end.core.centre.y
    streams = frame.streams
    stated = [fact for fact in gate.function if fact in block.facts][:1]
    about = frame.use.facts(gate.means, *stated, *gate.facts)
    if gate.words:
        x = streams.at[lane]
        streams.rise(lane, pill(x, y, gate.words, frame.colour, size=gate.size, about=about))
    else:
        words = "".join(activation(str(block.value(fact))) for fact in stated)
        streams.pill(lane, ((words, ""),), frame.colour, y=y, tight=True, about=about)


def _subtraction(end: End, subtraction: Subtraction) -> None:
    """The noise heads, times a learned factor, taken from the others."""
    streams, use, colour, core = end.frame.streams, end.frame.use, end.frame.colour, end.core
    if subtraction.lane not in streams.at:
        return
    sheet, noise = streams.sheet, use.block.number("noise_heads")
    x, y, tint = core.top.x, core.top.y - 28, f"{colour}.tint"
    aside = x + min(96.0, core.box.width / 2 - 14)
    minus = sheet.add(operation(x, y, "−", ground=tint))
    times = sheet.add(operation(aside, y, "×", ground=tint))
    sheet.wire(core.top, minus.bottom)
    sheet.wire(Point(aside, core.top.y), times.bottom)
    sheet.wire(times.left, minus.right)
    heads, above = f"{use.block.number('heads') - noise:,} heads", core.top.y - 7
    sheet.label(x - 8, above, heads, size=SMALL, anchor="end")
    sheet.label(aside + 8, above, f"{noise:,} noise", size=SMALL)
    about = use.facts("how much of the noise is subtracted", "noise_heads")
    learned = subtraction.lane in streams.tips
    forms = (("sigmoid", ""), ("σ", "")) if learned else (("learned", ""), ("λ", ""))
    middle = core.centre.y
    node = streams.pill(subtraction.lane, forms, colour, y=middle, tight=True, about=about)
    sheet.wire(node.top, Point(node.top.x, y), times.right)
    end.trunk.tip = minus.top


def _mixing(end: End, mixing: Mixing) -> None:
    frame, trunk, block = end.frame, end.trunk, end.frame.use.block
    x, y, wide = trunk.tip.x, trunk.above(HERO, gap=20), frame.streams.box + 60
    about = frame.use.about(block.child("convolution"))
    node = hero(x, y, words_for(mixing.words, block), frame.colour, wide=wide, about=about)
    kept_mark(trunk.sheet, x, trunk.join(node).bottom.y + 14, words_for(mixing.kept, block))


def _matrix(end: End, matrix: Matrix) -> None:
    frame, use, block, trunk = end.frame, end.frame.use, end.frame.use.block, end.trunk
    stored = block.part(matrix.role)
    outputs = width(frame) if stored is None else stored.number("outputs")
    shape = f"{carried(use, end.lane)} → {outputs:,}"
    if use.full and frame.drawing.counted:
        counted = f"{shape}, {elements(frame, end.lane)}"
        across = matrix.across.split()
        room = frame.streams.span(*across) if across else frame.room - 60
        shape = fitting([matrix.name], [[counted]], room)[0] or shape
    node = trunk.matrix(matrix.name, shape, frame.colour, about=use.about(stored))
    if isinstance(frame.drawing.core, Product):
        end.core = node
    if block.value("learned_scale"):
        trunk.sheet.label(node.top.x + 8, node.top.y - 5, "× learned", size=SMALL)
    scaled(trunk.sheet, node.top, block.value("output_scale"))
