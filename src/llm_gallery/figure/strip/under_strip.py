"""The row under the strip: numbers of layers, signs of memories, words, and the layers that the lens shows larger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.architecture.block import Block, remembers
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.architecture.repeats import fold
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Anchor, Box, Point
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.strip import strip
from llm_gallery.plan.block_names import layers

SPACE = 14.0
"""Px between two numbers, or a number and words, at least."""
NEAR = 4.0
"""The same between a number and a sign or the bracket."""
UNDER_BRACKET, UNDER_SIGNS, WORDS = 5.0, 15.0, 17.0
"""Px that numbers stand lower under the lens's bracket and under signs, and words under numbers."""
MOST_SIGNS, APART = 8, 14.0
"""Layers that read tables and have a sign each at most, and px from one to the next."""


def magnified(root: Block, place: strip.Strip) -> tuple[int, int]:
    """First and last of the layers that a frame shows: one period, or one layer; not over a memory's sign."""
    signs, middle = _signs(root, place), 0.42 * place.depth

    def cost(candidate: tuple[int, int]) -> tuple[bool, bool, float]:
        first, count = candidate
        far = abs(first + count / 2 - middle)
        return not _free(place, candidate, signs), count == 1, far

    first, count = min(_candidates(root), key=cost)
    return first, first + count - 1


def _candidates(root: Block) -> list[tuple[int, int]]:
    """The first layer of each period that holds all kinds, and how many it has; and every layer alone."""
    order = strip.alike(root)
    every, at = set(order), 0
    found: list[tuple[int, int]] = []
    for run in fold(order):
        period = len(run.unit)
        if run.times > 1 and period > 1 and set(run.unit) == every and period <= len(order) / 3:
            found += [(at + time * period, period) for time in range(run.times)]
        at += run.layers
    return [*found, *((layer, 1) for layer in range(max(1, len(order))))]


def _free(place: strip.Strip, shown: tuple[int, int], signs: Sequence[Memory]) -> bool:
    """Whether no memory's sign stands under some layers."""
    left, right = place.extent(shown[0], sum(shown) - 1)
    return not any(left < sign.right + 8 and sign.left - 3 < right for sign in signs)


@once_a_tree
def remembering(root: Block) -> tuple[int, ...]:
    """Layers that read tables which the last few tokens index."""
    held = [remembers(kind.layer) for kind in kinds(root)]
    return tuple(layer for layer, kind in enumerate(schedule(root)) if held[kind])


class Memory(NamedTuple):
    """A sign of layers that read tables, from its left edge to where its words end, and the layer that it points at."""

    left: float
    right: float
    words: str
    at: float | None


def _signs(root: Block, place: strip.Strip) -> list[Memory]:
    """One for each layer that reads tables which the last few tokens index.

    Of too many, of layers too near, and where they leave the lens no layer, one for all.
    """
    middles = [place.middle(layer) for layer in remembering(root)]
    wide, ends = width("n-grams", 12, 500) + 6, [*middles, place.right][1:]
    each = [
        Memory(x - 5, x + 9 + wide, "" if after - x <= wide + 10 else "n-grams", x)
        for x, after in zip(middles, ends, strict=True)
    ]
    near = len(middles) > MOST_SIGNS or any(b - a < APART for a, b in pairwise(middles))
    candidates = _candidates(root)
    if not near and (not middles or any(_free(place, one, each) for one in candidates)):
        return each
    for words in (f"n-grams in {layers(len(middles))}", "n-grams"):
        sign = Memory(place.right - width(words, 12, 500) - 14, place.right, words, None)
        if any(_free(place, one, [sign]) for one in candidates):
            break
    return [sign]


def memories(
    sheet: Sheet, root: Block, place: strip.Strip, y: float
) -> Iterator[tuple[float, float]]:
    """Layers into which tables are read that the last few tokens index; gives back where their words stand."""
    for left, right, words, at in _signs(root, place):
        if at is not None:
            sheet.wire(Point(at, y + 10), Point(at, y + 3))
        sheet.put(Box(left, y + 10, 10, 10, radius=2, fill="embedding.solid", open=True))
        if words:
            sheet.label(left + 14, y + 19, words, size=12, weight=500, role="ink")
        yield left - 1, right


class Label(NamedTuple):
    """A layer's number: where it is anchored, and from where to where it stands."""

    words: str
    x: float
    anchor: Anchor
    left: float
    right: float

    def meets(self, left: float, right: float, space: float = SPACE) -> bool:
        """Whether something stands less than a space from it."""
        return self.left < right + space and left < self.right + space


def labels(place: strip.Strip) -> list[Label]:
    """The first and the last layer's number, and round ones between, none too near to those at the ends."""
    depth = place.depth
    step = min((1, 2, 4, 5, 10, 20, 25, 50, 100, 200, 500, 1000), key=lambda n: abs(n - depth / 4))
    found: list[Label] = []
    for layer in [1, depth, *range(step, depth, step)] if depth > 1 else [1][:depth]:
        words, last = f"{layer:,}", layer == depth > 1
        wide = width(words, 12)
        x = place.right if last else place.middle(layer - 1)
        left = x - wide if last else x - wide / 2
        if not any(one.meets(left, left + wide) for one in found):
            found.append(Label(words, x, "end" if last else "middle", left, left + wide))
    return found


def numbers(
    sheet: Sheet,
    place: strip.Strip,
    y: float,
    bracket: tuple[float, float] | None = None,
    signs: Sequence[tuple[float, float]] = (),
) -> float:
    """The layers' numbers, a little lower where the bracket or signs stand among them; gives back how much."""
    shown = labels(place)
    lower = 0.0
    if bracket is not None and any(one.meets(*bracket, NEAR + 6) for one in shown):
        lower = UNDER_BRACKET
    if any(one.meets(*sign, NEAR) for one in shown for sign in signs):
        lower = UNDER_SIGNS
    for one in shown:
        sheet.label(one.x, y + lower, one.words, size=12, anchor=one.anchor)
    return lower


def between(place: strip.Strip, wide: float, near: float, least: float) -> float | None:
    """The middle of words so wide among the layers' numbers, right of `least`; None where no gap is wide enough."""
    half, ends = wide / 2 + SPACE, sorted((one.left, one.right) for one in labels(place))
    gaps = ((max(a[1], least) + half, b[0] - half) for a, b in pairwise(ends))
    found = [min(max(near, low), high) for low, high in gaps if low <= high]
    return min(found, key=lambda middle: abs(middle - near), default=None)


def bracket(root: Block, place: strip.Strip) -> tuple[float, float]:
    """Where the bracket of the lens stands among the numbers."""
    left, right = place.extent(*magnified(root, place))
    middle, half = (left + right) / 2, max(6.0, (right - left) / 2)  # it is never narrower
    return middle - half + 6, middle + half - 6
