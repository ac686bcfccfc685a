"""One frame: the branches of alike layers on their residual stream, with the numbers that define them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery.analysis.mechanisms import Mechanism, mechanism
from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure import callouts, words
from llm_gallery.figure.about import about
from llm_gallery.figure.blocks import (
    Node,
    Sheet,
    dot,
    hero,
    label,
    matrix,
    operation,
    pill,
    pill_width,
)
from llm_gallery.figure.plan import Branch, Frame, Slot
from llm_gallery.figure.shapes import Box, Line, Picture, Point
from llm_gallery.figure.text import Weight, cut, width

HEAD, FOOT, BETWEEN = 58.0, 20.0, 26.0
"""Px above the last ⊕, under the first branch, and from a ⊕ to the next branch."""
FIRST, GAP = 14.0, 16.0
"""Px from the branch to its first block, and from block to block."""
OVER, UNDER = 14.0, 16.0
"""Px by which the stream sticks out of the frame."""


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
class Hero:
    """A mixer's block where it stands: what connectors and leaders need to know of it."""

    box: Box
    split: bool
    first: float  # the highest line of its callouts


@dataclass(frozen=True, slots=True)
class Drawn:
    """A frame with its heroes: of tokens and of channels."""

    picture: Picture
    token: Hero | None
    channel: Hero | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a frame is drawn with."""

    measures: Measures
    model_width: int | None
    full: bool


def natural(branch: Branch, setting: Setting) -> float:
    """Px from the branch's dot to its ⊕."""
    column = FIRST + sum(_height(slot, setting) + GAP for slot in branch.slots)
    if setting.measures.rule is None:
        return column
    rows = _callout_rows(branch, setting)
    return max(column + _room_under(branch, setting), rows * callouts.PITCH + 10)


def below(branch: Branch, setting: Setting) -> float:
    """Px that callouts take under the branch, where they don't stand beside it."""
    rows = _callout_rows(branch, setting)
    return rows * callouts.PITCH + 8 if setting.measures.rule is None and rows else 0.0


def _room_under(branch: Branch, setting: Setting) -> float:
    """What a branch must be higher for the numbers under its split block to end by its dot."""
    if branch.hero is None or not _split(branch.hero):
        return 0.0
    common, _ = _numbers(branch.hero, setting)
    before = branch.slots[: branch.slots.index(branch.hero)]
    free = FIRST + sum(_height(slot, setting) + GAP for slot in before)
    lacking = (len(common) + 1) * callouts.PITCH - 6 - free if common else 0.0
    # A branch spreads what it is higher over its gaps; those under the block must get this much.
    return max(0.0, lacking) * (len(branch.slots) + 1) / (len(before) + 1)


def _callout_rows(branch: Branch, setting: Setting) -> int:
    if branch.hero is None:
        return 0
    common, own = _numbers(branch.hero, setting)
    groups = sum(1 for group in (*own, common) if group)
    rows = len(common) + sum(len(group) for group in own)
    return rows + (max(0, groups - 1) if setting.measures.rule is not None else 0)


def _height(slot: Slot, setting: Setting) -> float:
    if not slot.mixes:
        return 24.0 if slot.block.kind in words.NORMS else 26.0
    if not _split(slot):
        return 46.0
    return sum(_row_heights(slot, setting))


MOST_ROWS = 4
"""Variants that a split block lists; of more, the numbers are given as ranges."""


def _split(slot: Slot) -> bool:
    return 1 < len(slot.variants) <= MOST_ROWS


def _row_heights(slot: Slot, setting: Setting) -> list[float]:
    _, own = _numbers(slot, setting)
    if setting.measures.rule is None:
        return [32.0 for _ in own]
    return [max(38.0, len(group) * callouts.PITCH + 6) for group in own]


