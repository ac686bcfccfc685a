"""Whom a model follows: what its authors state, which earlier model it resembles most, and what differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from llm_gallery.comparison import Difference, once
from llm_gallery.comparison.grammar import absent, phrased
from llm_gallery.comparison.phrases import listed
from llm_gallery.comparison.sentences import TAIL
from llm_gallery.explanation.makers import Makers
from llm_gallery.explanation.prose import Named, Paragraph, Sentence, said

LONGEST, WORDS, SIZES = 9, 36, 3
"""Words of a cause from which on it is told shorter, words of all, and sizes that are named."""
LATER = 2
"""Later models that are named."""


@dataclass(frozen=True, slots=True)
class Relative:
    """Another model of the catalog."""

    id: str
    name: str
    month: str = ""  # of its release
    descends: bool = False  # of a later one, whether more than the measure says that it follows


@dataclass(frozen=True, slots=True)
class Kin:
    """Who stands near a model. `nearest` is its nearest ancestor in the family tree, and `because` what that rests on.

    Of a model that has no date, it is the one of all that resembles it most.
    """

    nearest: Relative | None = None
    difference: Difference | None = None  # from the nearest
    because: str = "measure"  # a key of BECAUSE; measure alone shows a resemblance
    stated: tuple[str, ...] = ()  # what its authors state, a sentence each
    disputed: tuple[str, ...] = ()  # what is disputed of whom it follows
    siblings: tuple[Relative, ...] = ()  # those that came out with it and have its ancestor
    later: tuple[Relative, ...] = ()  # those whose nearest ancestor it is, oldest first
    begins: bool = False  # whether no earlier model is near
    dated: bool = True  # whether only earlier models were asked
    partial: bool = False  # whether it has parts, or a way to write, that nobody describes
    rare: tuple[str, ...] = ()  # its concepts that few of the models asked have, the rarest first
    makers: Makers = field(default_factory=Makers)  # what they had before it

    @property
    def adds(self) -> bool:
        """Whether it has parts that the nearest lacks, or others in their place."""
        causes = () if self.difference is None else self.difference.causes
        return not all(absent(change.words) for change in causes)


NOBODY = Kin()


def following(kin: Kin) -> Iterator[Paragraph]:
    """The paragraph, where there is anything to say."""
    sentences = (*_resembles(kin), *_stated(kin), *_later(kin))
    if sentences:
        yield Paragraph("Whom it follows", sentences)


def _stated(kin: Kin) -> Iterator[Sentence]:
    for words in kin.stated[:1]:
        yield said(f"By its authors' account: {words}", spare=2)
    yield from map(said, kin.disputed)


def _names(found: Sequence[Relative]) -> str:
    """Two of them, and how many more there are."""
    more = len(found) - LATER
    return listed([one.name for one in found[:LATER]] + ([f"{more:,} more"] if more > 0 else []))


def _resembles(kin: Kin) -> Iterator[Sentence]:
    """The nearest, and what is different."""
    near = kin.nearest
    if kin.begins:
        yield said("No earlier design here is near it.")
    if near is None or kin.difference is None:
        return
    links = [Named(one.name, one.id) for one in (*kin.siblings[:LATER], near)]
    named = f"{near.name} of {near.month}" if near.month else near.name
    difference = kin.difference
    yield said(_related(kin, named, difference), models=links)
    if not difference.changes:
        what = "What is described of both is" if kin.partial else "Their architectures are"
        yield said(f"{what} the same, number for number.")
        return
    decided = [change for change in difference.causes if not change.brought]
    causes = [_short(words) for words in once(decided)]
    room = WORDS
    shown = [words for words in causes if (room := room - len(words.split())) > 0] or causes[:1]
    if shown:
        yield said(f"Against {near.name}: {phrased(shown)}.", models=links)
    if len(shown) < len(causes):
        return
    sizes = once(difference.scale)[:SIZES]
    if sizes:
        resized = any(change.key not in TAIL for change in difference.scale)
        start = "The same design" + (" at another size" if resized else "")
        start = "In size" if causes else start
        yield said(f"{start}: {listed(sizes)}.", spare=5 if causes else 0)
    elif not causes:
        yield said(f"Only settings differ: {listed(once(difference.settings)[:SIZES])}.")


BECAUSE = {
    "authors": "as its authors state",
    "series": "of the same series",
    "code": "as one code runs both",
    "mixer": "the first model of its mixer",
}
"""Why a model is said to descend from its nearest ancestor."""


def _related(kin: Kin, named: str, difference: Difference) -> str:
    if not kin.dated:
        return f"Of the models here, {named} is the nearest."
    siblings = f"sibling{'s' if len(kin.siblings) > 1 else ''} {_names(kin.siblings)}"
    if kin.because in BECAUSE:
        who = f"With its {siblings} it" if kin.siblings else "This model"
        return f"{who} descends from {named}, {BECAUSE[kin.because]}."
    far = sum(change.weight for change in difference.changes)
    beside = f"; its {siblings} came out with it" if kin.siblings else ""
    return f"Its nearest earlier design is {named}, by similarity (distance {far:.1f}){beside}."


def _short(words: str) -> str:
    """A cause without what it replaced and without its numbers, where it has many words."""
    for pattern in (r" instead of .*$", r" \([^)]*\)"):
        if len(words.split()) > LONGEST:
            words = re.sub(pattern, "", words)
    return words


def _later(kin: Kin) -> Iterator[Sentence]:
    """Later models that descend from it, and those that resemble it more than any other earlier one."""
    for descends in (True, False):
        found = [one for one in kin.later if one.descends == descends]
        named, names = found[:LATER], _names(found)
        if not named:
            continue
        one = len(found) == 1
        text = f"Its descendant{'' if one else 's'}: {names}."
        if not descends:
            text = f"Of later designs {names} {'is' if one else 'are'} nearest to it."
        yield said(text, models=[Named(one.name, one.id) for one in named], spare=5)
