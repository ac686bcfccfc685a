"""One layer of each model in a frame of its own, beside one another: what answers to each other stands at one height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llm_gallery.figure.difference import bands as sides
from llm_gallery.figure.difference.bands import Band, Step
from llm_gallery.figure.difference.frame import GAP, SMALL, Frame, Framed, high, stacked
from llm_gallery.figure.difference.frame_branch import branch_of, crowded, on_stream
from llm_gallery.figure.kit import stream as streams
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Picture
from llm_gallery.figure.kit.text import width

HEAD, FOOT = 62.0, 18.0
"""Px over the last sum and under the first branch."""
FIRST, LAST, BETWEEN = 16.0, 20.0, 26.0
"""Px to a branch's first block, from the last one to where it is added, and to the next branch."""
MIXED = 84.0
"""Px of a branch beside which the streams mix, or which has a pill on the stream, at least."""


def frames(
    models: Sequence[Framed], wide: float, least: float = 0.0
) -> tuple[list[Picture], float]:
    """A picture a model, so wide each, and how high all are: `least` where the gaps can take it."""
    drawn = [Frame(model, wide) for model in models]
    aligned = sides.bands([model.layers for model in models])
    tall = _lay(drawn, aligned, 0.0)
    spare = least - tall
    if spare > 0:
        gaps = sum(_gaps(band) for band in aligned)
        drawn = [Frame(model, wide) for model in models]
        tall = _lay(drawn, aligned, min(28.0, spare / max(1, gaps)))
    return [_framed(frame, tall) for frame in drawn], tall


def _gaps(band: Band) -> int:
    return 2 + max(len(one.steps) for one in band if one is not None)


def _lay(frames: Sequence[Frame], aligned: Sequence[Band], more: float) -> float:
    """Draws every branch; gives the height of the frames back."""
    y = -FOOT - more / 2
    for band in aligned:
        y = _band(frames, band, y, more) - BETWEEN - more
    return HEAD - y - BETWEEN - more


def _framed(frame: Frame, high: float) -> Picture:
    """The frame's border, its stream and its title, under what was drawn."""
    sheet, model = Sheet(), frame.model
    if model.new:
        sheet.put(Box(-7, -7, frame.wide + 14, high + 14, radius=16, fill="lens", open=True))
    border = Box(0, 0, frame.wide, high, radius=10, fill="paper", edge="frame", open=True)
    sheet.put(replace(border, ground=True))
    if model.layers is None:
        sheet.label(frame.wide / 2, high / 2, "no such layers", size=12.5, anchor="middle")
    else:
        stream = model.plan.stream
        stops = [(low + high, up + high) for low, up in sorted(frame.stops, reverse=True)]
        streams.run(sheet, stream.earlier(frame.line), 1.25, high + 14, -6)
        across = stream.across(frame.line)
        streams.run(sheet, across, stream.thickness, high + 14, -14, stops, arrow=True)
    role = "ink" if model.new else "muted"
    left, right = frame.left, frame.right
    sheet.label(left, 30, model.title, size=15, weight=600, role=role)
    at = left + (width(model.title, 15, 600) + 14 if model.title else 0)
    room, sizes = right - at, (13.0, 12.5, 12.0, 11.5, 11.0, 10.5)
    if model.title:
        sheet.fitted(right, 30, model.name, room, sizes, anchor="end")
    else:
        sheet.fitted(left, 30, model.name, room, (14.0, *sizes), weight=600, role=role)
    words = _stream_words(model)
    if words:
        sheet.fitted(left, 48, words, right - left, SMALL)
    sheet.place(frame.sheet, 0, high)
    return sheet.picture(frame.wide, high)


def _stream_words(model: Framed) -> str:
    """What the stream is where it isn't one line that runs once."""
    stream = model.plan.stream
    said = []
    if stream.lines > 1:
        said.append(f"{stream.count:,} streams")
    if stream.saved_every:
        said.append("earlier sums are read too")
    if stream.passes > 1:
        said.append(f"run {stream.passes:,} times over")
    return ", ".join(said)


def _band(frames: Sequence[Frame], band: Band, y: float, more: float) -> float:
    """A branch of each model between the same heights; gives back where they end."""
    pairs = [(f, b) for f, b in zip(frames, band, strict=True) if b is not None]
    if not pairs[0][1].added:
        tall = max(stacked(frame, branch.steps, more) for frame, branch in pairs) - GAP - more
        for frame, branch in pairs:
            on_stream(frame, branch, y, more)
        return y - tall
    parts = [(frame, branch, sides.parted(branch)) for frame, branch in pairs]
    gap = GAP + more
    before = max(stacked(frame, steps, more) for frame, _, (steps, _, _) in parts)
    after = max(stacked(frame, steps, more) for frame, _, (_, _, steps) in parts)
    main = max(high(frame, step, more) for frame, _, (_, step, _) in parts)
    least = max(MIXED if crowded(frame, branch) else 0.0 for frame, branch in pairs)
    first, last = FIRST + more / 2, LAST + more / 2
    spare = max(0.0, least - first - before - main - after - last)
    low = y - first - before - spare / 2
    top = low - main - after - last - spare / 2
    for frame, branch, (steps, step, behind) in parts:
        way: list[tuple[Step, float]] = []
        own = high(frame, step, more)
        at = low - (main - own) / 2
        under = at
        for one in reversed(steps):
            under += gap
            way.insert(0, (one, under + high(frame, one, more)))
            under += high(frame, one, more)
        if step is not None:
            way.append((step, at))
        at -= own + gap
        for one in behind:
            way.append((one, at))
            at -= high(frame, one, more) + gap
        branch_of(frame, branch, way, (y, top), more)
    return top
