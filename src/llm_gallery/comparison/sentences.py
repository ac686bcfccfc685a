"""A difference in the sentences that people would write: the one thing first, then the rest, then what follows.

At most 60 words of kin and 70 of strangers, names counted, besides sizes that are always said: parameters from a ratio of 1.5,
the vocabulary from 1.5, the context from 2. Everything else stands in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from llm_gallery.comparison import consequences
from llm_gallery.comparison.block_facts import Value
from llm_gallery.comparison.brevity import brief, briefest_alone, count, length, shortest
from llm_gallery.comparison.change import Change, once
from llm_gallery.comparison.grammar import absent, phrased, phrased_words
from llm_gallery.comparison.phrases import count_word, plain_text
from llm_gallery.comparison.profile import Profile
from llm_gallery.mechanisms.wording import capital
from llm_gallery.mechanisms.written import NO_POSITIONS, WITHOUT_POSITIONS

FAR = 6.0
"""Weight of causes from which on a model is no longer said to be the other with changes."""
OF_KIN, OF_STRANGERS = 60, 70
"""Words at most."""
LEADING = 0.4
"""Weight of a cause from which on causes lead; below it, sizes do."""
TOLD = 0.5
"""What a change inside a mechanism that came or went must say to be named beside it; it isn't counted."""
SEVERAL = 0.8
"""What light causes together must say to lead, of those that brought something."""
BESIDE = 0.4
"""Share of the first cause's weight that the next one must have to stand beside it."""
LEAD, LEAD_OF_KIN, LEAD_OF_STRANGERS = 30, 34, 38
"""Words of the causes that lead where that can be, and at most."""
FEW = 3
"""Sizes that are said in words, or beside causes; more of them stand as a list of numbers."""
NAMED = 0.2
"""What a cause must say to stand beside one that is only gone."""
LISTED = 4
"""Numbers at most in a list of sizes that leads."""
FEWEST = 2
"""Consequences that no light cause replaces, where the change is for them."""
HEAVY = 0.6
"""Weight of a cause from which on a consequence gives way to it, even one that is wanted."""
TELLING = 0.3
"""What a cause must say for a consequence to give way to it."""
LIGHTER = 0.8
"""Share of the weight of a cause that is only counted which one must have to be named after it."""
ALWAYS = {"vocabulary": 1.5, "context": 2.0}
"""Ratios of sizes from which on they are always said."""
WIDENED = 1.5
"""A ratio of widths of experts from which on their number is said with them."""
OTHER = 3.0
"""A ratio of vocabularies from which on it may lead."""
COUNTED = 3
"""Words of "two smaller changes"."""
TAIL = ("vocabulary", "context")


class Cause(NamedTuple):
    """A cause in words, what it says of a model, and whether it is counted where it isn't named."""

    words: str
    told: float
    counts: bool = True


@dataclass(frozen=True, slots=True)
class DifferenceText:
    """What is said of a difference, in phrases."""

    start: str  # ends with the older model's name
    scaled: str  # parameters, where they are always said
    link: str  # between the name and the first phrase
    lead: tuple[str, ...]
    listing: bool  # whether what leads are numbers in a row
    always: tuple[str, ...]  # other sizes that are always said
    follows: tuple[consequences.Follow, ...]
    rest: tuple[str, ...] = ()
    more: int = 0  # causes that are only counted
    sizes: tuple[str, ...] = ()

    def design(self, mark: Callable[[str], str] = str, scaled: str = "") -> Iterator[str]:
        """What changed but for numbers; `mark` is given each phrase of the first sentence."""
        yield f"{self.start}{scaled}{_linked(self.link, [*map(mark, self.lead)], listing=self.listing)}"
        if self.rest:
            also = not all(map(absent, self.rest)) and not all(map(absent, self.lead))
            yield f"It {'also ' if also else ''}has {phrased(self.rest)}."

    def sentences(self) -> Iterator[str]:
        """What changed, then numbers, and how many changes aren't named."""
        yield from self.design(scaled=f" ({self.scaled})" if self.scaled else "")
        numbers = [", ".join(self.numbers)] if self.numbers else []
        numbers += [consequence.words for consequence in self.follows]
        if self.more:
            numbers.append(f"{count_word(self.more)} smaller change{'s' if self.more > 1 else ''}")
        if numbers:
            yield sentence("; ".join(numbers))

    @property
    def numbers(self) -> tuple[str, ...]:
        """The sizes that are said in numbers."""
        return (*self.always, *self.sizes)

    def filled(self, rest: Sequence[Cause], sizes: Sequence[str], most: int) -> DifferenceText:
        """With as much of the rest as there are words for, what says most first, then of sizes.

        Of what follows, the least gives way to causes, and to sizes where nobody asks for it; what the change is for,
        to weighty causes alone.
        """
        room = most - count(self.start + _linked(self.link, self.lead, listing=self.listing))
        filled = _Filled(room, all(map(absent, self.lead)), self.follows)
        filled.more = sum(cause.counts for cause in rest)
        filled.shorten()
        counted = 0.0
        for cause in rest:
            if cause.told < LIGHTER * counted:
                break
            if not filled.names(cause):
                counted = max(counted, cause.told)
        said: list[str] = []
        for words in sizes:
            left = room - sum(map(count, [*said, words])) - filled.words
            idle = [follow for follow in filled.follows if not follow.weight]
            if left + _numbers(idle) >= 0:
                if left < 0:
                    filled.follows = tuple([f for f in filled.follows if f not in idle])
                said.append(words)
        return replace(
            self,
            follows=filled.follows,
            rest=tuple(filled.rest),
            more=filled.more,
            sizes=tuple(said),
        )


