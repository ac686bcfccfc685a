"""How high a tower's rows are: fixed parts first, the rest is shared among blocks, what is left over goes to gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from llm_gallery.figure.tower.blocks import TAG, fullest, least
from llm_gallery.figure.tower.columns import arrangement
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.rows import Named, Storey, Tower, TowerBlock, TowerBranch

STEPS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
"""By which all gaps give way alike, where it is tight."""
TIGHT = 0.75
"""Step under which a block is as low as a name and its tag, and a tag takes no room of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heights:
    """Px of each part."""

    fmt: Format
    wide: float  # of a block alone in its row
    natural: bool = (
        False  # whether a block is as high as its words, for the figure is as high as it must be
    )
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
    shelf: float  # between blocks of one branch
    bus: float  # over and under blocks beside one another

    def of(self, block: TowerBlock) -> float:
        """A block."""
        if self.natural:
            return max(self.block + self.marked * bool(block.new), self._full(block))
        if not block.new:
            return self.block
        return max(self.block + self.marked, least(self.fmt, new=True))

    def _full(self, block: TowerBlock) -> float:
        return min(fullest(self.fmt, block, self.wide), 1.5 * self.fmt.most)

    def branch(self, branch: TowerBranch) -> float:
        """A branch, with what joins its blocks."""
        tall = [self.of(block) for block in branch.blocks]
        how = arrangement(self.fmt, branch, self.wide)
        if how == "beside":
            return max(tall) + 2 * self.bus
        over = self.bus if how == "shelves" else 0.0
        return sum(tall) + self.gap(branch) * (len(tall) - 1) + over

    def gap(self, branch: TowerBranch) -> float:
        """Between blocks over one another: those in series may have a norm between them."""
        normed = branch.series and any(b.before or b.after for b in branch.blocks)
        return self.shelf * (2 if normed else 1)

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


def heights(fmt: Format, tower: Tower, wide: float, room: float) -> Heights:
    """Those that fill the room; without one, those of blocks with all their lines."""
    for step in STEPS:
        bare = replace(_gaps(fmt, tower, wide, step), natural=not fmt.height)
        block = _block(bare, tower, room) if room else fmt.least
        if block >= (fmt.least if step < TIGHT else fmt.title + fmt.small * 1.4 + 4):
            break
    found = replace(bare, block=max(least(fmt, new=False) * 0.94, min(fmt.most, block)))
    spare = max(0.0, room - found.total(tower)) if room else 0.0
    gaps = 2 + sum(len(s.branches) for s in tower.storeys)
    each = min(spare / gaps, fmt.title * 2.2)
    return replace(
        found,
        norm=found.norm + each,
        branch_gap=found.branch_gap + each,
        pad=found.pad + each / 2,
        under=found.under + each,
    )


def _block(bare: Heights, tower: Tower, room: float) -> float:
    """The height of a block by which the tower is as high as its room."""
    low, high = 0.0, room
    for _ in range(14):
        middle = (low + high) / 2
        if replace(bare, block=middle).total(tower) > room:
            high = middle
        else:
            low = middle
    return low


def _gaps(fmt: Format, tower: Tower, wide: float, step: float) -> Heights:
    loop = fmt.title * 0.75 if tower.stream.passes > 1 else 0.0
    streams = fmt.small * TAG * 1.2 if tower.stream_tag or tower.loop_tag else 0.0
    apart = (
        fmt.title * 1.4 * max(0.8, step) if not tower.ordered else fmt.title * 0.5 * max(0.6, step)
    )
    norms = any(r.under or r.on_stream for s in tower.storeys for r in s.branches)
    return Heights(
        fmt=fmt,
        wide=wide,
        row=fmt.small * 1.45,
        end=fmt.end * max(0.85, step),
        norm=fmt.small * 1.5 + fmt.title * 0.8 * max(0.42, step) + loop + streams,
        block=0.0,
        marked=fmt.small * TAG if step >= TIGHT else 0.0,
        line=fmt.small * 1.8 * max(0.8, step),
        branch_gap=max(fmt.title * 0.62 * step, fmt.small * 0.95 if norms else 0.0),
        pad=max(fmt.title * 0.5 * step, fmt.small * 1.05 if norms else 0.0),
        between=fmt.stroke * 3,
        frame_gap=apart,
        under=fmt.title * 0.6 * step,
        shelf=fmt.title * 0.62 * max(0.45, step),
        bus=fmt.title * 0.62 * max(0.6, step),
    )


def folded(tower: Tower) -> Tower:
    """The same with the last kind of layers told by name alone that has nothing new; the lowest is always drawn."""
    for index in range(len(tower.storeys) - 1, 0, -1):
        storey = tower.storeys[index]
        held = [block for branch in storey.branches for block in branch.blocks]
        if held and not any(block.new for block in held):
            parts = tuple((b.colour, b.title) for b in held)
            line = replace(storey, branches=(), names=(Named(storey.times, parts),))
            storeys = (*tower.storeys[:index], line, *tower.storeys[index + 1 :])
            return replace(tower, storeys=storeys)
    return tower
