"""The rows of a drawing that is data: pills on lanes, convolutions across some, lanes that start from another."""

from __future__ import annotations

from llm_gallery.figure.internals._fitting import beside, snug
from llm_gallery.figure.internals._foot import Frame, matrices
from llm_gallery.figure.kit.blocks import MATRIX
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import dot, drum
from llm_gallery.mechanisms import title
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.lane_drawing import Branch, Convolution, Convolved, Step
from llm_gallery.mechanisms.wording import words_for


def draw_rows(frame: Frame) -> None:
    """From the matrices up, as stated."""
    for row in frame.drawing.rows:
        if isinstance(row, Convolution):
            _convolution(frame, row)
        elif isinstance(row, Convolved):
            _convolved(frame, row)
        elif isinstance(row, Branch):
            _branch(frame, row)
        else:
            _step(frame, row)


def _branch(frame: Frame, row: Branch) -> None:
    """Lanes that start from another one, which goes on."""
    streams = frame.streams
    tip = streams.tips[row.on]
    start = streams.tips[row.on] = Point(tip.x, tip.y - 16)
    streams.sheet.wire(tip, start, arrow=False)
    streams.sheet.put(dot(*start))
    lanes = [lane for lane in frame.lanes if lane.name in row.to.split()]
    matrices(frame, lanes, start.y - 16 - MATRIX / 2, start)


def _convolution(frame: Frame, row: Convolution) -> None:
    """What it is, in as many words as fit; each lane goes on above it."""
    streams, block, names = frame.streams, frame.use.block, row.across.split()
    taps, then = block.number("taps"), activation(str(block.value("activation")))
    sayings = (
        (f"convolution, {taps} taps", f"then {then}"),
        (f"convolution, {taps}", f"then {then}"),
        (f"convolution, {taps} taps", ""),
    )
    room = min(streams.span(names[0], row.until or names[-1]), row.broadest)
    x = streams.at[names[0]] + (room - streams.box) / 2
    about = frame.use.about(block.child("convolution"))
    node = snug(x, streams.above(*names), sayings, "convolution", room, size=11, about=about)
    streams.through(node, *names)


def _convolved(frame: Frame, row: Convolved) -> None:
    """Beside the plain input of each lane; over several, after the mean of each query and its key."""
    streams, use = frame.streams, frame.use
    if "convolved" not in use.block.facts:
        return
    parts = {name: use.block.part(f"{frame.role(name)}_convolution") for name in row.on.split()}
    for name, part in parts.items():
        if part is None:
            continue
        taps, room = f"{part.number('taps')}", min(streams.box, 150.0)
        forms = [("x + convolution", taps), ("x + conv", taps), (f"+ conv {taps}", "")]
        about = use.about(part, "short convolution, added to its own input")
        streams.pill(name, forms, "convolution", room=room, about=about)
    if any(parts.values()):
        return
    names = row.across.split()
    joint = [child for child in use.block.inside if "taps" in child.facts]
    taps = " + ".join(f"{child.number('taps')}" for child in joint)
    words = "convolution" if len(joint) == 1 else f"{len(joint)} convolutions"
    forms = [(f"{words}, {taps} taps", note) for note in ("by channel, by head", "")]
    about = use.about(joint[0], "short convolutions over queries and keys") if joint else None
    x, room = streams.middle(*names), streams.span(*names)
    node = snug(x, streams.above(*names), forms, "convolution", room, about=about)
    streams.through(node, *names)
    streams.sheet.put(drum(streams.at[names[0]] + 8, node.top.y + 24))
    about = use.facts("mean of each query and its key", "convolved")
    forms = [("+ mean of q and k before it", ""), ("+ mean", "")]
    node = snug(x, streams.above(*names), forms, "norm", room, about=about)
    streams.through(node, *names)


def _step(frame: Frame, row: Step) -> None:
    """Dashed where not all blocks have it, with its share of the layers beside it."""
    streams, use = frame.streams, frame.use
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
    for name in names:
        part = first.part(f"{frame.role(name)}_{row.part}") if row.part else None
        words = words_for(row.words, first) if part is None else title(part)
        means = words_for(row.means, first) or words
        node = streams.pill(
            name,
            ((words, note), (words, "")),
            row.colour or frame.colour,
            y=y,
            room=min(streams.box, broadest),
            size=row.size,
            high=row.high,
            tight=row.tight,
            dashed=bool(scope),
            about=use.about(part) or use.facts(means, *row.facts, of=first),
        )
    if following:
        end = streams.at[following] - (streams.box / 2 + 4 if obstructed else 2)
        remarks = (f"{scope} layers", scope) if scope else (remark,)
        beside(streams.sheet, node, remarks, end)