class _Filled:
    """What is named beside what leads, by words alone: a phrase is tried, and only then put in a sentence."""

    def __init__(self, room: int, lacking: bool, follows: tuple[consequences.Follow, ...]) -> None:
        """Room for so many words; `lacking` says whether what leads is all gone."""
        self.room, self.lacking = room, lacking
        self.follows = follows
        self.rest: list[str] = []
        self.more = 0

    @property
    def words(self) -> int:
        """How many words there are."""
        return self._others(self.rest, self.more) + _numbers(self.follows)

    def _others(self, rest: Sequence[str], more: int) -> int:
        """The words of what is named beside what leads, and of how many more there are."""
        counted = COUNTED if more else 0
        if not rest:
            return counted
        also = not all(map(absent, rest)) and not self.lacking
        return 2 + also + phrased_words(rest) + counted  # "It has", "also"

    def shorten(self) -> None:
        """Leaves out the consequences that matter least while there are too many words."""
        while self.follows and self.words > self.room:
            self.follows = _spared(self.follows)

    def names(self, cause: Cause) -> bool:
        """Names one cause more, where there are words for it."""
        more = self.more - cause.counts
        follows: tuple[consequences.Follow, ...] | None = self.follows
        forms = dict.fromkeys((cause.words, briefest_alone(cause.words)))
        tried = [(words, self._others([*self.rest, words], more)) for words in forms]
        while follows is not None:
            numbers = _numbers(follows)
            for words, others in tried:
                if others + numbers <= self.room:
                    self.rest.append(words)
                    self.more, self.follows = more, follows
                    return True
            follows = _spared(follows) if _spares(follows, cause) else None
        return False


def _numbers(follows: Sequence[consequences.Follow]) -> int:
    return sum([length(consequence.words) for consequence in follows])


def _spares(follows: Sequence[consequences.Follow], cause: Cause) -> bool:
    """Whether the least consequence gives way to a cause: two to weighty ones alone, the last to none."""
    if len(follows) < FEWEST:
        return False
    weighty = _least(follows).wanted and len(follows) == FEWEST
    return cause.told >= (HEAVY if weighty else TELLING)


def _spared(follows: Sequence[consequences.Follow]) -> tuple[consequences.Follow, ...]:
    """Without the consequence that matters least."""
    least = _least(follows)
    return tuple([consequence for consequence in follows if consequence != least])


def _least(follows: Sequence[consequences.Follow]) -> consequences.Follow:
    return min(follows, key=lambda follow: follow.weight)


def _linked(link: str, lead: Sequence[str], *, listing: bool) -> str:
    return f"{link} {', '.join(lead) if listing else phrased(lead)}."


def sentence(words: str) -> str:
    """With a capital and a full stop."""
    return f"{capital(words)}."


def sentences(old: Profile, new: Profile, changes: Sequence[Change]) -> tuple[str, ...]:
    """What changed, the one thing first, then what follows from it; none for a model and itself."""
    if not changes:
        return _unchanged(old, new)
    return tuple(difference_text(old, new, changes).sentences())


