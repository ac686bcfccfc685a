"""Draws a mechanism that states its drawing as data: lanes, rows on them, a state, and what its reading passes."""

from __future__ import annotations

import re
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
from llm_gallery.figure.kit.text import Content, Span, italic, superscript, width
from llm_gallery.mechanisms import colour_of, title
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.lane_drawing import (
    Convolution,
    Gate,
    Lane,
    LaneDrawing,
    Norm,
    State,
    Step,
)
from llm_gallery.mechanisms.wording import said

_MARKED = re.compile(r"_([^_]+)_|\^([^^]+)\^|\*([^*]+)\*")


def inset(drawing: LaneDrawing, use: Use) -> Inset:
    """The drawing from the input up; where there is room, a panel shows how much is kept."""
    block = use.block
    panel = PANEL if use.width >= WIDE else 0
    names = [lane.name for lane in drawing.lanes]
    streams = lanes(Sheet(), names, MARGIN, use.width - max(MARGIN, panel), drawing.broadest)
    _projections(streams, use, drawing)
    for row in drawing.rows:
        if isinstance(row, Convolution):
            _convolution(streams, use, row.across.split())
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


def formula(marked: str) -> Content:
    """Words whose symbols are marked: _italic_, ^raised^, *counted*."""
    found: list[str | Span] = []
    end = 0
    for match in _MARKED.finditer(marked):
        slanted, high, counted = match.groups()
        found.append(marked[end : match.start()])
        found.append(
            italic(slanted) if slanted else superscript(high) if high else Span(counted, 600)
        )
        end = match.end()
    return tuple(part for part in (*found, marked[end:]) if part)


def _outputs(use: Use, lane: Lane) -> int:
    return prod(map(use.block.number, lane.outputs))


def _projections(streams: Lanes, use: Use, drawing: LaneDrawing) -> None:
    """A matrix a lane, a second one on those that pass through a rank, and the input that forks to all."""
    block = use.block
    ranks = {
        lane.name: block.number(lane.rank) for lane in drawing.lanes if lane.rank in block.facts
    }
    names: list[Content] = [
        italic(lane.name) if len(lane.name) == 1 else lane.name for lane in drawing.lanes
    ]
    counts = [ranks.get(lane.name, _outputs(use, lane)) for lane in drawing.lanes]
    forms = [[arrow("", count) for count in counts], [f"{count:,}" for count in counts]]
    shapes = fitting(names, forms, streams.box)
    for lane, symbol, shape in zip(drawing.lanes, names, shapes, strict=True):
        role = f"{lane.role}_down" if lane.name in ranks else lane.role
        _matrix(streams, use, lane, FIRST, symbol, shape, role)
    for lane in drawing.lanes:
        if lane.name in ranks:
            y, shape = streams.tips[lane.name].y - GAP - 13, arrow("", _outputs(use, lane))
            _matrix(streams, use, lane, y, "", shape, lane.role)
    middle = streams.middle(drawing.lanes[0].name, drawing.lanes[-1].name)
    fork(streams.sheet, middle, [Point(x, FIRST + 13) for x in streams.at.values()])
    if remark := said(drawing.foot, block):
        streams.sheet.label(middle + 8, FOOT - 1, remark, size=SMALL)


def _matrix(
    streams: Lanes, use: Use, lane: Lane, y: float, symbol: Content, shape: str, role: str
) -> None:
    x, about = streams.at[lane.name], use.about(use.block.part(role))
    node = matrix(x, y, symbol, shape, colour_of(use.block), wide=streams.box, about=about)
    streams.rise(lane.name, node)


def _convolution(streams: Lanes, use: Use, names: list[str]) -> None:
    """What it is, in as many words as fit; each lane goes on above it."""
    block, sheet = use.block, streams.sheet
    taps, then = block.number("taps"), activation(str(block.value("activation")))
    sayings = (
        (f"convolution, {taps} taps", f"then {then}"),
        (f"convolution, {taps}", f"then {then}"),
        (f"convolution, {taps} taps", ""),
    )
    x, room = streams.middle(*names), streams.span(*names)
    about = use.about(block.child("convolution"))
    node = snug(x, streams.above(*names), sayings, "convolution", room, size=11, about=about)
    sheet.add(node)
    for name in names:
        x = streams.at[name]
        sheet.wire(streams.tips[name], Point(x, node.bottom.y))
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


def _sizes(use: Use, state: State) -> tuple[int, int, int]:
    """How many states, and the rows and columns of each."""
    count, rows, columns = (use.block.number(fact) for fact in state.sizes)
    return count, rows, columns


def _state(streams: Lanes, use: Use, state: State) -> Node:
    block, across = use.block, state.across.split()
    node = over(streams, across[0], across[-1], use.facts(state.name, *state.facts))
    lines = (formula(state.update), formula(said(state.reading, block)))
    formulas(streams.sheet, node, lines, _sizes(use, state))
    remark = formula(said(state.remark, block))
    if remark and width(remark, 11) + width(lines[0], 14) + 40 <= node.box.width:
        aside(streams.sheet, node, remark)
    return node


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
    dtype = str(use.block.value("state_dtype"))
    high = keeping(sheet, use.width, high, _sizes(use, state), dtype)
    if each := said(state.beside_each, use.block):
        sheet.label(use.width - PANEL + 34, -14, each, size=11)
    return high