def _numbers(slot: Slot, setting: Setting) -> tuple[list[words.Number], list[list[words.Number]]]:
    """The numbers that all variants share, and for each variant its own."""
    lists = [list(words.numbers(v.block, v.path, setting.model_width)) for v in slot.variants]
    if len(lists) > MOST_ROWS:
        return callouts.ranges(lists), []
    common = [n for n in lists[0] if all(_holds(other, n) for other in lists[1:])]
    if len(lists) == 1:
        return common, []
    return common, [[n for n in group if not _holds(common, n)] for group in lists]


def _holds(group: Sequence[words.Number], number: words.Number) -> bool:
    return any((n.value, n.label) == (number.value, number.label) for n in group)


Extent = tuple[float, float]
"""A branch's height from its dot to its ⊕, and the height of the callouts under it."""


def extents(frames: Sequence[Frame], setting: Setting) -> list[list[Extent]]:
    """The extents of all branches; frames of one row with as many branches have them on one line."""
    found = [[(natural(b, setting), below(b, setting)) for b in f.branches] for f in frames]
    if len({len(each) for each in found}) > 1:
        return found
    level = [
        (max(high for high, _ in column), max(low for _, low in column))
        for column in zip(*found, strict=True)
    ]
    return [level for _ in frames]


def needed(branches: Sequence[Extent]) -> float:
    """Px that a frame needs at least."""
    between = BETWEEN * max(0, len(branches) - 1)
    return HEAD + sum(high + low for high, low in branches) + between + FOOT


def frame(shown: Frame, setting: Setting, branches: Sequence[Extent], height: float) -> Drawn:
    """The frame at its full height; what its branches leave is spread between them."""
    m = setting.measures
    sheet = Sheet()
    ground = Box(
        x=0, y=0, width=m.width, height=height, radius=10, fill="paper", edge="frame", open=True
    )
    sheet.put(ground)
    free = height - needed(branches)
    between = BETWEEN + (0.44 * free / (len(branches) - 1) if len(branches) > 1 else 0)
    y = height - FOOT - free * (0.2 if len(branches) > 1 else 0.45)
    token = channel = None
    stops: list[tuple[float, float]] = []
    for branch, (high, low) in zip(shown.branches, branches, strict=True):
        drawn = _branch(sheet, branch, setting, y - low, high)
        if branch.hero is not None and drawn is not None:
            if branch.hero is shown.hero(True):
                token = drawn
            elif branch.hero is shown.hero(False):
                channel = drawn
        ring = y - low - high
        stops.append((ring + 8.5, ring - 8.5))
        y = ring - between
    _stream(sheet, m, height, stops)
    _title(sheet, shown, setting, token, channel)
    return Drawn(sheet.picture(m.width, height), token, channel)


def _stream(sheet: Sheet, m: Measures, height: float, stops: Sequence[tuple[float, float]]) -> None:
    """One unbroken line: each piece ends at the edge of a ⊕ and goes on at its other edge."""
    start = height + UNDER
    for below, above in stops:
        _piece(sheet, m.stream, start, below)
        start = above
    sheet.put(
        Line(
            points=(Point(m.stream, start), Point(m.stream, -OVER)),
            kind="stream",
            role="stream",
            thickness=3,
            arrow=True,
        )
    )


def _piece(sheet: Sheet, x: float, start: float, end: float) -> None:
    sheet.put(
        Line(points=(Point(x, start), Point(x, end)), kind="stream", role="stream", thickness=3)
    )


def _title(
    sheet: Sheet, shown: Frame, setting: Setting, token: Hero | None, channel: Hero | None
) -> None:
    m = setting.measures
    count = f"× {len(shown.layers):,}"
    large = 20 if m.rule is not None else 18
    taken = width(count, large, 600, tracking=-0.3)
    right = m.width - (20 if m.rule is not None else 14)
    room = right - taken - 14 - m.left
    if channel is not None:
        lane = channel.box.x + channel.box.width - 10 if channel.split else m.lane
        if right - taken < lane + 6:
            right = lane - 8
            room = right - taken - 10 - m.left
        room = min(room, lane - 8 - m.left)
    name = shown.title
    size = fitting(name, room, (15.0, 14.0, 13.0), 600)
    if width(name, size, 600) > room:
        name = cut(f"{shown.short[:1].upper()}{shown.short[1:]}", room, size, 600)
    sheet.put(label(m.left, 29, name, size=size, weight=600, role="ink"))
    main = channel if token is None else token
    tone = "ink"
    if main is not None and not main.split and shown.short:
        colour = _colour(shown)
        tone = f"{colour}.text"
    sheet.put(
        label(right, 31, count, size=large, weight=600, role=tone, anchor="end", tracking=-0.3)
    )


