"""A difference in the sentences that people would write: the one thing first, then the rest, then what follows.

At most 50 words of kin and 60 of strangers, names counted; everything else stands in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log2
from typing import NamedTuple

from llm_gallery.comparison import consequences
from llm_gallery.comparison.block_facts import Value
from llm_gallery.comparison.brevity import brief, briefest_alone, count, shortest
from llm_gallery.comparison.change import Change, once
from llm_gallery.comparison.grammar import absent, phrased
from llm_gallery.comparison.phrases import count_word, plain_text
from llm_gallery.comparison.profile import Profile
from llm_gallery.mechanisms.written import NO_POSITIONS, WITHOUT_POSITIONS

FAR = 6.0
"""Weight of causes from which on a model is no longer said to be the other with changes."""
OF_KIN, OF_STRANGERS = 50, 60
"""Words at most."""
LEADING = 0.4
"""Weight of a cause from which on causes lead; below it, sizes do."""
BESIDE = 0.4
"""Share of the first cause's weight that the next one must have to stand beside it."""
LEAD, LEAD_OF_KIN, LEAD_OF_STRANGERS = 27, 30, 34
"""Words of the causes that lead where that can be, and at most."""
FEW = 3
"""Sizes that are said in words, or beside causes; more of them stand as a list of numbers."""
LISTED = 4
"""Numbers at most in a list of sizes that leads."""
HEAVY = 1.0
"""Weight of a cause from which on a consequence gives way to it, even one that is wanted."""
TELLING, WEIGHTY = 0.3, 0.8
"""Weights of a cause for which the least consequence is left out, and any, where else none of the rest is named."""
LIGHTER = 0.6
"""Share of the weight of a cause that is only counted which one must have to be named after it."""
LAYOUT, MOVED = 0.6, 0.2
"""What other places of the same token mixers weigh in words: little in design, much in what a text costs.

From this weight on: 8 of 88 layers instead of 6 of 52 is hardly a change.
"""
ORDER = 0.8
"""What layers without positions weigh in words at least: few of them, but they are what a reader asks for."""
LONGER = 2.0
"""A ratio of contexts from which on it is said beside other changes."""
TAIL = ("vocabulary", "context")


