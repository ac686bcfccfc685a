"""How layers take turns in keeping the past: a window, everything, or a state; their ratio, and how far a window reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import gcd
from typing import Literal, NamedTuple

from llm_gallery.architecture.block import Block, distinct_layers, layers, mixers
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.architecture.reach import reach
from llm_gallery.architecture.repeats import fold

Past = Literal["window", "whole", "state", "both", "other"]
LEAST = 0.8
"""Share of the layers that a unit must cover for its ratio to be the model's."""


class Ratio(NamedTuple):
    """Layers of one sort to those of another, in the unit that repeats, else in all."""

    many: int
    few: int

    def __str__(self) -> str:
        return f"{self.many:,} : {self.few:,}"

    def differs(self, other: Ratio) -> bool:
        """Whether it is half as much again as the other, or the other as it."""
        mine, its = self.many * other.few, other.many * self.few
        return 2 * max(mine, its) >= 3 * min(mine, its)


class Alternation(NamedTuple):
    """The layers of a model by what they keep; a ratio only where there are both sorts."""

    local: Ratio | None  # that read a window or a chunk, to those that read everything
    states: Ratio | None  # that keep a state, to those that attend
    attends: bool  # whether any layer does
    window: int  # tokens of the widest; 0 where there is none


@once_a_tree
def alternation(root: Block) -> Alternation:
    """Counts of a model's layers; of layers that read entries for several tokens each there is no ratio."""
    known = {id(layer): _past(layer) for layer in distinct_layers(root)}
    pasts = [known[id(layer)] for layer in layers(root)]
    tokens = [block for layer in distinct_layers(root) for block in mixers(layer)]
    plain = [block for block in tokens if block.attends and not block.reads_entries]
    windows = [n for block in plain if (n := reach(block))]
    return Alternation(
        local=_ratio(pasts, ("window",), ("whole",)),
        states=_ratio(pasts, ("state",), ("window", "whole", "both")),
        attends=any(block.attends for block in tokens),
        window=max(windows, default=0),
    )


def _past(layer: Block) -> Past:
    """What a layer's mixers keep; "both" of a layer that attends beside a state, "other" of one that compresses."""
    found: set[Past] = set()
    for block in mixers(layer):
        if block.reads_beside:
            continue
        if block.recurs:
            found.add("state")
        elif block.reads_entries or not block.attends:
            found.add("other")
        else:
            found.add("whole" if reach(block) is None else "window")
    if len(found) > 1 and "state" in found and "other" not in found:
        return "both"
    return found.pop() if len(found) == 1 else "other"


def _ratio(
    pasts: Sequence[Past], first: tuple[Past, ...], second: tuple[Past, ...]
) -> Ratio | None:
    """Of the longest repeating unit that has both, where it covers most of the layers; else of all, shortened."""
    held = [past for past in pasts if past in first or past in second]
    runs = fold([past in first for past in held])
    longest = max(runs, key=lambda run: run.layers, default=None)
    if longest is not None and longest.layers >= LEAST * len(held) and len(set(longest.unit)) == 2:
        counted = Counter(longest.unit)
        return Ratio(counted[True], counted[False])
    many = sum(past in first for past in held)
    few = len(held) - many
    if not many or not few:
        return None
    whole = gcd(many, few)
    return Ratio(many // whole, few // whole)
