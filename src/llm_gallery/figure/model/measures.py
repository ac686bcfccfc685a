"""How large the parts of a frame are, before they are placed: branches, blocks, callouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.figure import block_names
from llm_gallery.figure.kit.blocks import HERO, MATRIX, NORM
from llm_gallery.figure.kit.stream import Stream
from llm_gallery.figure.model import callouts
from llm_gallery.figure.model.plan import Branch, Frame, Slot, Step, Variant
from llm_gallery.figure.numbers import Number, numbers

HEAD, FOOT, BETWEEN = 58.0, 20.0, 26.0
"""Px above the last ⊕, under the first branch, and from a ⊕ to the next branch."""
FIRST, GAP = 14.0, 16.0
"""Px from the branch to its first block, and from block to block."""
APART = 22.0
"""Px between blocks side by side."""
SPLIT, SUM = 14.0, 24.0
"""Px from a block to where the line after it forks, and for a ⊕ that isn't the stream's."""
MOST_ROWS = 5
"""Variants that a split block lists; of more, the numbers are given as ranges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Places across a frame."""

    width: float
    stream: float
    left: float  # of the blocks
    wide: float  # a block
    norm: float
    lane: float
    rule: float | None  # of the callouts beside the blocks; None where they stand below
    limit: float | None = None  # right edge of the callouts, where it isn't the frame's

    @property
    def right(self) -> float:
        """Where labels of callouts end."""
        return self.width - 8 if self.limit is None else self.limit

    @property
    def centre(self) -> float:
        """The line on which the blocks stand."""
        return self.left + self.wide / 2


WIDE = Measures(width=418, stream=40, left=70, wide=168, norm=124, lane=252, rule=266)


def narrow(width: float) -> Measures:
    """Three frames side by side: callouts stand under their branch."""
    wide = min(168.0, width - 132)
    return Measures(
        width=width, stream=28, left=56, wide=wide, norm=112, lane=56 + wide + 12, rule=None
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier frame says of the same mixer: where it stands, its block, and its numbers."""

    path: str
    block: Block
    numbers: frozenset[Number]

    @property
    def labels(self) -> frozenset[str]:
        """What its numbers count."""
        return frozenset(number.label for number in self.numbers)


SlotNumbers = tuple[list[Number], list[list[Number]]]
"""Numbers that all variants of a slot share, and for each variant its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a frame is drawn with."""

    measures: Measures
    model_width: int | None
    full: bool
    stream: Stream = field(default_factory=Stream)
    known: Mapping[str, Known] = field(default_factory=dict)  # by the path of a later mixer
    wiring: Variant | None = None  # the connection that an inset explains
    saved: dict[int, SlotNumbers] = field(default_factory=dict)  # by the slots' identity
    counted: dict[str, tuple[Number, ...]] = field(default_factory=dict)  # by the variants' paths

    def numbers(self, variant: Variant) -> tuple[Number, ...]:
        """All numbers of a variant."""
        if variant.path not in self.counted:
            self.counted[variant.path] = numbers(variant.block, variant.path, self.model_width)
        return self.counted[variant.path]


class Extent(NamedTuple):
    """Px of a branch: from its dot to its ⊕, under it for callouts, and what of its height blocks take."""

    high: float
    low: float
    blocks: float  # with their gaps, and the room under them
    under: float  # of them, for numbers under a split block

    @property
    def whole(self) -> float:
        """Px of both."""
        return self.high + self.low


def extents(frames: Sequence[Frame], setting: Setting) -> list[list[Extent]]:
    """The extents of all branches; frames of one row with as many branches have them on one line."""
    found = [[_extent(branch, setting) for branch in shown.branches] for shown in frames]
    if len({len(each) for each in found}) > 1:
        return found
    highs = [max(each.high for each in level) for level in zip(*found, strict=True)]
    lows = [max(each.low for each in level) for level in zip(*found, strict=True)]
    return [
        [e._replace(high=high, low=low) for e, high, low in zip(each, highs, lows, strict=True)]
        for each in found
    ]


def _extent(branch: Branch, setting: Setting) -> Extent:
    if not branch.added:
        blocks = sum(height(slot, setting) + GAP for slot in branch.slots) - GAP
        return Extent(blocks, 0.0, blocks, 0.0)
    inside = within(branch, setting)
    rows = max((_rows(hero, inside) for hero in branch.heroes), default=0) * callouts.PITCH
    blocks = FIRST + sum(step_height(branch, step, inside) + GAP for step in branch.steps)
    if inside.measures.rule is None:
        return Extent(blocks, rows + 8 if rows else 0.0, blocks, 0.0)
    under = _room_under(branch, inside)
    return Extent(max(blocks + under, rows + 10), 0.0, blocks + under, under)


