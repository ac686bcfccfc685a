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
from llm_gallery.figure.about import about
from llm_gallery.figure.difference import facts
from llm_gallery.figure.difference.rows import Fact, Row
from llm_gallery.figure.difference.signs import sign, tag
from llm_gallery.figure.kit.blocks import Node, Sheet, label, pill
from llm_gallery.figure.kit.shapes import Box, Line, Point
from llm_gallery.figure.kit.signs import STREAM_RING, dot, letter, stream_line, stream_sum
from llm_gallery.figure.kit.text import cut, fitting
from llm_gallery.figure.model.plan import Branch, Fork, Plan, Slot, Step
from llm_gallery.mechanisms import colour_of

STREAM, LEFT, HERO = 34.0, 60.0, 150.0
"""From the frame's left edge: the stream, the blocks, and their width."""
CENTRE = LEFT + HERO / 2
LANE = LEFT + HERO + 9
RULE = LEFT + HERO + 18
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
            if branch.added and any(v.block == block for h in branch.heroes for v in h.variants):
                return _norms(branch, block, (place, number))
    return Norms()


def _norms(branch: Branch, block: Block, place: tuple[int, int]) -> Norms:
    seen = [slot for step in branch.steps for slot in _column(step, block)]
    at = next(i for i, s in enumerate(seen) if any(v.block == block for v in s.variants))
    before = [s for s in seen[:at] if s.block.is_norm]
    after = [s for s in seen[at + 1 :] if s.block.is_norm]
    said = ["" if not held else mechanisms.title(held[0].block) for held in (before, after)]
    return Norms(said[0], said[1], place if branch.columns > 1 else None)


def _column(step: Step, block: Block) -> Iterator[Slot]:
    """The slots of a step on the way through the block."""
    if not isinstance(step, Fork):
        yield step
        return
    for column in step.columns:
        if any(v.block == block for slot in column for v in slot.variants):
            yield from column


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
        held = self.norms[index]
        return None if held is None or held.shared is None else (index, held.shared)

    @property
    def high(self) -> float:
        """Px that block, wires and facts take."""
        shown = [n for n in self.norms if n is not None]
        tall = SUM + 16 + 46 + 14 + 18
        tall += 38 if any(n.before for n in shown) else 0
        tall += 38 if any(n.after for n in shown) else 0
        return tall


def drawn(row: Row, plans: Sequence[Plan]) -> Drawn:
    """Decides what a branch shows."""
    found = [
        None if part is None else norms(plan, part.block)
        for part, plan in zip(row.parts, plans, strict=True)
    ]
    listed, joined = row.facts, row.facts[:0]
    if len(row.parts) > 2 or row.kinds[-1] in ("kept", "changed"):
        listed = tuple(fact for fact in row.facts if not fact.kept)
        joined = tuple(fact for fact in row.facts if fact.kept)
    elif len(row.facts) > MOST:
        listed, joined = row.facts[:MOST], row.facts[MOST:]
    return Drawn(row, tuple(found), listed, joined)


def lettered(branches: Sequence[Drawn]) -> list[Drawn]:
    """A letter for those that read the same input: the lowest takes it from the stream."""
    groups: dict[tuple[int, tuple[int, int]], list[int]] = {}
    for index, one in enumerate(branches):
        if one.shared is not None:
            groups.setdefault(one.shared, []).append(index)
    found = list(branches)
    names = iter("ABCDEFGH")
    for members in groups.values():
        if len(members) > 1:
            name = next(names)
            for index in members:
                found[index] = replace(found[index], letter=name, reads=index != members[-1])
    return found


