"""The upper half of a drawing that is data: where the lanes end, and what that passes on the way to the stream."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.figure.internals._foot import Frame, carried, elements
from llm_gallery.figure.internals._lanes import SMALL, Trunk, fitting, scaled, snug
from llm_gallery.figure.internals._state import state_block
from llm_gallery.figure.kit.blocks import HERO, MATRIX, Node, hero, pill
from llm_gallery.figure.kit.blocks import matrix as weights
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import drum, operation
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.lane_drawing import (
    Gate,
    Lane,
    Matrix,
    Mixing,
    Norm,
    Product,
    State,
)
from llm_gallery.mechanisms.wording import said


@dataclass(slots=True)
class _End:
    """What the lanes have become, as wide as one of them, and the height at which its gate stands."""

    frame: Frame
    trunk: Trunk
    lane: Lane
    side: float


def end(frame: Frame) -> float:
    """From where the lanes end to the arrow out of the last block; the height that the drawing then has."""
    core = frame.drawing.core
    made = _product(frame, core) if isinstance(core, Product) else _state(frame, core)
    for each in frame.drawing.after:
        if isinstance(each, Norm):
            _norm(made, each)
        elif isinstance(each, Gate):
            _gate(made, each)
        elif isinstance(each, Mixing):
            _mixing(made, each)
        else:
            _matrix(made, each)
    if frame.drawing.output is not None:
        _matrix(made, frame.drawing.output)
    return made.trunk.leave()


def _state(frame: Frame, state: State) -> _End:
    node = state_block(frame.streams, frame.use, state, frame.colour)
    return _End(frame, Trunk(frame.streams.sheet, node.top), frame.lanes[-1], node.centre.y)


def _product(frame: Frame, product: Product) -> _End:
    streams = frame.streams
    lanes = [lane for lane in frame.lanes if lane.name in product.of.split()]
    tips = [streams.tips[lane.name] for lane in lanes]
    trunk = Trunk(streams.sheet, tips[-1])
    if len(lanes) > 1:
        y, x = tips[0].y - 19, streams.middle(lanes[0].name, lanes[-1].name)
        times = streams.sheet.add(operation(x, y, "×", ground=f"{frame.colour}.tint"))
        for tip, side in zip(tips, (times.left, times.right), strict=True):
            streams.sheet.wire(tip, Point(tip.x, y), side)
        trunk.tip = times.top
    return _End(frame, trunk, lanes[-1], tips[-1].y)


def _norm(end: _End, norm: Norm) -> None:
    use, trunk = end.frame.use, end.trunk
    part = use.block.part(norm.role)
    if part is not None or norm.role in use.block.facts:
        note, about = said(norm.note, use.block), use.about(part)
        trunk.join(pill(trunk.tip.x, trunk.above(), norm.words, note=note, about=about))


def _gate(end: _End, gate: Gate) -> None:
    """The product with a lane, which passes a function beside the state if there is one."""
    frame, trunk, streams = end.frame, end.trunk, end.frame.streams
    y, ground = trunk.tip.y - 20, f"{frame.colour}.tint"
    times = trunk.join(operation(trunk.tip.x, y, "×", ground=ground))
    lane = gate.lane or frame.lanes[-1].name
    if gate.words or gate.function:
        streams.rise(lane, _function(end, gate, streams.at[lane]))
    tip = streams.tips[lane]
    side = times.left if tip.x < times.left.x else times.right
    streams.sheet.wire(tip, Point(tip.x, side.y), side)


def _function(end: _End, gate: Gate, x: float) -> Node:
    """What makes a gate of a lane."""
    frame, block = end.frame, end.frame.use.block
    stated = [fact for fact in gate.function if fact in block.facts][:1]
    about = frame.use.facts(gate.means, *stated, *gate.facts)
    if gate.words:
        return pill(x, end.side, gate.words, frame.colour, size=gate.size, about=about)
    words = "".join(activation(str(block.value(fact))) for fact in stated)
    room = frame.streams.box
    return snug(x, end.side, ((words, ""),), frame.colour, room, tight=True, about=about)


def _mixing(end: _End, mixing: Mixing) -> None:
    frame, trunk, block = end.frame, end.trunk, end.frame.use.block
    x, y, wide = trunk.tip.x, trunk.above(HERO, gap=20), frame.streams.box + 60
    about = frame.use.about(block.child("convolution"))
    node = hero(x, y, said(mixing.words, block), frame.colour, wide=wide, about=about)
    foot = trunk.join(node).bottom.y
    trunk.sheet.put(drum(x - 20, foot + 5))
    kept = said(mixing.kept, block)
    trunk.sheet.label(x + 8, foot + 14, kept, size=SMALL, weight=500, role="ink")


def _matrix(end: _End, matrix: Matrix) -> None:
    frame, use, block, trunk = end.frame, end.frame.use, end.frame.use.block, end.trunk
    stored = block.part(matrix.role)
    if matrix.outputs:
        outputs = block.number(matrix.outputs)
    else:
        outputs = 0 if stored is None else stored.number("outputs")
    shape = f"{carried(use, end.lane)} → {outputs:,}"
    if use.full and frame.drawing.counted:
        counted = f"{shape}, {elements(frame, end.lane)}"
        shape = fitting([matrix.name], [[counted]], frame.room - 60)[0] or shape
    x, y, about = trunk.tip.x, trunk.above(MATRIX), use.about(stored)
    node = trunk.join(weights(x, y, matrix.name, shape, frame.colour, about=about))
    if isinstance(frame.drawing.core, Product):
        end.side = node.centre.y
    if block.value("learned_scale"):
        trunk.sheet.label(x + 8, node.top.y - 5, "× learned", size=SMALL)
    scaled(trunk.sheet, node.top, block.value("output_scale"))