def design(old: Profile, new: Profile, changes: Sequence[Change]) -> tuple[str, ...]:
    """The sentences that say what changed, without the numbers that follow from it."""
    if not changes:
        return _unchanged(old, new)
    return tuple(difference_text(old, new, changes).design())


def _unchanged(old: Profile, new: Profile) -> tuple[str, ...]:
    if old.id == new.id:
        return ()
    in_part = old.architecture.uncounted or new.architecture.uncounted
    known = " in all that is described" if in_part else ""
    return (f"{new.name} has {old.name}'s architecture{known}, number for number.",)


def difference_text(old: Profile, new: Profile, changes: Sequence[Change]) -> DifferenceText:
    """What is said of a difference of at least one change, within the words that there are."""
    every = [change for change in changes if change.level == "cause"]
    near = sum(change.weight for change in every) < FAR
    causes = [change for change in every if not change.brought]
    brought = [change for change in changes if change.brought and change.told >= TOLD]
    settings = [change for change in changes if change.level == "setting"]
    scale = _mixture([c for c in changes if c.level == "scale" and _resized(c)])
    tail = [change for change in changes if change.level == "scale" and change.key in TAIL]
    grown = [change for change in scale if change.told >= LEADING]
    sizes = [change for change in scale if change not in grown or not causes]
    strange = (not near and not _of_one_pattern(old, new)) or _opposed(old, new)
    link, listing, rest, numbers = " with", False, list[Cause](), list[str]()
    if causes and ((causes[0].told >= LEADING or _new(causes) >= SEVERAL) or not sizes):
        link = ":" if strange else link
        widened = [change for change in tail if change.key == "vocabulary" and _by(change) >= OTHER]
        lead, rest = _parted(
            [*causes, *brought, *grown, *widened], LEAD_OF_KIN if near else LEAD_OF_STRANGERS
        )
        tail = [change for change in tail if change.words not in lead]
        rest = [cause for cause in rest if cause.words not in {change.words for change in widened}]
        numbers = _largest(sizes)
    elif sizes:
        listing = len(sizes) > FEW and not causes and not settings
        link = " at another size:" if listing else link
        most = sorted(sizes, key=lambda change: -change.weight)[:FEW]
        lead = _largest(sizes, LISTED) if listing else once([c for c in sizes if c in most])
        rest = [
            Cause(words, telling) for words, telling in {c.words: c.told for c in causes}.items()
        ]
        numbers = [] if listing else _largest([change for change in sizes if change not in most])
    else:
        lead = once(tail or settings)[:FEW]
        tail = []
    parameters, active = consequences.scaled(old, new)
    said = DifferenceText(
        start=f"{new.name} is {'a different design from ' if strange else ''}{old.name}",
        scaled=parameters,
        link=link,
        lead=tuple(lead),
        listing=listing,
        always=(
            *([active] if active else ()),
            *_numbered([c for c in tail if _by(c) >= ALWAYS[c.key]]),
        ),
        follows=consequences.said(old, new, causes, near=near),
    )
    short = [cause._replace(words=brief(cause.words)) for cause in rest]
    return said.filled(short, numbers, OF_KIN if near else OF_STRANGERS)


def _new(causes: Sequence[Change]) -> float:
    """What causes say together that brought something."""
    return sum(change.told for change in causes if not absent(change.words))


def _of_one_pattern(old: Profile, new: Profile) -> bool:
    """Whether two models are of one pattern: the same mechanisms, or recurrent layers at one rate among others."""
    if old.kinds == new.kinds:
        return True
    rates = [model.recurrent_rate for model in (old, new)]
    return rates[0] == rates[1] != ""


def _opposed(old: Profile, new: Profile) -> bool:
    """Whether one model only attends and the other only keeps states."""
    mixers = [model.of_role("token_mixer") for model in (old, new)]
    attend, recur = (
        [{getattr(part.block, how) for part in parts} == {True} for parts in mixers]
        for how in ("attends", "recurs")
    )
    return (attend[0] and recur[1]) or (recur[0] and attend[1])


