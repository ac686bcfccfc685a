"""Concepts that may come next: their users doubled in two quarters, by what was known at their end.

A concept is named where, among the designs that came in the two quarters, organizations bring it for the
first time, at least two and at least as many as had it in a model before, be it a copy; where a larger share of the
designs has it than of those of the four quarters before; and where fewer than half have it, for what half
have isn't next any more, nor is what came more than two years ago. Most newcomers first, then the fewest who had it before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.lineage.designs import Design

WINDOW, BEFORE, SINCE = 2, 4, 4
"""Quarters that are looked at, those before with which they are compared, and those after that judge."""
NEW = 8
"""Quarters back to the first model with a concept, at most: what is older isn't next."""
NEWCOMERS = 2
"""Organizations that bring a concept for the first time, at least."""
ENOUGH = 6
"""Designs in the quarters looked at, before and since, below which nothing is named, nor judged."""

Outcome = Literal["went on", "held", "fell back", "too few to tell"]


@dataclass(frozen=True, slots=True)
class Share:
    """Designs that have a concept, of how many."""

    having: int
    of: int

    @property
    def part(self) -> float:
        """Between 0 and 1; of none 0."""
        return self.having / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept that is named, and what it is named for."""

    concept: str
    designs: tuple[Design, ...]  # of the window, oldest first
    share: Share
    before: Share  # of the four quarters before the window
    newcomers: tuple[str, ...]  # organizations that bring it for the first time, in order of time
    known: tuple[str, ...]  # those that had it in a model before the window

    @property
    def organizations(self) -> tuple[str, ...]:
        """The organizations that bring it in the window, in order of time."""
        return _organizations(self.designs)


@dataclass(frozen=True, slots=True)
class Judged:
    """A concept that a past quarter names, and its share of the designs that came in the year after."""

    candidate: Candidate
    since: Share
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Review:
    """What a past quarter names; `quarters` of those after it that have designs."""

    quarter: str
    judged: tuple[Judged, ...]
    quarters: int
    over: bool  # whether the year after it is, by a later design
    others: Mapping[Outcome, int]  # concepts that fewer than half have and that aren't named


def candidates(designs: Sequence[Design], at: str = "") -> tuple[Candidate, ...]:
    """What the rule names at the end of a quarter, "2025-Q1"; of the newest design where none is given.

    Raises Refusal for a quarter that isn't one of the catalog's.
    """
    at = _known_quarter(designs, at)
    window = _window(designs, at, WINDOW)
    before = _window(designs, _shifted(at, -WINDOW), BEFORE)
    if min(len(window), len(before)) < ENOUGH:
        return ()
    earlier = _houses(designs, _shifted(at, 1 - WINDOW))
    old = _houses(designs, _shifted(at, -NEW))
    new = (concept for concept in _concepts(window) if concept not in old)
    candidates = (_candidate(name, window, before, earlier) for name in new)
    named = [candidate for candidate in candidates if candidate is not None]
    return tuple(sorted(named, key=lambda c: (-len(c.newcomers), len(c.known), c.concept)))


def _candidate(
    concept: str,
    window: Sequence[Design],
    before: Sequence[Design],
    earlier: Mapping[str, tuple[str, ...]],
) -> Candidate | None:
    having = [design for design in window if concept in design.concepts]
    known = earlier.get(concept, ())
    newcomers = tuple(name for name in _organizations(having) if name not in known)
    now, then = _share(concept, window), _share(concept, before)
    if len(newcomers) < max(NEWCOMERS, len(known)) or now.part <= then.part or not _rare(now):
        return None
    return Candidate(concept, tuple(having), now, then, newcomers, known)


def reviews(designs: Sequence[Design]) -> tuple[Review, ...]:
    """The rule at every past quarter that names something, oldest first; each knows the designs up to it."""
    last = designs[-1].quarter if designs else ""
    past = sorted({design.quarter for design in designs} - {last})
    return tuple(reviewed for at in past if (reviewed := review(designs, at)).judged)


def review(designs: Sequence[Design], at: str) -> Review:
    """What one quarter names, and what became of it. Raises Refusal as `candidates` does."""
    named = candidates(designs, at)
    since = _window(designs, _shifted(at, SINCE), SINCE)
    window, before = _window(designs, at, WINDOW), _window(designs, _shifted(at, -WINDOW), BEFORE)
    names = {candidate.concept for candidate in named}
    rest = [
        _outcome(share, _share(concept, before), _share(concept, since))
        for concept in _concepts(window)
        if concept not in names and _rare(share := _share(concept, window))
    ]
    over = _shifted(at, SINCE) < designs[-1].quarter
    judged = tuple(
        Judged(
            candidate,
            after := _share(candidate.concept, since),
            _outcome(candidate.share, candidate.before, after)
            if over or after.of >= ENOUGH
            else "too few to tell",
        )
        for candidate in named
    )
    return Review(at, judged, len({design.quarter for design in since}), over, Counter(rest))


def _outcome(named: Share, before: Share, since: Share) -> Outcome:
    """A larger share than when it was named; at least half of that, and more than before; or less."""
    if since.part > named.part:
        return "went on"
    lasted = since.part > before.part and 2 * since.part >= named.part
    return "held" if lasted else "fell back"


def score(judged: Sequence[Review]) -> tuple[Mapping[Outcome, int], Mapping[Outcome, int]]:
    """How often each outcome came, of what was named and of what wasn't, over the reviews whose year after is over."""
    over = [review for review in judged if review.over]
    named = Counter(judged.outcome for review in over for judged in review.judged)
    others: Counter[Outcome] = Counter()
    for review in over:
        others.update(review.others)
    return named, others


def _rare(share: Share) -> bool:
    return 2 * share.having < share.of


def _share(concept: str, among: Sequence[Design]) -> Share:
    return Share(sum(concept in design.concepts for design in among), len(among))


def _concepts(among: Sequence[Design]) -> list[str]:
    return sorted({name for design in among for name in design.concepts})


def _houses(designs: Sequence[Design], before: str) -> Mapping[str, tuple[str, ...]]:
    """Of each concept whose models had it before a quarter, copies too, the earliest first."""
    holders = [
        (when, who, concepts) for design in designs for who, when, concepts in design.holders
    ]
    by_concept: dict[str, dict[str, None]] = {}
    for _, who, concepts in sorted(
        (row for row in holders if row[0] < before), key=lambda row: row[0]
    ):
        for concept in concepts:
            by_concept.setdefault(concept, {})[who] = None
    return {concept: tuple(houses) for concept, houses in by_concept.items()}


def _organizations(among: Collection[Design] | Iterator[Design]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(design.organization for design in among))


def _window(designs: Sequence[Design], last: str, quarters: int) -> list[Design]:
    """The designs of so many quarters up to one."""
    return [design for design in designs if _shifted(last, 1 - quarters) <= design.quarter <= last]


def _known_quarter(designs: Sequence[Design], at: str) -> str:
    known = sorted({design.quarter for design in designs})
    if at and at not in known:
        raise Refusal(
            f"no design of the catalog came in {quoted(at)}, expected a quarter such as {quoted(known[-1])}"
        )
    return at or known[-1]


def _shifted(quarter: str, by: int) -> str:
    """The quarter that is `by` quarters later."""
    count = int(quarter[:4]) * 4 + int(quarter[-1]) - 1 + by
    return f"{count // 4}-Q{count % 4 + 1}"
