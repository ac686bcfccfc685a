"""The items of a drawing that is data: rows on the lanes, the block where these end, and what that passes on the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._filter import FILTER
from llm_gallery.figure.internals._fitting import SMALL, Snug, beside, on_hero, snug
from llm_gallery.figure.internals._foot import Frame, carried, elements, matrices, width, width_of
from llm_gallery.figure.internals._lanes import Lanes, Trunk
from llm_gallery.figure.internals._latents import head_parts
from llm_gallery.figure.internals._scores import scores
from llm_gallery.figure.internals._state import state_block
from llm_gallery.figure.internals._wires import Ends
from llm_gallery.figure.kit.blocks import HERO, Node, hero
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import CHIP, chip, dot, drum, operation
from llm_gallery.figure.kit.text import width as extent
from llm_gallery.mechanisms import title
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.colour import MIXING
from llm_gallery.mechanisms.convolution import convolution_of, convolved
from llm_gallery.mechanisms.lane_drawing import (
    After,
    Branch,
    Convolution,
    Convolved,
    Gate,
    HeadParts,
    Lane,
    Matrix,
    Mixing,
    Norm,
    Passed,
    Product,
    Scores,
    State,
    Step,
    Subtraction,
    Weighed,
    Weighing,
)
from llm_gallery.mechanisms.wording import words_for
from llm_gallery.mechanisms.written import times

SLANTED = 170.0
"""Px of a matrix that narrows or widens what leaves the drawing."""
HALF_A_CHIP = 46.0
"""Px that a scalar's chip may reach to the left of its lane."""


@dataclass(slots=True)
class End:
    """What the lanes have become, as wide as one of them, and the block that its gate stands beside."""

    frame: Frame
    trunk: Trunk
    lane: Lane
    core: Node


def draw_items(frame: Frame) -> Trunk:
    """From the matrices up to the last block; gives back the stream that leaves it."""
    for row in frame.drawing.rows:
        ITEMS[type(row)](frame, row)
    core = frame.drawing.core
    if isinstance(core, State):
        node = state_block(frame.streams, core)
        made = End(frame, Trunk(frame.streams.sheet, node.top), frame.lanes[-1], node)
    elif isinstance(core, HeadParts):
        node = head_parts(frame, core)
        lane = Lane("out", "", core.outputs)
        made = End(frame, Trunk(frame.streams.sheet, node.top), lane, node)
    elif isinstance(core, Scores):
        node = scores(frame.streams, core.without.split())
        lane = Lane("out", "", core.outputs)
        made = End(frame, Trunk(frame.streams.sheet, node.top), lane, node)
    else:
        made = _product(frame, core)
    output = frame.drawing.output
    pass_through(made, (*frame.drawing.after, *(() if output is None else (output,))))
    return made.trunk


def pass_through(end: End, items: Iterable[After]) -> None:
    """What the lanes' end passes, from the bottom up."""
    for item in items:
        ITEMS[type(item)](end, item)


def _product(frame: Frame, product: Product) -> End:
    streams = frame.streams
    lanes = [lane for lane in frame.lanes if lane.name in product.across.split()]
    tips = [streams.tips[lane.name] for lane in lanes]
    trunk = Trunk(streams.sheet, tips[-1])
    core = streams.blocks[lanes[-1].name]
    if len(lanes) > 1:
        y, x = tips[0].y - streams.sheet.spacing.sign, streams.middle(lanes[0].name, lanes[-1].name)
        core = times = streams.sheet.add(operation(x, y, "×", ground=f"{streams.colour}.tint"))
        for tip, side in zip(tips, (times.left, times.right), strict=True):
            streams.sheet.wire(tip, Point(tip.x, y), side)
        trunk.tip = times.top
    return End(frame, trunk, lanes[-1], core)


def _passed(end: End, passed: Passed) -> None:
    use = end.frame.streams.use
    if words := words_for(passed.words, use.block):
        about = use.facts(passed.means, *passed.facts)
        end.trunk.pill(words, end.frame.streams.colour, about=about)