def within(branch: Branch, setting: Setting, column: int = 0) -> Setting:
    """The setting of a branch's blocks: where it forks they are narrower, their numbers below."""
    if branch.columns == 1:
        return setting
    m = setting.measures
    pitch = (m.width - 24 - m.left + APART) / branch.columns
    left, wide = m.left + column * pitch, min(168.0, pitch - APART)
    inner = replace(
        m,
        left=left,
        wide=wide,
        norm=min(m.norm, wide - 12),
        lane=left + wide + 12,
        rule=None,
        limit=left + pitch - APART + 6,
    )
    return replace(setting, measures=inner)


def needed(branches: Sequence[Extent]) -> float:
    """Px that a frame needs at least."""
    between = BETWEEN * max(0, len(branches) - 1)
    return HEAD + sum(branch.whole for branch in branches) + between + FOOT


def _room_under(branch: Branch, setting: Setting) -> float:
    """What a branch must be higher for the numbers under its split block to end by its dot."""
    hero = next(iter(branch.heroes), None)
    if hero is None or not split(hero):
        return 0.0
    common, _ = slot_numbers(hero, setting)
    before = branch.slots[: branch.slots.index(hero)]
    free = FIRST + sum(height(slot, setting) + GAP for slot in before)
    lacking = (len(common) + 1) * callouts.PITCH - 6 - free if common else 0.0
    return max(0.0, lacking)


def _rows(hero: Slot, setting: Setting) -> int:
    common, own = slot_numbers(hero, setting)
    groups = sum(1 for group in (*own, common) if group)
    rows = len(common) + sum(len(group) for group in own)
    return rows + (max(0, groups - 1) if setting.measures.rule is not None else 0)


def step_height(branch: Branch, step: Step, setting: Setting) -> float:
    """Px of a block, or of columns from where they part to where they are added."""
    if isinstance(step, Slot):
        return height(step, setting)
    high = max(column_height(column, setting) for column in step.columns)
    high += SPLIT if step is not branch.steps[0] else 0.0
    return high + (SUM if step is not branch.steps[-1] else 0.0)


def column_height(column: Sequence[Slot], setting: Setting) -> float:
    """Px of blocks one after another."""
    return sum(height(slot, setting) for slot in column) + GAP * (len(column) - 1)


def height(slot: Slot, setting: Setting) -> float:
    """Px of a block."""
    if not slot.mixes:
        return NORM if slot.block.is_norm else MATRIX
    if not split(slot):
        return HERO
    return sum(row_heights(slot, setting))


def split(slot: Slot) -> bool:
    """Whether the block has a row for each of its variants."""
    return 1 < len(slot.variants) <= MOST_ROWS


def row_heights(slot: Slot, setting: Setting) -> list[float]:
    """Px of each row of a split block, in the order of its variants."""
    _, own = slot_numbers(slot, setting)
    if setting.measures.rule is None:
        return [32.0 for _ in own]
    return [max(38.0, len(group) * callouts.PITCH + 6) for group in own]


def slot_numbers(slot: Slot, setting: Setting) -> SlotNumbers:
    """The numbers that all variants share, and for each variant its own."""
    if id(slot) not in setting.saved:
        setting.saved[id(slot)] = _slot_numbers(slot, setting)
    return setting.saved[id(slot)]


def _slot_numbers(slot: Slot, setting: Setting) -> SlotNumbers:
    before = setting.known.get(slot.variants[0].path)
    known = before.numbers if before is not None else ()
    lists = [[n for n in setting.numbers(v) if n not in known] for v in slot.variants]
    if len(lists) > MOST_ROWS:
        return callouts.ranges(lists), []
    common = [n for n in lists[0] if all(n in other for other in lists[1:])]
    if len(lists) == 1:
        return common, []
    names = block_names.variants([variant.block for variant in slot.variants])
    return common, [
        [n for n in group if n not in common and n.value.replace(" ", "") not in name.split()]
        for group, name in zip(lists, names, strict=True)
    ]


def without_repeats(frames: Sequence[Frame], setting: Setting) -> Setting:
    """The setting for frames of which later ones say only what differs from an earlier mixer.

    The likest of its kind before it, where that says nothing that the later one leaves out.
    """
    earlier: dict[str, list[Known]] = {}
    known: dict[str, Known] = {}
    for shown in frames:
        for slot in (*shown.heroes(True), *shown.heroes(False)):
            common, _ = slot_numbers(slot, setting)
            first, *others = slot.variants
            mine = Known(first.path, first.block, frozenset(common))
            before = earlier.setdefault(slot.block.kind, [])
            fitting = [one for one in before if one.labels <= mine.labels]
            if fitting:
                known[first.path] = max(fitting, key=lambda one: len(one.numbers & mine.numbers))
            before.append(mine)
            known |= {variant.path: mine for variant in others}
    return replace(setting, known=known, saved={})
