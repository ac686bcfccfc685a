"""Draws a mechanism that states its drawing as data: lanes, rows on them, a state, and what its reading passes."""

from __future__ import annotations

from math import prod

from llm_gallery.figure.internals._lanes import (
    FIRST,
    FOOT,
    GAP,
    MARGIN,
    SMALL,
    Lanes,
    arrow,
    beside,
    body,
    fitting,
    fork,
    lanes,
    leave,
    scaled,
    snug,
)
from llm_gallery.figure.internals._state import (
    PANEL,
    WIDE,
    States,
    aside,
    back,
    formulas,
    gated,
    keeping,
    over,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Node, Sheet, matrix, pill
from llm_gallery.figure.kit.shapes import Inset, Point
from llm_gallery.figure.kit.signs import dot
from llm_gallery.figure.kit.text import Content, formula, italic, width
from llm_gallery.mechanisms import colour_of, title
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.lane_drawing import (
    Branch,
    Convolution,
    Gate,
    Lane,
    LaneDrawing,
    Norm,
    State,
    Step,
)
from llm_gallery.mechanisms.wording import said


def inset(drawing: LaneDrawing, use: Use) -> Inset:
    """The drawing from the input up; where there is room, a panel shows how much is kept."""
    block = use.block
    panel = PANEL if use.width >= WIDE and drawing.state.states else 0
    names = [lane.name for lane in drawing.lanes]
    streams = lanes(Sheet(), names, MARGIN, use.width - max(MARGIN, panel), drawing.broadest)
    _projections(streams, use, drawing)
    for row in drawing.rows:
        if isinstance(row, Convolution):
            _convolution(streams, use, row)
        elif isinstance(row, Branch):
            _branch(streams, use, row, drawing.lanes)
        else:
            _step(streams, use, row)
    last = state = _state(streams, use, drawing.state)
    for each in drawing.after:
        if isinstance(each, Norm):
            last = _norm(streams, use, each, last)
        else:
            last = gated(streams, last, names[-1], _gate(streams, use, each, state.centre.y))
    last = back(streams, use, last, _outputs(use, drawing.lanes[-1]))
    scaled(streams.sheet, last.top, block.value("output_scale"))
    high = leave(streams.sheet, last)
    if panel:
        high = _panel(streams.sheet, use, drawing.state, high)
    return Inset(
        title=title(block),
        note=use.note(said(drawing.note, block)),
        mechanism=colour_of(block),
        body=body(streams.sheet, use.width, high),
    )


def _outputs(use: Use, lane: Lane) -> int:
    return prod(map(use.block.number, lane.outputs))


def _projections(streams: Lanes, use: Use, drawing: LaneDrawing) -> None:
    """The input, which forks to the lanes that start from it."""
    branches = [name for row in drawing.rows if isinstance(row, Branch) for name in row.to.split()]
    first = [lane for lane in drawing.lanes if lane.name not in branches]
    _matrices(streams, use, first, FIRST)
    middle = streams.middle(first[0].name, first[-1].name)
    fork(streams.sheet, middle, [Point(streams.at[lane.name], FIRST + 13) for lane in first])
    if remark := said(drawing.foot, use.block):
        streams.sheet.label(middle + 8, FOOT - 1, remark, size=SMALL)


def _matrices(
    streams: Lanes, use: Use, held: list[Lane], y: float, start: Point | None = None
) -> None:
    """A matrix a lane, and a second one on those that pass through a rank."""
    ranks = {lane: use.block.number(lane.rank) for lane in held if lane.rank in use.block.facts}
    names: list[Content] = [italic(h.name) if len(h.name) == 1 else h.name for h in held]
    counts = [ranks.get(lane, _outputs(use, lane)) for lane in held]
    forms = [[arrow("", count) for count in counts], [f"{count:,}" for count in counts]]
    for lane, symbol, shape in zip(held, names, fitting(names, forms, streams.box), strict=True):
        node = _matrix(streams, use, lane, y, (symbol, shape), "_down" if lane in ranks else "")
        if start:
            streams.sheet.wire(start, Point(node.bottom.x, start.y), node.bottom)
        streams.rise(lane.name, node)
    for lane in ranks:
        above, shape = streams.tips[lane.name].y - GAP - 13, arrow("", _outputs(use, lane))
        streams.rise(lane.name, _matrix(streams, use, lane, above, ("", shape)))


def _matrix(
    streams: Lanes, use: Use, lane: Lane, y: float, words: tuple[Content, str], which: str = ""
) -> Node:
    x, about = streams.at[lane.name], use.about(use.block.part(lane.role + which))
    return matrix(x, y, *words, colour_of(use.block), wide=streams.box, about=about)


def _branch(streams: Lanes, use: Use, row: Branch, held: tuple[Lane, ...]) -> None:
    """Lanes that start from another one, which goes on."""
    tip = streams.tips[row.on]
    start = streams.tips[row.on] = Point(tip.x, tip.y - 16)
    streams.sheet.wire(tip, start, arrow=False)
    streams.sheet.put(dot(*start))
    names = row.to.split()
    _matrices(streams, use, [lane for lane in held if lane.name in names], start.y - 29, start)


def _convolution(streams: Lanes, use: Use, row: Convolution) -> None:
    """What it is, in as many words as fit; each lane goes on above it."""
    block, names = use.block, row.across.split()
    taps, then = block.number("taps"), activation(str(block.value("activation")))
    sayings = (
        (f"convolution, {taps} taps", f"then {then}"),
        (f"convolution, {taps}", f"then {then}"),
        (f"convolution, {taps} taps", ""),
    )
    room = min(streams.span(names[0], row.until or names[-1]), row.broadest)
    x = streams.at[names[0]] + (room - streams.box) / 2
    about = use.about(block.child("convolution"))
    node = snug(x, streams.above(*names), sayings, "convolution", room, size=11, about=about)
    streams.sheet.add(node)
    for name in names:
        x = streams.at[name]
        streams.sheet.wire(streams.tips[name], Point(x, node.bottom.y))
        streams.tips[name] = Point(x, node.top.y)


def _step(streams: Lanes, use: Use, row: Step) -> None:
    block = use.block
    if not (words := said(row.words, block)):
        return
    names, sayings = row.on.split(), ((words, said(row.note, block)),)
    y, room = streams.above(*names, high=row.high), min(streams.box, row.broadest)
    about = use.facts(said(row.means, block) or words, *row.facts)
    for name in names:
        x, size, high = streams.at[name], row.size, row.high
        node = snug(x, y, sayings, row.colour, room, size=size, high=high, about=about)
        streams.rise(name, node)
    if row.beside:
        following = list(streams.at).index(names[-1]) + 1
        beside(streams.sheet, node, (row.beside,), list(streams.at.values())[following] - 2)


def _state(streams: Lanes, use: Use, state: State) -> Node:
    block, about = use.block, use.facts(state.name, *state.facts)
    node = over(streams, state.across.split(), about)
    lines = (formula(state.update), formula(said(state.reading, block)))
    formulas(streams.sheet, node, lines, _kept(use, state))
    remark = formula(said(state.remark, block))
    if remark and width(remark, 11) + width(lines[0], 14) + 40 <= node.box.width:
        aside(streams.sheet, node, remark)
    return node


def _kept(use: Use, state: State) -> States:
    """How much it is."""
    count = use.block.number(state.states) if state.states else None
    rows, columns = map(use.block.number, state.sizes)
    return States(count, rows, columns, str(use.block.value("state_dtype")))


def _norm(streams: Lanes, use: Use, norm: Norm, last: Node) -> Node:
    part = use.block.part("output_norm")
    if part is None:
        return last
    x, y, note = last.top.x, last.top.y - GAP - 11, said(norm.note, use.block)
    node = streams.sheet.add(pill(x, y, norm.words, note=note, about=use.about(part)))
    streams.sheet.wire(last.top, node.bottom)
    return node


def _gate(streams: Lanes, use: Use, gate: Gate, y: float) -> Node:
    """The function that makes a gate of the last lane, beside the state."""
    block = use.block
    x, colour = list(streams.at.values())[-1], colour_of(block)
    stated = [fact for fact in gate.function if fact in block.facts][:1]
    about = use.facts(gate.means, *stated, *gate.facts)
    if gate.words:
        return pill(x, y, gate.words, colour, size=11, about=about)
    words = "".join(activation(str(block.value(fact))) for fact in stated)
    return snug(x, y, ((words, ""),), colour, streams.box, tight=True, about=about)


def _panel(sheet: Sheet, use: Use, state: State, high: float) -> float:
    """How much is kept, however long the text is; the height that it needs."""
    high = keeping(sheet, use.width, high, _kept(use, state))
    if each := said(state.beside_each, use.block):
        sheet.label(use.width - PANEL + 34, -14, each, size=11)
    return high
