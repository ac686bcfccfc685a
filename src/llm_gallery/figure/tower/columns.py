"""Where a tower's parts stand across: strip, lens, loop, frames, stream and blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from llm_gallery.figure.kit.text import width
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.rows import Tower, TowerBranch

Arrangement = Literal["one", "beside", "shelves", "series"]
NARROWER = 0.85
"""Share of the room beside the stream where a brace takes some."""
UNORDERED = 1.7
"""Times that a strip is wider which alone has the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Px across, in the whole figure."""

    strip: float
    track: float  # the strip's right edge
    loop: float  # the lane of a loop, left of the frames
    left: float  # of the frames
    axis: float  # the stream
    start: float  # of the blocks
    inner: float  # their right edge
    right: float  # of the frames

    @property
    def wide(self) -> float:
        """Of a block alone in its row."""
        return self.inner - self.start


def columns(fmt: Format, tower: Tower, x: float, wide: float) -> Columns:
    """Those of a tower so wide."""
    mixing = fmt.strip * (1.0 if tower.ordered else UNORDERED)
    track = x + mixing + 1.5 + fmt.channel
    times = width(f"{tower.repeats} ×", fmt.title, 600) + fmt.title * 1.1 if tower.repeats else 0.0
    looped = tower.stream.passes > 1
    passes = width(f"{tower.stream.passes:,} ×", fmt.count, 600) if looped else 0.0
    left = track + max(fmt.gap, times) + (passes + fmt.title * 0.7 if looped else 0.0)
    share = NARROWER ** (bool(tower.repeats) + 2 * (looped and bool(tower.repeats)))
    axis = left + fmt.counts * share + fmt.title * 0.55
    return Columns(
        strip=x,
        track=track,
        loop=left - passes / 2 - fmt.title * 0.45 - times,
        left=left,
        axis=axis,
        start=axis + fmt.wire * share,
        inner=x + wide - fmt.title * 0.5,
        right=x + wide,
    )


def arrangement(fmt: Format, branch: TowerBranch, wide: float) -> Arrangement:
    """How the blocks of a branch stand: beside one another where their names have room."""
    if len(branch.blocks) == 1:
        return "one"
    if branch.series:
        return "series"
    each = beside(fmt, len(branch.blocks), wide)
    room = each - max(9.0, fmt.title * 0.62) - fmt.title * 0.5
    fits = all(width(b.title, fmt.title * 0.9, 600) <= room for b in branch.blocks)
    tags = all(width(b.new, fmt.tag, 600) + fmt.small <= room for b in branch.blocks)
    normed = any(b.before or b.after for b in branch.blocks)
    return "beside" if fits and tags and not normed else "shelves"


def beside(fmt: Format, count: int, wide: float) -> float:
    """Px across one of so many blocks beside one another."""
    return (wide - (count - 1) * fmt.title) / count
