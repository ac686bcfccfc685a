"""A row of parts as a branch of the residual stream: norm, block, sum, and its facts beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block
from llm_gallery.comparison.change import Kind, kind_of
from llm_gallery.comparison.profile import Part
from llm_gallery.figure import block_names
from llm_gallery.figure.difference import fact_rows
from llm_gallery.figure.difference.change_signs import sign, tag
from llm_gallery.figure.difference.compared_parts import Fact, Row
from llm_gallery.figure.kit.blocks import HERO, PILL, Node, Sheet, centred, hero, hero_words, pill
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import dot, letter, stream_sum
from llm_gallery.figure.plan.plan import Branch, Plan, Slot
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms import colour_of

STREAM, LEFT, WIDE = 34.0, 60.0, 150.0
"""From the frame's left edge: the stream, the blocks, and their width."""
CENTRE = LEFT + WIDE / 2
LANE = LEFT + WIDE + 9
RULE = LEFT + WIDE + 18
BESIDE = 12.0
"""Px from the rule to the facts behind it."""
GAP, FORK = 16.0, 14.0
"""Px from block to block, and from the lowest one to where it reads."""
ROW = PILL + GAP
"""Px that a norm takes."""
HEAD, SUM = 22.0, 42.0
"""Px from the top of a branch to its words and to its sum."""
FACTS = 52.0
"""Px from the top of a branch to its first fact."""
Side = Literal["before", "after"]
SIDES: tuple[Side, Side] = ("before", "after")
MOST = 11
"""Facts of a part that only one model has that stand in rows; more join in a paragraph."""


@dataclass(frozen=True, slots=True)
class Norms:
    """The norms of a branch before and after its block, and the branch where others read the same input."""

    before: str = ""
    after: str = ""
    shared: tuple[int, int] | None = None  # its frame and its number in it


def norms(shown: Plan, block: Block) -> Norms:
    """The norms round a block in the first branch that holds it."""
    for place, frame in enumerate(shown.frames):
        for number, branch in enumerate(frame.branches):
            way = list(_way(branch, block)) if branch.added else []
            at = next((i for i, slot in enumerate(way) if _holds(slot, block)), None)
            if at is not None:
                shared = (place, number) if branch.columns > 1 else None
                return Norms(_norm(way[:at]), _norm(way[at:]), shared)
    return Norms()


def _way(branch: Branch, block: Block) -> Iterator[Slot]:
    """The slots of a branch on the way through a block: of columns side by side, only its own."""
    for step in branch.steps:
        for column in step.columns:
            if isinstance(step, Slot) or any(_holds(slot, block) for slot in column):
                yield from column


def _norm(slots: Sequence[Slot]) -> str:
    """The first norm's name, if there is one."""
    return next((mechanisms.title(s.block) for s in slots if s.block.is_norm), "")