def _norm(end: End, norm: Norm) -> None:
    use, trunk = end.frame.streams.use, end.trunk
    part = use.block.part(norm.role)
    if part is not None or norm.role in use.block.facts:
        note = words_for(norm.note, use.block)
        about = use.about(part) or (use.facts(norm.means, norm.role) if norm.means else None)
        named = title(part) if part is not None and part.is_norm else "RMSNorm"
        trunk.pill(norm.words or named, note=note, about=about)


def _gate(end: End, gate: Gate) -> None:
    """The product with a lane, which passes a function beside the core."""
    trunk, streams = end.trunk, end.frame.streams
    lane = gate.lane or end.frame.lanes[-1].name
    if lane not in streams.at:
        return
    times = trunk.sign("×")
    if gate.words or gate.function:
        _function(end, gate, lane)
    tip = streams.tips[lane]
    side = times.left if tip.x < times.left.x else times.right
    streams.sheet.wire(tip, Point(tip.x, side.y), side)


def _function(end: End, gate: Gate, lane: str) -> None:
    """What makes a gate of a lane."""
    streams, y = end.frame.streams, end.core.centre.y
    use, block = streams.use, streams.use.block
    stated = [fact for fact in gate.function if fact in block.facts][:1]
    about = use.facts(gate.means, *stated, *gate.facts)
    words = gate.words or "".join(activation(str(block.value(fact))) for fact in stated)
    look = Snug(size=gate.size if gate.words else 12, about=about, tight=True)
    forms = ((words, ""), ("0 to 1", "")) if words == "sigmoid" else ((words, ""),)
    room = streams.box + 4  # no matrix stands as high
    streams.pill(lane, forms, streams.colour, y=y, room=room, **look)


def _subtraction(end: End, subtraction: Subtraction) -> None:
    """The noise heads, times a learned factor, taken from the others."""
    streams, core = end.frame.streams, end.core
    use, colour = streams.use, streams.colour
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
    share = streams.at[subtraction.lane]
    if aside + 8 + extent(f"{noise:,} noise", SMALL) <= share - 4:
        sheet.label(aside + 8, above, f"{noise:,} noise", size=SMALL)
    about = use.facts("how much of the noise is subtracted", "noise_heads")
    learned = subtraction.lane in streams.tips
    forms = (("sigmoid", ""), ("0 to 1", "")) if learned else (("learned", ""), ("λ", ""))
    look = Snug(tight=True, about=about)
    room = streams.box + 4  # no matrix stands as high
    node = streams.pill(subtraction.lane, forms, colour, room=room, y=core.centre.y, **look)
    sheet.wire(node.top, Point(node.top.x, y), times.right)
    end.trunk.tip = minus.top


def _weighing(end: End, weighing: Weighing) -> None:
    """The weighted sum of what experts give."""
    streams, sheet = end.frame.streams, end.frame.streams.sheet
    if weighing.lane not in streams.tips:
        return
    total, count = end.trunk.sign("+"), weighing.weights(streams.use.block)
    tip, words = streams.tips[weighing.lane], "1 weight" if count == 1 else f"{count:,} weights"
    sheet.carries(tip, count)
    sheet.wire(tip, Point(tip.x, total.right.y), total.right)
    sheet.label(tip.x - 8, total.right.y - 6, words, size=SMALL, anchor="end")


def _mixing(end: End, mixing: Mixing) -> None:
    streams, trunk, block = end.frame.streams, end.trunk, end.frame.streams.use.block
    x, y, wide = trunk.tip.x, trunk.above(HERO, gap=20), streams.box + 60
    about = streams.use.about(convolution_of(block))
    node = hero(x, y, "", streams.colour, wide=wide, about=about)
    words = words_for(mixing.words, block)
    trunk.sheet.kept_mark(x, trunk.join(node).bottom.y + 14, words_for(mixing.kept, block))
    on_hero(streams.sheet, node, 0, words, streams.colour, weight=600)