def put(sheet: Sheet, branch: Drawn, left: float, top: float, high: float) -> tuple[Node, float]:
    """The branch in its band; gives its block and the lane of its connector back."""
    shown = branch.row.shown
    x, stream = left + CENTRE, left + STREAM
    kind = branch.kind
    if kind is not None:
        tag(sheet, left + LEFT, top + HEAD, kind)
    before, after = (_pill_of(branch, side) for side in SIDES)
    spare = (high - branch.high) / 2
    total = top + SUM
    block_top = total + 16 + (38 if after else 0) + spare
    node = _block(sheet, shown, x, block_top + 23, kind)
    upper = node
    ring = stream_sum(stream, total)
    if after:
        upper = _pill(sheet, after, x, block_top - 27, kind == "changed")
        sheet.wire(node.top, upper.bottom)
    sheet.wire(upper.top, Point(x, total), ring.right)
    lower = node
    if before:
        lower = _pill(sheet, before, x, block_top + 46 + 27, kind == "changed")
        sheet.wire(lower.top, node.bottom)
    base = lower.bottom.y + 14
    start = Point(left + LEFT + 15 if branch.reads else stream, base)
    sheet.wire(start, Point(x, base), lower.bottom)
    sheet.add(ring)
    if not branch.reads:
        sheet.put(dot(stream, base, "stream", 4.25))
    if branch.letter:
        beside = left + (LEFT + 7.5 if branch.reads else STREAM - 17)
        sheet.put(*letter(beside, base, branch.letter, "flow"))
    return node, left + LANE


def stream(sheet: Sheet, x: float, start: float, end: float, rings: Sequence[float]) -> None:
    """The residual stream past the sums at those heights, upward."""
    at = start
    for y in sorted(rings, reverse=True):
        _line(sheet, x, at, y + STREAM_RING)
        at = y - STREAM_RING
    _line(sheet, x, at, end, arrow=True)


def _line(sheet: Sheet, x: float, start: float, end: float, *, arrow: bool = False) -> None:
    sheet.put(stream_line(Point(x, start), Point(x, end), arrow=arrow))


Pill = tuple[str, Kind]


def _pill_of(branch: Drawn, side: Side) -> Pill | None:
    """The norm at one side of the block, and what became of it in the last model that has the part."""
    held: list[str | None] = [
        (n.before if side == "before" else n.after) or None for n in branch.norms if n is not None
    ]
    names = [name for name in held if name is not None]
    if not names:
        return None
    if len(branch.row.parts) > 2:
        return names[-1], "kept" if all(held) else "removed"
    if branch.row.kinds[1] == "removed":
        return names[-1], "removed"
    return names[-1], kind_of(held[0], held[-1])


def _pill(sheet: Sheet, said: Pill, x: float, y: float, signed: bool) -> Node:
    name, kind = said
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
    size = fitting(name, HERO - 14, (14.0, 13.0, 12.5, 12.0), 600)
    box = Box(
        x=x - HERO / 2,
        y=y - 23,
        width=HERO,
        height=46,
        fill=f"{colour}.tint" if pale else f"{colour}.solid",
        edge=f"{colour}.line" if gone else f"{colour}.edge" if pale else None,
        dashed=gone,
        labelled=True,
        about=about("", part.block, name),
    )
    role = f"{colour}.text" if pale else f"{colour}.on"
    said = cut(name, HERO - 10, size, 600)
    texts = [
        label(
            x, y - 1.5 if below else y + 5, said, size=size, weight=600, role=role,
            anchor="middle", inside=box.bounds,
        )
    ]  # fmt: skip
    if below:
        texts.append(
            label(
                x, y + 13.5, cut(below, HERO - 10, 10.5), size=10.5, role=role, anchor="middle",
                inside=box.bounds,
            )
        )  # fmt: skip
    node = Node(box, (box, *texts))
    return sheet.add(node)


def listed(sheet: Sheet, branch: Drawn, x: float, y: float, room: float) -> float:
    """The facts; those of a part that only one of two models has need no signs of their own."""
    kind = branch.row.kinds[-1]
    if len(branch.row.parts) > 2:
        high, kind = facts.columns(sheet, branch.listed, x, y, room), "kept"
    elif kind in ("kept", "changed"):
        high, kind = facts.pairs(sheet, branch.listed, x, y, room), "kept"
    else:
        high = facts.pairs(sheet, branch.listed, x, y, room, signs=False)
    if branch.joined:
        high += 4 if high else 0
        high += facts.alike(sheet, branch.joined, x, y + high, room, kind)
    return high


def tell(sheet: Sheet, branch: Drawn, node: Node, left: float, top: float, right: float) -> float:
    """The facts beside the block, behind a rule that leads to it; gives their lower end back."""
    x, y = left + RULE, top + FACTS
    end = y + listed(sheet, branch, x + 12, y, right - x - 12)
    low = max(end, node.right.y + 4)
    for points in (
        (Point(x, y), Point(x, low)),
        (node.right, Point(x, node.right.y)),
    ):
        sheet.put(Line(points=points, kind="rule", role="hairline", thickness=1))
    return end