class Cause(NamedTuple):
    """A cause in words, and what it weighs."""

    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a difference, in phrases."""

    start: str  # ends where the first phrase begins
    lead: tuple[str, ...]
    listing: bool  # whether what leads are numbers in a row
    follows: tuple[consequences.Follow, ...]
    rest: tuple[str, ...] = ()
    more: int = 0  # causes that are only counted
    sizes: tuple[str, ...] = ()

    def design(self, mark: Callable[[str], str] = str) -> Iterator[str]:
        """What changed but for numbers; `mark` is given each phrase of the first sentence."""
        yield _first(self.start, [mark(one) for one in self.lead], listing=self.listing)
        if others := self._others():
            yield others

    def _others(self) -> str:
        """What is named beside what leads, and how many more there are; empty where that is all."""
        counted = f"{count_word(self.more)} more change{'s' if self.more > 1 else ''}"
        gone = all(map(absent, self.rest))
        if self.rest and self.more and gone:
            return f"It has {phrased(self.rest)}, and {counted}."
        if self.rest:
            rest = [*self.rest, counted] if self.more else self.rest
            also = not gone and not all(map(absent, self.lead))
            return f"It {'also ' if also else ''}has {phrased(rest)}."
        if self.more:
            return f"There {'are' if self.more > 1 else 'is'} {counted}."
        return ""

    def sentences(self) -> Iterator[str]:
        """What changed, then numbers."""
        yield from self.design()
        if numbers := [*self._sizes, *(one.words for one in self.follows)]:
            yield sentence("; ".join(numbers))

    @property
    def _sizes(self) -> Sequence[str]:
        return [", ".join(self.sizes)] if self.sizes else []

    @property
    def words(self) -> int:
        """How many words it has: asked of every phrase that is tried, while what leads stays."""
        first = _first_words(self.start, self.lead, self.listing)
        numbers = sum(count(one.words) for one in self.follows) + sum(map(count, self.sizes))
        return first + count(self._others()) + numbers

    def filled(self, rest: Sequence[Cause], sizes: Sequence[str], most: int) -> Told:
        """With as much of the rest as there are words for, the weightiest first, then of sizes.

        Of what follows, the least is left out where it takes the room of causes that matter more.
        """
        filled = self._told_with(rest, most)
        while filled.follows and filled.words > most:
            filled = filled._spared()._told_with(rest, most)
        while filled.more and len(filled.follows) > 1:
            shorter = filled._spared()._told_with(rest, most)
            heavy = len(shorter.rest) > len(filled.rest) and rest[len(filled.rest)].weight >= HEAVY
            if shorter.more == filled.more or (filled.least.wanted and not heavy):
                break
            filled = shorter
        filled = filled._naming(rest, most) if most == OF_KIN else filled
        for words in sizes:
            also = replace(filled, sizes=(*filled.sizes, words))
            filled = also if also.words <= most else filled
        return filled

    def _naming(self, rest: Sequence[Cause], most: int) -> Told:
        """A count alone says little: the least consequence gives way to a cause of the rest; to a weighty one, any."""
        if self.rest or not rest or rest[0].weight < TELLING:
            return self
        giving = sorted(self.follows, key=lambda one: one.weight)
        for spared in giving if rest[0].weight >= WEIGHTY else giving[:1]:
            others = tuple(one for one in self.follows if one != spared)
            shorter = replace(self, follows=others)._told_with(rest, most)
            if shorter.rest:
                return shorter
        return self

    def _spared(self) -> Told:
        """Without the consequence that matters least."""
        others = tuple(one for one in self.follows if one != self.least)
        return replace(self, follows=others, rest=())

    @property
    def least(self) -> consequences.Follow:
        """The consequence that matters least."""
        return min(self.follows, key=lambda one: one.weight)

    def _told_with(self, rest: Sequence[Cause], most: int) -> Told:
        """Those causes that there is room for; none that weighs far less than one that is only counted."""
        filled = replace(self, more=len(rest))
        taken, counted = filled.words, 0.0
        for cause in rest:
            if cause.weight < LIGHTER * counted:
                break
            for words in dict.fromkeys((cause.words, briefest_alone(cause.words))):
                if taken + count(words) - 3 > most:  # "no" goes, and with the last one "There are"
                    continue
                also = replace(filled, rest=(*filled.rest, words), more=filled.more - 1)
                if (needed := also.words) <= most:
                    filled, taken = also, needed
                    break
            else:
                counted = max(counted, cause.weight)
        return filled


def _first(start: str, lead: Sequence[str], *, listing: bool) -> str:
    return f"{start} {', '.join(lead) if listing else phrased(lead)}."


@lru_cache(1)
def _first_words(start: str, lead: tuple[str, ...], listing: bool) -> int:
    return count(_first(start, lead, listing=listing))


def sentence(words: str) -> str:
    """With a capital and a full stop."""
    return f"{words[0].upper()}{words[1:]}."


def sentences(old: Profile, new: Profile, changes: Sequence[Change]) -> tuple[str, ...]:
    """What changed, the one thing first, then what follows from it; none for a model and itself."""
    if not changes:
        return _unchanged(old, new)
    return tuple(told(old, new, changes).sentences())


def design(old: Profile, new: Profile, changes: Sequence[Change]) -> tuple[str, ...]:
    """Those of the sentences that say what changed, without the numbers that follow from it."""
    if not changes:
        return _unchanged(old, new)
    return tuple(told(old, new, changes).design())


def _unchanged(old: Profile, new: Profile) -> tuple[str, ...]:
    if old.id == new.id:
        return ()
    return (f"{new.name} has {old.name}'s architecture, number for number.",)


def told(old: Profile, new: Profile, changes: Sequence[Change]) -> Told:
    """What is said of a difference of at least one change, within the words that there are."""
    causes = [change for change in changes if change.level == "cause"]
    sizes = [change for change in changes if change.level == "scale" and _resized(change)]
    tail = [change for change in changes if change.level == "scale" and change.key in TAIL]
    near = sum(change.weight for change in causes) < FAR
    listing, rest, numbers = False, list[Cause](), list[str]()
    if causes and (causes[0].weight >= LEADING or not sizes):
        start = f"{old.name} with" if near else f"a different design from {old.name}:"
        lead, rest = _parted(causes, LEAD_OF_KIN if near else LEAD_OF_STRANGERS)
        numbers = [*_largest(sizes), *_longer(tail)]
    elif sizes:
        listing = len(sizes) > FEW
        start = f"{old.name} at another size:" if listing else f"{old.name} with"
        lead = _largest(sizes, LISTED) if listing else once(sizes)
        rest = [Cause(words, 0) for words in once(causes)]
        numbers = [*_longer(tail)]
    else:
        settings = [change for change in changes if change.level == "setting"]
        start, lead = f"{old.name} with", once(tail or settings)[:FEW]
    said = Told(
        start=f"{new.name} is {start}",
        lead=tuple(lead),
        listing=listing,
        follows=consequences.said(old, new, causes, near=near),
    )
    short = [Cause(brief(one.words), one.weight) for one in rest]
    return said.filled(short, numbers, OF_KIN if near else OF_STRANGERS)


def _parted(causes: Sequence[Change], most: int) -> tuple[list[str], list[Cause]]:
    """The causes that lead, in few words, and the others."""
    distinct: dict[str, Change] = {}
    for change in _swapped(causes):
        distinct.setdefault(change.words, change)
    first, *others = sorted(distinct.values(), key=_rank)
    leading = [first, *_beside(first, others)]
    rest = [change for change in others if change not in leading]
    words = [change.words for change in (*leading, *rest)]
    if NO_POSITIONS in words:  # then no mechanism needs to say so
        words = [one.replace(f" {WITHOUT_POSITIONS}", "") for one in words]
    lead = shortest(words[: len(leading)], LEAD, most)
    weights = [-_rank(change) for change in (*leading, *rest)]
    return lead, [*map(Cause, words, weights)][len(lead) :]


def _swapped(causes: Sequence[Change]) -> list[Change]:
    """Windows that took the place of chunks, or chunks that of windows, in one phrase."""
    names = {change.key.rpartition(".")[2]: change for change in causes}
    for came, went in (("window", "chunk"), ("chunk", "window")):
        new, old = names.get(came), names.get(went)
        if (
            new
            and old
            and new.kind == "added"
            and old.kind == "removed"
            and "layer" not in new.words
        ):
            both = replace(new, words=f"{new.words} instead of {went}s")
            return [both if one is new else one for one in causes if one is not old]
    return [*causes]


def _rank(change: Change) -> float:
    """The weightiest first."""
    if change.key == "token_mixer.layout" and change.weight >= MOVED:
        return -max(change.weight, LAYOUT)
    if change.words.startswith(f"{NO_POSITIONS} in"):
        return -max(change.weight, ORDER)
    return -change.weight


def _beside(first: Change, others: Sequence[Change]) -> list[Change]:
    """What stands beside the first cause, if it weighs enough: of mechanisms one of the other role, else the next.

    Beside what is gone stands the weightiest that is there.
    """
    heavy = [change for change in others if change.weight >= BESIDE * first.weight]
    mixers = [
        change
        for change in heavy
        if {first.role, change.role} == {"token_mixer", "channel_mixer"} and "mixer." in change.key
    ]
    leading = (mixers or heavy)[:1]
    if all(absent(change.words) for change in (first, *leading)):
        there = [c for c in others if c.weight >= LEADING and not absent(c.words)]
        leading = there[:1] or leading
    return leading


def _largest(sizes: Sequence[Change], count: int = FEW) -> list[str]:
    """The sizes that changed most, in the order of the model."""
    most = sorted(sizes, key=lambda change: -change.weight)[:count]
    return _numbered([change for change in sizes if change in most])


def _longer(tail: Sequence[Change]) -> Iterator[str]:
    """The context, where it is another one altogether."""
    for change in tail:
        if change.key == "context" and abs(log2(_number(change.new) / _number(change.old))) >= 1:
            yield from _numbered([change])


def _numbered(sizes: Sequence[Change]) -> list[str]:
    """ "layers 61 → 92", each once."""
    return list(dict.fromkeys(map(_arrow, sizes)))


def _arrow(change: Change) -> str:
    where = f" {change.part}" if change.part else ""
    return (
        f"{change.label}{where} {plain_text(_sizes(change.old))} → {plain_text(_sizes(change.new))}"
    )


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 1.0


def _resized(change: Change) -> bool:
    """Whether a size of the design changed, and not only which layers have it."""
    return change.key not in TAIL and _sizes(change.old) != _sizes(change.new)


def _sizes(value: Value) -> Value:
    """Without the layers that have no such thing."""
    if not isinstance(value, tuple):
        return value
    stated = tuple(one for one in value if one is not None)
    return stated[0] if len(stated) == 1 else stated
