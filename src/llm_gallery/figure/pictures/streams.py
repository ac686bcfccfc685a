"""Streams side by side, laid down: where a branch reads them, whether they mix, and where it writes to all."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.kinds import GATED_STREAMS
from llm_gallery.figure.kit.blocks import Sheet, Words, centred
from llm_gallery.figure.kit.shapes import Box, Mark, Point
from llm_gallery.figure.kit.signs import dot, stream_line
from llm_gallery.figure.kit.stream import MOST
from llm_gallery.figure.kit.text import Span
from llm_gallery.figure.pictures.panel import fitting
from llm_gallery.mechanisms.streams import written_by
from llm_gallery.plan.place import Variant

PITCH, BAR, MIX, BLOCK = 13.0, 20.0, 44.0, 32.0
"""Px from stream to stream, of a bar across them, of the ground on which they mix, and of the branch's height."""
BROAD, LARGER = 600.0, 1.5
"""Px across from which all of it is drawn larger, and how much."""
READ = (3.6, 1.8, 2.6, 1.4, 3.0, 2.0, 1.6, 2.8)
WRITTEN = (1.6, 3.4, 1.4, 2.4, 2.0, 3.0, 2.6, 1.8)
"""Px of the radius of a weight's dot: an illustration, for each token has its own."""


def streams(variants: Sequence[Variant], sheet: Sheet, wide: float, y: float) -> float:
    """The streams from left to right with one branch: the dots are weights."""
    block = variants[0].block
    count, gates = block.number("streams"), block.value("residual") == GATED_STREAMS
    shown = min(count, MOST)
    scale = LARGER if wide >= BROAD else 1.0
    pitch, bar, mix, high = (scale * px for px in (PITCH, BAR, MIX, BLOCK))
    left, right, top = 16.0, wide - 16, y + 18 + high + 34 * scale
    lines = [top + i * pitch for i in range(shown)]
    read, write = left + 0.2 * (right - left), left + 0.8 * (right - left)
    middle = (read + write) / 2
    sheet.label(left, y + 12, (Span(f"{count:,}", 600, role="ink"), " streams"), size=13)
    gaps = [(read, bar), (write, bar)]
    if "mixing" in block.facts:
        gaps.insert(1, (middle, mix))
        _mixed(sheet, middle, lines, mix)
    for line in lines:
        at = left
        for x, across in gaps:
            sheet.put(stream_line(Point(at, line), Point(x - across / 2, line), thickness=2))
            at = x + across / 2
        sheet.put(stream_line(Point(at, line), Point(right, line), thickness=2, arrow=True))
    broad = 124 * scale
    box = Box(middle - broad / 2, y + 18, broad, high, fill="matrix", edge="stream", labelled=True)
    sheet.put(box, *centred(box, "ink", Words(4.5, "attention, MLP", 12 + scale / 2, 600)))
    level, edge = box.y + high / 2, top - 12 * scale
    sheet.wire(Point(read, edge), Point(read, level), Point(box.x, level))
    sheet.wire(Point(box.x + box.width, level), Point(write, level), Point(write, edge))
    for x, sizes in ((read, READ), (write, WRITTEN)):
        _bar(sheet, x, lines, [scale * radius for radius in sizes], bar)
    low = lines[-1] + 20 + 12 * scale
    mixed = len(gaps) > 2
    rounds = block.value("rounds")
    often = (f"Sinkhorn, {rounds:,} rounds", f"{rounds:,} rounds") if rounds else ("Sinkhorn",)
    room = (write - read) / len(gaps[1:]) - 10
    for x, name, words, made in (
        (read, "read", "a gate a channel" if gates else "weighted sum", ("sigmoid",)),
        (middle, "mix", f"{count:,} × {count:,} weights" if mixed else "", often),
        (write, "write", "a gate a stream" if gates else "a weight a stream", (written_by(block),)),
    ):
        if words:
            sheet.label(x, low, name, size=13, weight=600, role="ink", anchor="middle")
            sheet.label(x, low + 17, words, size=12, anchor="middle")
            sheet.label(x, low + 33, fitting(room, 12, *made), size=12, anchor="middle")
    return low + 42


def _bar(
    sheet: Sheet, x: float, lines: Sequence[float], sizes: Sequence[float], wide: float
) -> None:
    """A bar across the streams with a weight on each."""
    over = 0.6 * wide
    high = lines[-1] - lines[0] + 2 * over
    sheet.put(
        Box(x - wide / 2, lines[0] - over, wide, high, radius=wide / 2, fill="paper", edge="stream", line=1.5)
    )  # fmt: skip
    sheet.put(*(dot(x, line, "stream", r) for line, r in zip(lines, sizes, strict=False)))


def _mixed(sheet: Sheet, x: float, lines: Sequence[float], wide: float) -> None:
    """Every stream goes into every one."""
    half = wide / 2
    for start in lines:
        path = "".join(
            f"c{half:g} 0 {half:g} {end - start:g} {wide:g} {end - start:g}m{-wide:g} {start - end:g}"
            for end in lines
        )
        sheet.put(Mark(x - half, start, path, stroke="stream", thickness=1))