def _colour(shown: Frame) -> Mechanism:
    """The mechanism that the frame is named after."""
    token, channel = shown.hero(True), shown.hero(False)
    named = (
        token if token is not None and shown.title.startswith(words.title(token.block)) else channel
    )
    block = (named or token or channel).block if (named or token or channel) else None  # type: ignore[union-attr]
    return "norm" if block is None else mechanism(block)


def _branch(sheet: Sheet, branch: Branch, setting: Setting, y: float, high: float) -> Hero | None:
    """Draws a branch from its dot at y up to its ⊕; gives its hero back."""
    m = setting.measures
    top = y - high
    column = FIRST + sum(_height(slot, setting) + GAP for slot in branch.slots)
    # What a branch has too much of height goes to its blocks' gaps, so that ⊕ keeps its distance.
    spare = (high - column) / (len(branch.slots) + 1)
    sheet.put(dot(m.stream, y, "stream", 4.25))
    at = y - FIRST - spare
    before: Point | None = None
    found = None
    for slot in branch.slots:
        tall = _height(slot, setting)
        node, drawn = _slot(sheet, slot, setting, at - tall / 2, tall, (top - 4, y))
        found = drawn or found
        if before is None:
            sheet.wire(Point(m.stream, y), Point(m.centre, y), node.bottom)
        else:
            sheet.wire(before, node.bottom)
        before = node.top
        at -= tall + GAP + spare
    ring = operation(m.stream, top, "+", radius=8.5, role="stream", thickness=1.75)
    if before is not None:
        sheet.wire(before, Point(m.centre, top), ring.right)
    sheet.add(ring)
    return found


def _slot(
    sheet: Sheet, slot: Slot, setting: Setting, y: float, tall: float, span: tuple[float, float]
) -> tuple[Node, Hero | None]:
    m = setting.measures
    block, path = slot.block, slot.variants[0].path
    if block.kind in words.NORMS:
        note = ""
        if setting.full and "width" in block.facts:
            note = f"{block.number('width'):,}"
            if pill_width(words.NORMS[block.kind], note, 12) > m.norm + 12:
                note = ""
        node = pill(
            m.centre,
            y,
            words.NORMS[block.kind],
            "norm",
            note=note,
            wide=max(m.norm, pill_width(words.NORMS[block.kind], note, 12)),
            high=24,
            size=12,
            about=about(path, block),
        )
        return sheet.add(node), None
    if not slot.mixes:
        node = matrix(m.centre, y, block.kind.replace("_", " "), "", "norm", wide=m.wide)
        return sheet.add(node), None
    if _split(slot):
        node, ends = _split_hero(sheet, slot, setting, y, tall)
    else:
        node, ends = _plain_hero(sheet, slot, setting, y), ()
    first = _callouts(sheet, slot, setting, node, ends, span)
    return node, Hero(node.box, bool(ends), first)


def _plain_hero(sheet: Sheet, slot: Slot, setting: Setting, y: float) -> Node:
    m = setting.measures
    block = slot.block
    name = words.title(block)
    below = words.subtitle([variant.block for variant in slot.variants])
    if setting.full:
        below = f"{short(stored(block))} parameters"
    size = fitting(name, m.wide - 14, (14, 13, 12.5, 12), 600)
    node = sheet.add(
        hero(
            m.centre,
            y,
            "" if below else name,
            mechanism(block),
            wide=m.wide,
            size=size,
            about=about(slot.variants[0].path, block, name),
        )
    )
    if below:
        role, inside = f"{mechanism(block)}.on", node.box.bounds
        sheet.put(
            label(
                m.centre,
                y - 1.5,
                name,
                size=size,
                weight=600,
                role=role,
                anchor="middle",
                inside=inside,
            ),
            label(
                m.centre,
                y + 13.5,
                cut(below, m.wide - 10, 10.5),
                size=10.5,
                role=role,
                anchor="middle",
                inside=inside,
            ),
        )
    return node