def _mixture(sizes: Sequence[Change]) -> list[Change]:
    """The sizes, those of a mixture in one phrase: how many experts there are, how many run, and how wide they are."""
    stored = next((change for change in sizes if change.key == "moe.experts"), None)
    if stored is None:
        return [*sizes]
    others = {
        change.key: change
        for change in sizes
        if change.part == stored.part
        and (change.key == "moe.used" or (change.key == "moe.inner" and _by(change) >= WIDENED))
    }
    if not others:
        return [*sizes]
    place = f" {stored.part}" if stored.part else ""
    new = _experts({key: change.new for key, change in others.items()})
    old = _experts({key: change.old for key, change in others.items()})
    words = (
        f"{_few(stored.new)} experts{new.format(' per token')}{place}"
        f" instead of {_few(stored.old)}{old.format('')}"
    )
    told = stored.told + sum([change.told for change in others.values()])
    both = replace(stored, words=words, told=told)
    return [both if size is stored else size for size in sizes if size is not others.get(size.key)]


def _experts(sizes: Mapping[str, Value]) -> str:
    """ " of width 4,096 (four{})": how wide experts are and how many run, as far as that is said."""
    width = f" of width {plain_text(sizes['moe.inner'])}" if "moe.inner" in sizes else ""
    return width + (f" ({_few(sizes['moe.used'])}{{}})" if "moe.used" in sizes else "")


def _few(value: Value) -> str:
    return count_word(value) if isinstance(value, int) else plain_text(value)


def _parted(causes: Sequence[Change], most: int) -> tuple[list[str], list[Cause]]:
    """The causes that lead, in few words, and the others."""
    distinct: dict[str, Change] = {}
    for change in _swapped(causes):
        distinct.setdefault(change.words, change)
    first, *others = sorted(distinct.values(), key=lambda change: -change.told)
    leading = [first, *_beside(first, others)]
    rest = [change for change in others if change not in leading]
    words = [change.words for change in (*leading, *rest)]
    if NO_POSITIONS in words:  # then no mechanism needs to say so
        words = [word.replace(f" {WITHOUT_POSITIONS}", "") for word in words]
    lead = shortest(words[: len(leading)], LEAD, most)
    changes = (*leading, *rest)
    named = [
        Cause(phrase, change.told, not change.brought)
        for phrase, change in zip(words, changes, strict=True)
    ]
    return lead, named[len(lead) :]


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
            return [both if cause is new else cause for cause in causes if cause is not old]
    return [*causes]


def _beside(first: Change, others: Sequence[Change]) -> list[Change]:
    """What stands beside the first cause, if it weighs enough: of mechanisms one of the other role, else the next.

    Beside what is gone stands what is there and says most.
    """
    heavy = [change for change in others if change.told >= BESIDE * first.told]
    mixers = [
        change
        for change in heavy
        if {first.role, change.role} == {"token_mixer", "channel_mixer"} and "mixer." in change.key
    ]
    leading = (mixers or heavy)[:1]
    if all(absent(change.words) for change in (first, *leading)):
        there = [c for c in others if c.told >= NAMED and not absent(c.words)]
        leading = there[:1] or leading
    return leading


def _largest(sizes: Sequence[Change], count: int = FEW) -> list[str]:
    """The sizes that changed most, in the order of the model."""
    most = sorted(sizes, key=lambda change: -change.weight)[:count]
    return _numbered([change for change in sizes if change in most])


def _numbered(sizes: Sequence[Change]) -> list[str]:
    """ "layers 61 → 92", each once."""
    return list(dict.fromkeys(map(_arrow, sizes)))


def _arrow(change: Change) -> str:
    where = f" {change.part}" if change.part else ""
    return (
        f"{change.label}{where} {plain_text(_sizes(change.old))} → {plain_text(_sizes(change.new))}"
    )


def _by(change: Change) -> float:
    """How many times as large the larger size is, where both are one number."""
    old, new = change.old, change.new
    if not isinstance(old, int | float) or not isinstance(new, int | float) or not old or not new:
        return 1.0
    return max(old / new, new / old)


def _resized(change: Change) -> bool:
    """Whether a size of the design changed, and not only which layers have it."""
    return change.key not in TAIL and _sizes(change.old) != _sizes(change.new)


def _sizes(value: Value) -> Value:
    """Without the layers that have no such thing."""
    if not isinstance(value, tuple):
        return value
    stated = tuple(size for size in value if size is not None)
    return stated[0] if len(stated) == 1 else stated
