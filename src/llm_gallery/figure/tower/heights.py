"""How high a tower's rows are: fixed parts first, the rest is shared among blocks, what is left over goes to gaps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.rows import Storey, Tower, TowerBranch

STEPS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
"""By which all gaps give way alike, where it is tight."""
TAG = 1.5
"""Height of a tag, by its small type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heights:
    """Px of each part."""

    row: float  # over the head and under the embedding
    end: float
    norm: float  # from the head to the frames
    block: float
    marked: float  # what a block with a tag is higher
    line: float
    branch_gap: float
    pad: float
    between: float
    frame_gap: float
    under: float

    def branch(self, branch: TowerBranch) -> float:
        """A branch; blocks that read the same input stand over one another."""
        shelf = self.branch_gap * 0.7 * (len(branch.blocks) - 1)
        return shelf + sum(self.block + self.marked * bool(b.new) for b in branch.blocks)

    def storey(self, storey: Storey) -> float:
        """A storey, or a line of names."""
        if not storey.branches:
            return self.line * max(1, len(storey.names))
        gaps = self.branch_gap * (len(storey.branches) - 1)
        return 2 * self.pad + gaps + sum(map(self.branch, storey.branches))

    def frames(self, tower: Tower) -> list[list[int]]:
        """Storeys of one frame together, the lowest first."""
        numbered = enumerate(tower.storeys)
        return [[i for i, _ in held] for _, held in groupby(numbered, lambda pair: pair[1].frame)]

    def frame(self, tower: Tower, held: list[int]) -> float:
        """A frame."""
        return (len(held) - 1) * self.between + sum(self.storey(tower.storeys[i]) for i in held)

    def body(self, tower: Tower) -> float:
        """All frames."""
        frames = self.frames(tower)
        return self.frame_gap * (len(frames) - 1) + sum(self.frame(tower, f) for f in frames)

    def total(self, tower: Tower) -> float:
        """The whole tower."""
        return 2 * self.row + 2 * self.end + self.norm + self.under + self.body(tower)


def heights(fmt: Format, tower: Tower, room: float) -> Heights:
    """Those that fill the room; without one, those of blocks with all their lines."""
    count = sum(len(b.blocks) for s in tower.storeys for b in s.branches)
    for step in STEPS:
        bare = _gaps(fmt, tower, step)
        block = (room - bare.total(tower)) / max(1, count) if room else fmt.least
        if block >= (fmt.least if step < 0.75 else fmt.title + fmt.small * 1.4 + 4):
            break
    found = _gaps(fmt, tower, step, block=max(fmt.least * 0.7, min(fmt.most, block)))
    spare = max(0.0, room - found.total(tower)) if room else 0.0
    gaps = sum(len(s.branches) + 1 for s in tower.storeys if s.branches)
    each = min(spare / max(1, gaps + 3), fmt.title * 1.2)
    return _gaps(fmt, tower, step, block=found.block, more=each)


def _gaps(fmt: Format, tower: Tower, step: float, block: float = 0.0, more: float = 0.0) -> Heights:
    loop = fmt.title * 0.75 if tower.stream.passes > 1 and tower.stream.norms else 0.0
    streams = fmt.small * TAG * 1.2 if tower.stream_tag else 0.0
    apart = fmt.title * 1.4 if not tower.ordered else fmt.title * 0.42 * step
    return Heights(
        row=fmt.small * 1.45,
        end=fmt.end * max(0.75, step),
        norm=fmt.small * 1.5 + fmt.title * 0.8 * max(0.42, step) + loop + streams + more,
        block=block,
        marked=fmt.small * TAG,
        line=fmt.small * 1.8 * max(0.75, step),
        branch_gap=fmt.title * 0.62 * step + more,
        pad=fmt.title * 0.5 * step + more / 2,
        between=fmt.stroke * 3,
        frame_gap=apart,
        under=fmt.title * 0.6 * step + more,
    )