def fitting(text: str, room: float, sizes: Sequence[float], weight: Weight) -> float:
    """The largest of the sizes at which the text has room, or the smallest."""
    return next((s for s in sizes if width(text, s, weight) <= room), sizes[-1])


def _split_hero(
    sheet: Sheet, slot: Slot, setting: Setting, y: float, tall: float
) -> tuple[Node, tuple[float, ...]]:
    """A block of several rows, the first layers' lowest; gives the rows' middles back, in variants' order."""
    m = setting.measures
    names = list(words.variants([variant.block for variant in slot.variants]))
    counts = [f"× {variant.count:,}" for variant in slot.variants]
    heights = _row_heights(slot, setting)
    room = m.wide - 26 - 8 - max(width(c, 13, 500) for c in counts)
    size = 13.5
    for size in (13.5, 12.5, 12.0):
        if max(width(name, size, 600) for name in names) <= room:
            break
    else:
        names = [cut(name.removesuffix(" attention"), room, size, 600) for name in names]
    bottom = y + tall / 2
    middles = []
    for index, (variant, name, count, high) in enumerate(
        zip(slot.variants, names, counts, heights, strict=True)
    ):
        colour = mechanism(variant.block)
        lowest, highest = index == 0, index == len(names) - 1
        box = Box(
            x=m.left,
            y=bottom - high + (0 if highest else 0.5),
            width=m.wide,
            height=high - (0 if highest else 0.5),
            form="bottom" if lowest else "top" if highest else "middle",
            fill=f"{colour}.solid",
            labelled=True,
            about=about(variant.path, variant.block, f"{name}, in {variant.count:,} layers"),
        )
        middle = bottom - high / 2
        role, inside = f"{colour}.on", box.bounds
        sheet.put(
            box,
            label(m.left + 14, middle + 4.8, name, size=size, weight=600, role=role, inside=inside),
            label(
                m.left + m.wide - 12,
                middle + 4.8,
                count,
                size=13,
                weight=500,
                role=role,
                anchor="end",
                inside=inside,
            ),
        )
        middles.append(middle)
        bottom -= high
    whole = Box(x=m.left, y=y - tall / 2, width=m.wide, height=tall)
    return Node(whole, ()), tuple(middles)


def _callouts(
    sheet: Sheet,
    slot: Slot,
    setting: Setting,
    node: Node,
    ends: tuple[float, ...],
    span: tuple[float, float],
) -> float:
    """Puts the numbers beside the block, or under its branch; gives the highest line back."""
    m = setting.measures
    common, own = _numbers(slot, setting)
    if m.rule is None:
        rows = list(common)
        names = words.variants([v.block for v in slot.variants])
        for name, group in zip(names, own, strict=False):
            word = name.removesuffix(" attention").lower()
            rows += [words.Number(n.value, f"{n.label}, {word}", n.about) for n in group]
        callouts.put(sheet, rows, m.left, span[1] + 4, m.width - 8)
        return node.box.y
    place = callouts.Place(m.rule, m.width - 8)
    if not own:
        return callouts.beside(sheet, common, place, node.right, span)
    tops = []
    for middle, group in zip(ends, own, strict=True):
        if group:
            end = Point(node.box.x + node.box.width, middle)
            tops.append(callouts.beside(sheet, group, place, end, (-1e9, 1e9)))
    if common:
        start = Point(node.box.x + node.box.width, node.box.y + node.box.height - 8)
        callouts.under(sheet, common, place, start)
    return min(tops, default=node.box.y)


def block_width(root: Block) -> int | None:
    """The width of the residual stream, where the model states it."""
    return root.number("width") if "width" in root.facts else None
