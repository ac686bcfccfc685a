"""The third panel: the branches of one layer, from the stream and back to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from llm_gallery import mechanisms
from llm_gallery.figure.kit.blocks import Node, Sheet, Words, centred, pill
from llm_gallery.figure.kit.shapes import About, Box, Point
from llm_gallery.figure.kit.signs import dot, stream_sum
from llm_gallery.figure.kit.text import fitting, width, wrap
from llm_gallery.figure.steps.step import MARGIN, ROOM, WIDE, Step, run
from llm_gallery.mechanisms.moe import chosen
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.place import Place
from llm_gallery.plan.plan import OneLayer, Plan

MOST = 3
"""Blocks that stand beside one another at most; of more, the sentence alone tells."""
BLOCK, NORM, GAP, BETWEEN = 48.0, 22.0, 15.0, 4.0
FOOT = 4.0
ON_BLOCK = 8.0
"""Px that words on a block leave free: in print, a stripe stands at its left edge."""
LANE = 12.0
"""Px right of a branch's blocks, down which its result comes."""
NUMBER = {1: "One branch", 2: "Two branches", 3: "Three branches", 4: "Four branches"}


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch that is drawn: norms before, blocks side by side, norms after."""

    layers: int  # of those that are wired like this
    before: tuple[Place, ...]
    blocks: tuple[Place, ...]
    after: tuple[Place, ...]

    @property
    def height(self) -> float:
        """Px from the first block's foot to the last one's top."""
        norms = len(self.before) + len(self.after)
        return BLOCK + norms * (NORM + GAP)


def in_a_layer(plan: Plan) -> Step:
    """What each branch of the most common layer does."""
    one = max(layers_of(plan.root), key=lambda one: one.layers)
    branches = list(_branches(one))
    count = len(branches)
    title = f"{NUMBER.get(count, f'{count:,} branches')} in {'each' if plan.depth > 1 else 'it'}"
    shown = _shown(branches)
    return Step(
        title, partial(_draw, shown), _words(plan, branches), partial(_joins, shown), rests=True
    )


def _branches(one: OneLayer) -> Iterator[Branch]:
    for reading in one.branches:
        places = [list(step.places) for step in reading.steps]
        at = next((i for i, beside in enumerate(places) if _mixing(beside)), None)
        if not reading.added or at is None:
            continue
        before = tuple(p for beside in places[:at] for p in beside if _norms(p))
        after = tuple(p for beside in places[at + 1 :] for p in beside if _norms(p))
        yield Branch(one.layers, before, tuple(_mixing(places[at])), after)


def _norms(place: Place) -> bool:
    """Whether it is a norm, or what makes one adaptive."""
    return place.block.is_norm or "adaptive-norm" in mechanisms.concepts_of(place.block)


def _mixing(places: Sequence[Place]) -> list[Place]:
    return [place for place in places if place.mixes]


def _shown(branches: Sequence[Branch]) -> tuple[Branch, ...]:
    """As many of them as have room."""
    shown: list[Branch] = []
    for branch in branches:
        if sum(len(other.blocks) for other in shown) + len(branch.blocks) <= max(
            MOST, len(branches[0].blocks)
        ):
            shown.append(branch)
    return tuple(shown)


def _draw(branches: Sequence[Branch], sheet: Sheet, y: float) -> float:
    """Each branch upward from its foot, `FOOT` px over the lower edge."""
    low = y + 14 + max(branch.height for branch in branches)
    for branch, x, wide in _placed(branches):
        _branch(sheet, branch, x, wide, y, low)
    return low + FOOT


def _placed(branches: Sequence[Branch]) -> Iterator[tuple[Branch, float, float]]:
    """Each with its left edge and px of its blocks."""
    each = (ROOM - LANE * len(branches)) / sum(len(branch.blocks) for branch in branches)
    x = MARGIN
    for branch in branches:
        wide = each * len(branch.blocks)
        yield branch, x, wide
        x += wide + LANE


def _branch(sheet: Sheet, branch: Branch, x: float, wide: float, top: float, low: float) -> None:
    """Norm, blocks, norm, and the line that brings back what they give."""
    middle, room = x + wide / 2, wide - 8
    nodes: list[Node] = []
    at = low
    for place in branch.before:
        nodes.append(_norm(sheet, place, middle, at, room))
        at -= NORM + GAP
    blocks = _blocks(sheet, branch, x, wide, at)
    nodes.append(blocks)
    at -= BLOCK + GAP
    for place in branch.after:
        nodes.append(_norm(sheet, place, middle, at, room))
        at -= NORM + GAP
    for below, above in pairwise(nodes):
        sheet.wire(below.top, above.bottom)
    lane = x + wide + 2
    ends = nodes[-1].top, Point(middle, top + 4), Point(lane, top + 4), Point(lane, low + 4)
    sheet.wire(*ends, arrow=False)


def _norm(sheet: Sheet, place: Place, x: float, low: float, room: float) -> Node:
    name = str(mechanisms.title(place.block))
    if width(name, 10.5, 500) > room - 12:
        name = "norm"
    size = fitting(name, room - 12, (12.0, 11.5, 11.0, 10.5), 500)
    wide = min(room, width(name, size, 500) + 16)
    about = About(place.commonest.path, mechanisms.title(place.block))
    return sheet.add(
        pill(x, low - NORM / 2, name, "norm", wide=wide, high=NORM, size=size, about=about)
    )


def _blocks(sheet: Sheet, branch: Branch, x: float, wide: float, low: float) -> Node:
    """Blocks that read the same, side by side; as one, for the lines that meet them."""
    each = wide / len(branch.blocks)
    for index, place in enumerate(branch.blocks):
        choice = place.commonest
        left, fill = x + index * each + BETWEEN / 2, f"{choice.colour}.solid"
        about = About(choice.path, choice.name)
        box = Box(left, low - BLOCK, each - BETWEEN, BLOCK, fill=fill, labelled=True, about=about)
        words = _named(choice.name, _amount(place, branch.layers), box.width - ON_BLOCK)
        sheet.put(box, *centred(box, f"{choice.colour}.on", *words))
    return Node(Box(x + BETWEEN / 2, low - BLOCK, wide - BETWEEN, BLOCK), ())


def _named(name: str, amounts: Sequence[str], room: float) -> Iterator[Words]:
    """The name in one or two lines, and under one line what it is of."""
    size = min(
        fitting(word, room, (13.0, 12.5, 12.0, 11.5, 11.0, 10.5, 10.0), 600)
        for word in name.split()
    )
    lines = wrap(name, room, size, 600, lines=3)
    amount = next((said for said in amounts if width(said, 11) <= room), "")
    rows = [Words(0, line, size, 600) for line in lines]
    if amount and len(rows) < 3:
        rows.append(Words(0, amount, 11))
    for index, row in enumerate(rows):
        yield row._replace(under=0.36 * size + 14.5 * (index - (len(rows) - 1) / 2))


def _amount(place: Place, layers: int) -> tuple[str, ...]:
    """How much of a mixture runs, or in how many layers a block stands that others lack; in more and fewer words."""
    block, most = place.commonest.block, place.commonest.layers
    if block.is_mixture:
        return (f"{chosen(block)} of {block.number('experts'):,}",)
    return (f"in {most:,} of {layers:,}", f"{most:,} of {layers:,}") if most < layers else ()


def _joins(branches: Sequence[Branch], sheet: Sheet, low: float, line: float) -> None:
    """Where each branch leaves the stream and comes back to it; the token stands before the first."""
    placed = list(_placed(branches))
    run(sheet, line, 0.0, WIDE, 13.0, [x + wide + 2 for _, x, wide in placed])
    for _, x, wide in placed:
        leaves, lane, turn = max(x + 9, MARGIN + 16), x + wide + 2, line - 14
        sheet.put(dot(leaves, line, "stream", 4.25))
        foot = Point(x + wide / 2, low - FOOT)
        sheet.wire(Point(leaves, line), Point(leaves, turn), Point(foot.x, turn), foot)
        ring = stream_sum(lane, line)
        sheet.wire(Point(lane, low), ring.top)
        sheet.add(ring)


def _words(plan: Plan, branches: Sequence[Branch]) -> str:
    """What each of them does, in words."""
    streams = plan.stream.count
    if plan.stream.saved_every:
        reads = "Each branch reads a *mix of earlier sums* and adds to the last"
    elif plan.stream.inside != plan.stream:
        reads = f"Each branch works *{plan.stream.worked}*, which corrects guesses of the others"
    elif streams > 1:
        reads = f"Each branch reads a mix of *{streams:,} streams* and writes to all"
    else:
        reads = "Each branch reads the stream and *adds* to it"
    if len(branches) == 1:
        reads = reads.replace("Each branch", "It")
    does = [_does(place) for branch in branches for place in branch.blocks]
    said = [
        f"{'one' if not i else 'another'} {words}" for i, words in enumerate(dict.fromkeys(does))
    ]
    told = said[0] if len(said) == 1 else f"{', '.join(said[:-1])}, {said[-1]}"
    return f"{reads}: {told}."


def _does(place: Place) -> str:
    block = place.commonest.block
    if block.is_mixture:
        return f"runs *{chosen(block)} of {block.number('experts'):,}* experts"
    if "tokens" in mechanisms.read_beside(block):
        return "looks up its *last tokens* in a table"
    if block.on_tokens:
        return "looks at *other tokens*"
    if block.mixes_channels:
        return "works on *each token* alone"
    return "adds the token's *own row* for this layer"