def _holds(slot: Slot, block: Block) -> bool:
    return any(variant.block == block for variant in slot.variants)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A branch to be placed: its row, its norms in each model, and how high it must be."""

    row: Row
    norms: tuple[Norms | None, ...]
    listed: tuple[Fact, ...]
    joined: tuple[Fact, ...]
    letter: str = ""  # where others read the same input
    reads: bool = False  # it reads at the letter, not from the stream

    @property
    def kind(self) -> Kind | None:
        """What became of the part and its norms; None where more than two models may disagree."""
        if len(self.row.parts) > 2:
            return None
        moved = any(pill[1] != "kept" for side in SIDES if (pill := _pill_of(self, side)))
        return "changed" if self.row.kinds[1] == "kept" and moved else self.row.kinds[1]

    @property
    def shared(self) -> tuple[int, tuple[int, int]] | None:
        """The model and the branch in which its block stands beside another."""
        index = max(i for i, n in enumerate(self.norms) if n is not None)
        norms = self.norms[index]
        return None if norms is None or norms.shared is None else (index, norms.shared)

    @property
    def high(self) -> float:
        """Px that block, wires and facts take."""
        shown = [n for n in self.norms if n is not None]
        rows = any(n.before for n in shown), any(n.after for n in shown)
        return SUM + GAP + HERO + FORK + 18 + ROW * sum(rows)


def drawn(row: Row, plans: Sequence[Plan]) -> Drawn:
    """Decides what a branch shows."""
    sides = [
        None if part is None else norms(plan, part.block)
        for part, plan in zip(row.parts, plans, strict=True)
    ]
    listed, joined = row.facts, row.facts[:0]
    if len(row.parts) > 2 or row.kinds[-1] in ("kept", "changed"):
        listed = tuple(fact for fact in row.facts if not fact.kept)
        joined = tuple(fact for fact in row.facts if fact.kept)
    elif len(row.facts) > MOST:
        listed, joined = row.facts[:MOST], row.facts[MOST:]
    return Drawn(row, tuple(sides), listed, joined)


def lettered(branches: Sequence[Drawn]) -> list[Drawn]:
    """A letter for those that read the same input: the lowest takes it from the stream."""
    groups: dict[tuple[int, tuple[int, int]], list[int]] = {}
    for index, one in enumerate(branches):
        if one.shared is not None:
            groups.setdefault(one.shared, []).append(index)
    marked = list(branches)
    names = iter("ABCDEFGH")
    for members in groups.values():
        if len(members) > 1:
            name = next(names)
            for index in members:
                marked[index] = replace(marked[index], letter=name, reads=index != members[-1])
    return marked


def put(sheet: Sheet, branch: Drawn, left: float, top: float, high: float) -> tuple[Node, float]:
    """The branch in its band; gives its block and the lane of its connector back."""
    shown = branch.row.shown
    x, stream = left + CENTRE, left + STREAM
    kind = branch.kind
    if kind is not None:
        tag(sheet, left + LEFT, top + HEAD, kind)
    before, after = (_pill_of(branch, side) for side in SIDES)
    spare = (high - branch.high) / 2
    ring = stream_sum(stream, top + SUM)
    under = ring.right.y + GAP + (ROW if after else 0) + spare
    lower = upper = node = _block(sheet, shown, x, under + HERO / 2, kind)
    if after:
        upper = _pill(sheet, after, x, node.top.y - GAP - PILL / 2, kind == "changed")
        sheet.wire(node.top, upper.bottom)
    sheet.wire(upper.top, Point(x, ring.right.y), ring.right)
    if before:
        lower = _pill(sheet, before, x, node.bottom.y + GAP + PILL / 2, kind == "changed")
        sheet.wire(lower.top, node.bottom)
    base = lower.bottom.y + FORK
    start = Point(left + LEFT + 15 if branch.reads else stream, base)
    sheet.wire(start, Point(x, base), lower.bottom)
    sheet.add(ring)
    if not branch.reads:
        sheet.put(dot(stream, base, "stream", 4.25))
    if branch.letter:
        beside = left + (LEFT + 7.5 if branch.reads else STREAM - 17)
        sheet.put(*letter(beside, base, branch.letter, "flow"))
    return node, left + LANE


Pill = tuple[str, Kind]


def _pill_of(branch: Drawn, side: Side) -> Pill | None:
    """The norm at one side of the block, and what became of it in the last model that has the part."""
    sides: list[str | None] = [
        (n.before if side == "before" else n.after) or None for n in branch.norms if n is not None
    ]
    names = [name for name in sides if name is not None]
    if not names:
        return None
    if len(branch.row.parts) > 2:
        return names[-1], "kept" if all(sides) else "removed"
    if branch.row.kinds[1] == "removed":
        return names[-1], "removed"
    return names[-1], kind_of(sides[0], sides[-1])


def _pill(sheet: Sheet, norm: Pill, x: float, y: float, signed: bool) -> Node:
    name, kind = norm
    node = pill(x, y, name, "norm", wide=104, dashed=kind == "removed")
    sheet.add(node)
    if signed and kind != "kept":
        sheet.put(sign(node.box.x - 9, y, kind))
    return node


def _block(sheet: Sheet, part: Part, x: float, y: float, kind: Kind | None) -> Node:
    """The block: full where something is new, pale where nothing is, a dashed outline where it is gone."""
    gone, pale = kind == "removed", kind in ("removed", "kept")
    colour, name = colour_of(part.block), mechanisms.title(part.block)
    below = block_names.subtitle([part.block])
    node = hero(x, y, "", colour, wide=WIDE, about=tooltip("", part.block, name))
    edge = f"{colour}.line" if gone else f"{colour}.edge"
    box = replace(node.box, fill=f"{colour}.tint", edge=edge, dashed=gone) if pale else node.box
    role = f"{colour}.text" if pale else f"{colour}.on"
    texts = centred(box, role, *hero_words(name, below, WIDE))
    return sheet.add(Node(box, (box, *texts)))


def fact_part(branch: Drawn, room: float) -> tuple[Sheet, float]:
    """The facts from (0, 0), and their height; those of a part that only one of two models has need no signs."""
    sheet, kind = Sheet(), branch.row.kinds[-1]
    if len(branch.row.parts) > 2:
        high, kind = fact_rows.columns(sheet, branch.listed, 0, 0, room), "kept"
    elif kind in ("kept", "changed"):
        high, kind = fact_rows.pairs(sheet, branch.listed, 0, 0, room), "kept"
    else:
        high = fact_rows.pairs(sheet, branch.listed, 0, 0, room, signs=False)
    if branch.joined:
        high += 4 if high else 0
        high += fact_rows.alike(sheet, branch.joined, 0, high, room, kind)
    return sheet, high


def put_facts(sheet: Sheet, facts: Sheet, high: float, node: Node, left: float, top: float) -> None:
    """The facts beside the block, behind a rule that leads to it."""
    x, y = left + RULE, top + FACTS
    sheet.place(facts, x + BESIDE, y)
    sheet.rule(Point(x, y), Point(x, max(y + high, node.right.y + 4)))
    sheet.rule(node.right, Point(x, node.right.y))