def _matrix(end: End, matrix: Matrix) -> None:
    frame, use, trunk = end.frame, end.frame.streams.use, end.trunk
    block = use.block
    stored = block.part(matrix.role)
    outputs = width(frame) if stored is None else stored.number("outputs")
    lane = end.lane._replace(outputs=matrix.inputs) if matrix.inputs else end.lane
    if matrix.slanted:
        inputs, y = width_of(end.lane, block), trunk.above(trunk.sheet.spacing.matrix)
        ends, about = (inputs, outputs), use.about(stored)
        trunk.join(
            trunk.sheet.slanted(
                trunk.tip.x, y, *ends, narrowing=inputs >= outputs, wide=SLANTED, about=about
            )
        )
        return
    shape = f"{carried(use, lane)} → {outputs:,}"
    count = "" if stored or not use.full else elements(frame, end.lane)
    node = trunk.matrix(matrix.name, shape, count=count, about=use.about(stored))
    inputs = width_of(end.lane, block) if stored is None else stored.number("inputs")
    trunk.sheet.ends[id(node.box)] = Ends(inputs, outputs)
    if isinstance(frame.drawing.core, Product):
        end.core = node
    if block.value("learned_scale"):
        trunk.sheet.label(node.top.x + 8, node.top.y - 5, "× learned", size=SMALL)
    if written := times(block.value("output_scale")):
        answer = use.facts("what the output is multiplied with", "output_scale")
        trunk.join(chip(trunk.tip.x, trunk.above(CHIP), written, about=answer))


def _branch(frame: Frame, row: Branch) -> None:
    """Lanes that start from another one, which goes on."""
    streams = frame.streams
    lanes = [lane for lane in frame.lanes if lane.name in row.to.split()]
    if not lanes:
        return
    tip = streams.tips[row.on]
    start = streams.tips[row.on] = Point(tip.x, tip.y - 16)
    streams.sheet.wire(tip, start, arrow=False)
    streams.sheet.put(dot(*start))
    matrices(frame, lanes, start.y - 16 - streams.sheet.spacing.matrix / 2, start)


def _weighed(frame: Frame, row: Weighed) -> None:
    """The weighted sum of what a lane's experts give; it goes on alone."""
    streams, block = frame.streams, frame.streams.use.block
    if row.fact not in block.facts or row.lane not in streams.at:
        return
    sheet, count = streams.sheet, block.number(row.fact)
    y = streams.above(row.on, row.lane, high=18)
    sign = operation(streams.at[row.on], y, "+", ground=f"{streams.colour}.tint")
    total = streams.rise(row.on, sign)
    lane = next(lane for lane in frame.lanes if lane.name == row.on)
    sheet.carries(total.top, width_of(lane, block))
    tip = streams.tips.pop(row.lane)
    sheet.carries(tip, count)
    sheet.wire(tip, Point(tip.x, y), total.right)


def _convolution(frame: Frame, row: Convolution) -> None:
    """What it is, in as many words as fit; each lane goes on above it. Where a model convolves nothing, nothing."""
    if "taps" not in frame.streams.use.block.facts:
        return
    streams, block, names = frame.streams, frame.streams.use.block, row.across.split()
    taps, after = block.number("taps"), block.value("activation")
    then = "" if after is None else f"then {activation(str(after))}"
    long, brief, *less = convolved(taps)
    sayings = [(words, note) for note in (then, "") for words in (long, brief)]
    sayings += [(words, "") for words in less]
    room = min(streams.span(names[0], row.until or names[-1]), row.broadest)
    x = streams.at[names[0]] + (room - streams.broad(names[0])) / 2
    about = streams.use.about(convolution_of(block))
    node = snug(x, streams.above(*names), sayings, MIXING, room, size=SMALL, about=about)
    streams.through(node, *names)


def _convolved(frame: Frame, row: Convolved) -> None:
    """Beside the plain input of each lane; over several, after the mean of each query and its key."""
    streams, use = frame.streams, frame.streams.use
    if "convolved" not in use.block.facts or use.block.part(FILTER) is not None:
        return
    parts = {name: use.block.part(f"{frame.role(name)}_convolution") for name in row.on.split()}
    for name, part in parts.items():
        if part is None:
            continue
        taps, room = f"{part.number('taps')}", min(streams.box, 150.0)
        forms = [(words, "") for words in convolved(taps, "+ convolution")]
        about = use.about(part, "short convolution, added to its own input")
        streams.pill(name, forms, MIXING, room=room, about=about)
    if any(parts.values()):
        return
    names = row.across.split()
    joint = [child for child in use.block.inside if "taps" in child.facts]
    taps = " + ".join(f"{child.number('taps')}" for child in joint)
    words = title(joint[0]) if len(joint) == 1 else f"{len(joint)} convolutions"
    long, *less = convolved(taps, words)
    forms = [(long, "by channel, by head"), *((said, "") for said in (long, *less))]
    about = use.about(joint[0], "short convolutions over queries and keys") if joint else None
    x, room = streams.across(*names)
    node = snug(x, streams.above(*names), forms, MIXING, room, about=about)
    streams.through(node, *names)
    streams.sheet.put(drum(streams.at[names[0]] + 8, node.top.y + 24))
    about = use.facts("mean of each query and its key", "convolved")
    forms = [("+ mean of q and k before it", ""), ("+ mean", "")]
    node = snug(x, streams.above(*names), forms, "norm", room, about=about)
    streams.through(node, *names)


