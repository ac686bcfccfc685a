"""Concepts that may come next, in sentences: for a terminal, as Markdown, and for the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llm_gallery.analysis.units import binary, gigaflop, short
from llm_gallery.architecture.refusal import counted
from llm_gallery.catalog.ablation import Ablation
from llm_gallery.catalog.concept import concepts
from llm_gallery.catalog.terminal import wrapped
from llm_gallery.catalog.trend_next import Evidence, Saved, rates
from llm_gallery.lineage.trends_next import ENOUGH, Judged, Review, score

WORDS = {"bytes": binary, "parameters": short, "flop": gigaflop}
RULE = (
    "Named is what doubled its makers in two quarters: among the designs that came in them, at least two "
    "organizations bring it for the first time in this catalog, and at least as many as had it in any model "
    "before; a larger share of the designs has it than in the four quarters before; and fewer than half have "
    "it, for what half have isn’t next any more. Most newcomers first. Copies of a design don’t count as new."
)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is said of a candidate, under its word; `link` is where it stands."""

    word: str
    sentence: str
    link: str = ""


def told(one: Evidence) -> tuple[Told, ...]:
    """All that is known of a candidate, each sentence with its numbers."""
    return (
        Told("Who", _who(one)),
        Told("Sizes", _sizes(one)),
        Told("Replaces", _replaces(one)),
        Told("Saves", _saves(one)),
        *(Told("Measured", ablation_words(held), held.link) for held in one.ablations),
        *(
            ()
            if one.ablations
            else (Told("Measured", "No paper of what it does alone is on record here."),)
        ),
    )


def ablation_words(one: Ablation) -> str:
    """The number, the finding, the setting, the source."""
    return f"{one.number[:1].upper()}{one.number[1:]}: {one.finding} {one.setting}; {one.title}, {one.year}, {_small(one.place)}."


def became(one: Judged, past: Review) -> str:
    """What came of a concept that a past quarter named; of a year that isn't over, what is known of it."""
    named, since = one.candidate.share, one.since
    after = "in the year after" if past.over else "since"
    so_far = "" if past.over else " so far"
    return f"{named.having} of {named.of} designs → {since.having} of {since.of} {after}: {one.outcome}{so_far}"


def judged_words(judged: Sequence[Review]) -> tuple[str, ...]:
    """How good the rule was so far."""
    named, others = score(judged)
    return rates(dict(named), dict(others))


def next_text(
    when: str, found: Sequence[Evidence], judged: Sequence[Review], rated: Sequence[str]
) -> str:
    """All of it for a terminal: `when` is up to which moment, `rated` how good the rule was at all past quarters."""
    return "\n".join(_text(when, found, judged, rated)) + "\n"


def _text(
    when: str, found: Sequence[Evidence], judged: Sequence[Review], rated: Sequence[str]
) -> Iterator[str]:
    yield f"What may come next, {when}"
    yield from wrapped(RULE)
    for number, one in enumerate(found, 1):
        yield ""
        yield f"{number}. {one.concept.name} ({one.concept.id})"
        for said in told(one):
            link = f" {said.link}" if said.link else ""
            yield from wrapped(f"{said.word + ':':10}{said.sentence}{link}", "   ", 13)
    if not found:
        yield ""
        yield from wrapped(_nothing())
    for past in judged:
        yield ""
        yield f"At the end of {past.quarter} it named"
        for held in past.judged:
            name = concepts()[held.candidate.concept].name
            yield f"  {name:32}{became(held, past)}"
    for sentence in rated:
        yield ""
        yield from wrapped(sentence)


def next_markdown(
    when: str, found: Sequence[Evidence], judged: Sequence[Review], rated: Sequence[str]
) -> str:
    """The same as Markdown."""
    return "\n".join(_markdown(when, found, judged, rated)) + "\n"


def _markdown(
    when: str, found: Sequence[Evidence], judged: Sequence[Review], rated: Sequence[str]
) -> Iterator[str]:
    yield f"# What may come next, {when}\n\n{RULE}"
    for number, one in enumerate(found, 1):
        yield f"\n## {number}. {one.concept.name}\n"
        for said in told(one):
            link = f" <{said.link}>" if said.link else ""
            yield f"- **{said.word}:** {said.sentence}{link}"
    if not found:
        yield f"\n{_nothing()}"
    if judged:
        yield "\n## What it named before\n"
        yield "| at the end of | concept | what became of it |\n|---|---|---|"
    for past in judged:
        for held in past.judged:
            name = concepts()[held.candidate.concept].name
            yield f"| {past.quarter} | {name} | {became(held, past)} |"
    for sentence in rated:
        yield f"\n{sentence}"


def _nothing() -> str:
    return (
        f"Nothing: no concept doubled its makers, or fewer than {ENOUGH} designs came in the two quarters or in "
        "the four before."
    )


def _who(one: Evidence) -> str:
    found = one.candidate
    new, bring = len(found.newcomers), len(found.organizations)
    how = "all" if new == bring else f"{new} of them"
    how = "it" if bring == 1 else how
    known = f"; before them {', '.join(found.known)}" if found.known else ""
    return (
        f"{found.share.having} of {found.share.of} new designs in the two quarters, {found.before.having} of "
        f"{found.before.of} in the four before; {counted(bring, 'organization')}, {how} for the first time here: "
        f"{', '.join(found.newcomers)}{known}."
    )


def _sizes(one: Evidence) -> str:
    if one.smallest == one.largest:
        return f"{short(one.smallest)} parameters."
    return f"From {short(one.smallest)} to {short(one.largest)} parameters."


def _replaces(one: Evidence) -> str:
    if not one.compared:
        return "Not known: no maker has an earlier design without it here."
    of = counted(one.compared, "design")
    have = "has" if one.compared == 1 else "have"
    before = f"{of} {have} a forerunner of the same maker without it"
    if not one.replaced:
        return f"Nothing: {before}, and it came beside what was there."
    gone = ", ".join(f"{concept.name} ({count})" for concept, count in one.replaced)
    return f"{before}; what went from them: {gone}."


def _saves(one: Evidence) -> str:
    if one.measure is None:
        return "Nothing that is counted here: no cache, parameters or compute."
    if not one.saved:
        return f"{one.measure.title}: nothing on these designs."
    most, least = one.saved[0], one.saved[-1]
    words = WORDS[one.measure.unit]

    def said(held: Saved) -> str:
        return f"{held.design.first.name} {words(held.undone)} → {words(held.actual)}"

    rest = "" if most is least else f"; the least {said(least)}"
    return f"{one.measure.title}, {_small(one.measure.undone)}: {said(most)}{rest}."


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
