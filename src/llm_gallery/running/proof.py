"""What running a model proves of it: that a token gives the same alone and among others, and what it keeps and costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.memory import cache
from llm_gallery.architecture.block import Architecture, Block, children, distinct, layers, walk
from llm_gallery.code.binding import Copies, inside
from llm_gallery.mechanisms.forward._array import Array
from llm_gallery.running import draws, given
from llm_gallery.running.past import Past
from llm_gallery.running.random_weights import RandomWeights
from llm_gallery.running.run import run as executed
from llm_gallery.running.tally import Counted, Tally

CLOSE = 1e-11
"""Of the largest score: what float64 loses where the same is added in another order; Gemma 3n E2B's miniature loses 1.4e-12."""


class Equality(NamedTuple):
    """What the run did, and what the fact sheet states."""

    done: int
    stated: int

    @property
    def holds(self) -> bool:
        """Whether they are the same number."""
        return self.done == self.stated


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a run gave, all tokens at once, and how it compares with one token after another."""

    scores: Array  # (tokens, vocabulary)
    one_by_one: (
        float | None
    )  # largest difference of a score, as a part of the largest score; None ...
    # ... where what is given is read both ways, or tokens share scores: alone, one sees nothing of those after it
    kept: Equality  # numbers kept after the last token ...
    waiting: int  # ... without those of tokens whose group isn't full yet, which nothing states
    work: Equality  # multiply-adds for all tokens ...
    spared: int  # ... those included that weren't done, where a router chose no expert: the most is stated
    uneven: tuple[int, ...]  # positions whose multiply-adds differ from those stated
    most: bool = False  # whether what is stated is the most: of patches of one byte

    def within(self, one: Equality) -> bool:
        """Whether a run did what is stated, or no more where that is the most."""
        return one.holds or (self.most and one.done <= one.stated)

    @property
    def alike(self) -> bool:
        """Whether one token after another gives what all at once do, where it should."""
        return self.one_by_one is None or self.one_by_one < CLOSE

    @property
    def holds(self) -> bool:
        """Whether all that was compared is equal, or no more than what is stated as the most."""
        same = self.within(self.kept) and self.within(self.work) and (self.most or not self.uneven)
        return same and self.alike


def compared(
    architecture: Architecture, weights: Mapping[str, Array], tokens: Sequence[int]
) -> Run:
    """Runs the tokens at once, then one by one.

    Multiply-adds with stored matrices are those of all tokens at once, since each token meets each matrix
    once, and keys and values are expanded from latents once; all others (scores, values, states, taps) are
    those of one by one, since a token alone meets nothing that it doesn't see. Where what is given is read
    both ways, all are those of one by one, from the second token on: the first brings a learned prompt with it.
    Raises Refusal as `run` does.
    """
    root = architecture.root
    both_ways = any("given_both_ways" in block.facts for block in distinct(root))
    if any("bidirectional" in block.facts for block in distinct(root)):
        return all_at_once(architecture, weights, tokens)
    together, apart = Tally(), Tally()
    with together.counting():
        scores, past = executed(architecture, Counted(weights, together), tokens)
    single, grown, mixing, matrices = [], Past(), [0], [0]
    for token in tokens:
        with apart.counting():
            score, grown = executed(architecture, Counted(weights, apart), [token], grown)
        single.append(score[0])
        mixing.append(apart.mixing)
        matrices.append(apart.matrices)
    count = len(tokens)
    stated = [flops_per_token(root, position) // 2 for position in range(1, count + 1)]
    each = [after - before for before, after in pairwise(mixing)]
    if both_ways:
        each, stated = each[1:], stated[1:]
    done = sum(each) + (matrices[-1] - matrices[1] if both_ways else together.matrices)
    uneven = [
        position
        for position, (mixed, said) in enumerate(zip(each, stated, strict=True), 1 + both_ways)
        if mixed - each[0] != said - stated[0]
    ]
    idle = spared(root, count, together)
    mixed = any("product_keys" in block.facts for block in distinct(root))  # among tokens of a call
    if past.numbers != grown.numbers:
        raise AssertionError(f"kept {past.numbers} at once, {grown.numbers} one by one")
    return Run(
        scores=scores,
        one_by_one=None if both_ways or mixed else apart_by(np.stack(single), scores),
        kept=Equality(grown.numbers, cache(root).elements_at(count)),
        waiting=grown.waiting,
        work=Equality(done + idle, sum(stated)),
        spared=idle,
        uneven=tuple(uneven),
        most=any(block.kind == "patcher" and block.used for block in distinct(root)),
    )


def all_at_once(
    architecture: Architecture, weights: Mapping[str, Array], tokens: Sequence[int]
) -> Run:
    """The same of a model whose tokens all see each other: each costs what one in a text of that length does."""
    tally, root = Tally(), architecture.root
    with tally.counting():
        scores, past = executed(architecture, Counted(weights, tally), tokens)
    each, idle = flops_per_token(root, len(tokens)) // 2, spared(root, len(tokens), tally)
    return Run(
        scores=scores,
        one_by_one=None,
        kept=Equality(past.numbers, cache(root).elements_at(len(tokens))),
        waiting=past.waiting,
        work=Equality(tally.matrices + tally.mixing + idle, len(tokens) * each),
        spared=idle,
        uneven=(),
    )


def apart_by(scores: Array, wanted: Array) -> float:
    """The largest difference of a score, as a part of the largest score."""
    return float(np.abs(scores - wanted).max() / np.abs(wanted).max())


def spared(root: Block, tokens: int, tally: Tally) -> int:
    """Multiply-adds of the experts that the choices of a run of so many tokens which ran none could have run."""
    found = 0
    for path, block in walk(root):
        if block.value("identity_experts"):
            experts = dict(inside(path, block))["experts"]
            assert isinstance(experts, Copies)
            ran = sum(tally.rows[name] for name in _first_maps(experts))
            one = Block("group", inside=(replace(experts.block, used=1),))
            found += (tokens * experts.block.used - ran) * flops_per_token(one, 1) // 2
    return found


def _first_maps(experts: Copies) -> Iterator[str]:
    """The name of the first matrix of each of several experts, which each of its tokens meets once."""
    path, block, joint = experts
    if block.stacked:
        yield block.tensors[0].full_name(path)
        return
    for number in range(block.copies):
        below, part = next(iter(children(f"{path}{joint}{number}", block)))
        yield part.tensors[0].full_name(below)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A run of a model's miniature with random weights."""

    architecture: Architecture  # the miniature's
    parameters: int
    tokens: int
    read: int  # tensors that the run read, each with the described shape ...
    stored: int  # ... of so many
    run: Run

    @property
    def layers(self) -> int:
        """How many the miniature has."""
        return len(layers(self.architecture.root))


def proof(config: Mapping[str, Any]) -> Proof:
    """What running the miniature of a config proves. Raises Refusal where it can't run."""
    small = given.small(config)
    weights, tokens = RandomWeights(small.root), some(small.root)
    run = compared(small, weights, tokens)
    return Proof(
        architecture=small,
        parameters=weights.elements,
        tokens=len(tokens),
        read=len(weights.read),
        stored=len(weights),
        run=run,
    )


def some(root: Block) -> list[int]:
    """Tokens that are all different while the vocabulary lasts: two full groups where a model has any.

    Of equal ones attention gives the same, whatever it attends to. Where a token ends a text, it stands in the middle.
    """
    return draws.text(*given.text(root))