def _step(frame: Frame, row: Step) -> None:
    """Dashed where not all blocks have it, with its share of the layers beside it."""
    streams, use = frame.streams, frame.streams.use
    names = [name for name in row.on.split() if name in streams.at]
    having = [block for block, _ in use.variants if words_for(row.words, block)]
    if not having or not names:
        return
    first = having[0]
    scope = use.scope(lambda block: words_for(row.words, block))
    y = streams.above(*names, high=row.high)
    remark, note = words_for(row.beside, first), words_for(row.note, first)
    following = streams.after(names[-1])
    obstructed = following in streams.tips and streams.tips[following].y < y + row.high / 2
    broadest = row.broadest
    if obstructed and remark:
        broadest += 16
        note, remark = note if scope else remark, ""
    if row.chip:
        node = _scalar(streams, names, words_for(row.words, first), row.facts, first)
        names = []
    look = Snug(size=row.size, high=row.high, tight=row.tight, dashed=bool(scope))
    colour, room = row.colour or streams.colour, min(streams.box, broadest)
    for name in names:
        part = first.part(f"{frame.role(name)}_{row.part}") if row.part else None
        words = words_for(row.words, first) if part is None else title(part)
        means = words_for(row.means, first) or words
        look["about"] = use.about(part) or use.facts(means, *row.facts, of=first)
        sayings = ((words, note), (words, ""), (row.narrow or words, ""))
        node = streams.pill(name, sayings, colour, y=y, room=room, **look)
    if following and (scope or not row.chip):
        end = streams.at[following] - (streams.box / 2 + 4 if obstructed else 2)
        end -= HALF_A_CHIP * _chipped(frame, following)
        remarks = (f"{scope} layers", scope) if scope else (remark,)
        beside(streams.sheet, node, remarks, end)


def _chipped(frame: Frame, name: str) -> bool:
    """Whether a scalar of its own stands on that lane, drawn later than what stands before it."""
    rows = (row for row in frame.drawing.rows if isinstance(row, Step) and row.chip)
    blocks = [block for block, _ in frame.streams.use.variants]
    return any(
        name in row.on.split() and any(words_for(row.words, block) for block in blocks)
        for row in rows
    )


def _scalar(
    streams: Lanes, names: list[str], words: str, facts: tuple[str, ...], of: Block
) -> Node:
    """A chip on each lane, or one across lanes that are too narrow for it; gives back the last."""
    about, y = streams.use.facts(words, *facts, of=of), streams.above(*names, high=CHIP)
    nodes = [chip(streams.at[name], y, words, about=about) for name in names]
    if len(names) > 1 and nodes[0].box.width > streams.box:
        x, wide = streams.across(names[0], names[-1])
        return streams.through(chip(x, y, words, wide=wide, about=about), *names)
    for name, node in zip(names, nodes, strict=True):
        streams.rise(name, node)
    return nodes[-1]


ITEMS: Mapping[type, Callable[..., None]] = {
    Branch: _branch,
    Convolution: _convolution,
    Convolved: _convolved,
    Step: _step,
    Norm: _norm,
    Gate: _gate,
    Subtraction: _subtraction,
    Mixing: _mixing,
    Passed: _passed,
    Matrix: _matrix,
    Weighed: _weighed,
    Weighing: _weighing,
}
"""What draws an item: a row in the frame, what comes after it at the lanes' end."""
