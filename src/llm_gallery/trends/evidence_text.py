"""Concepts that may come next, in sentences: for a terminal, as Markdown, and for the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llm_gallery.analysis.units import binary, gigaflop, short
from llm_gallery.architecture.refusal import counted
from llm_gallery.catalog.ablation import Ablation
from llm_gallery.catalog.terminal import wrapped
from llm_gallery.concepts import concepts
from llm_gallery.trends.candidates import ENOUGH, Judged, Review, score
from llm_gallery.trends.evidence import Evidence, Saved, rates

WORDS = {"bytes": binary, "parameters": short, "flop": gigaflop}
RULE = (
    "Listed: mechanisms whose makers doubled in two quarters. Among the designs of those quarters, at least two "
    "organizations have it for the first time in this catalog, and at least as many as had it before. Its share "
    "of the designs is larger than in the four quarters before, and below a half; no mechanism is older than two "
    "years. Mechanisms with most new makers come first. Copies of a design don’t count as new."
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that is said of a candidate, under its word; `link` is where it stands."""

    word: str
    sentence: str
    link: str = ""


def evidence_statements(evidence: Evidence) -> tuple[Statement, ...]:
    """All that is known of a candidate, each sentence with its numbers."""
    return (
        Statement("Who", _who(evidence)),
        Statement("Sizes", _sizes(evidence)),
        Statement("Replaces", _replaces(evidence)),
        Statement("Saves", _saves(evidence)),
        *(
            Statement("Measured", ablation_words(ablation), ablation.link)
            for ablation in evidence.ablations
        ),
        *(
            ()
            if evidence.ablations
            else (Statement("Measured", "No paper of what it does alone is on record here."),)
        ),
    )


def ablation_words(ablation: Ablation) -> str:
    """The number, the finding, the setting, the source."""
    return f"{ablation.number[:1].upper()}{ablation.number[1:]}: {ablation.finding} {ablation.setting}; {ablation.title}, {ablation.year}, {_small(ablation.place)}."


def became(judged: Judged, past: Review) -> str:
    """What came of a concept that a past quarter named; of a year that isn't over, what is known of it."""
    named, since = judged.candidate.share, judged.since
    after = "in the year after" if past.over else "since"
    so_far = "" if past.over or judged.outcome == "too few to tell" else " so far"
    return f"{named.having} of {named.of} designs → {since.having} of {since.of} {after}: {judged.outcome}{so_far}"


def judged_words(judged: Sequence[Review]) -> tuple[str, ...]:
    """How good the rule was so far."""
    named, others = score(judged)
    return rates(dict(named), dict(others))


def next_text(
    when: str, candidates: Sequence[Evidence], judged: Sequence[Review], rated: Sequence[str]
) -> str:
    """All of it for a terminal: `when` is up to which moment, `rated` how good the rule was at all past quarters."""
    return "\n".join(_text(when, candidates, judged, rated)) + "\n"


def _text(
    when: str, candidates: Sequence[Evidence], judged: Sequence[Review], rated: Sequence[str]
) -> Iterator[str]:
    yield f"What may come next, {when}"
    yield from wrapped(RULE)
    for number, evidence in enumerate(candidates, 1):
        yield ""
        yield f"{number}. {evidence.concept.name} ({evidence.concept.id})"
        for said in evidence_statements(evidence):
            link = f" {said.link}" if said.link else ""
            yield from wrapped(f"{said.word + ':':10}{said.sentence}{link}", "   ", 13)
    if not candidates:
        yield ""
        yield from wrapped(_nothing())
    for past in judged:
        yield ""
        yield f"At the end of {past.quarter} it named"
        for past_judged in past.judged:
            name = concepts()[past_judged.candidate.concept].name
            yield f"  {name:32}{became(past_judged, past)}"
    for sentence in rated:
        yield ""
        yield from wrapped(sentence)


def next_markdown(
    when: str, candidates: Sequence[Evidence], judged: Sequence[Review], rated: Sequence[str]
) -> str:
    """The same as Markdown."""
    return "\n".join(_markdown(when, candidates, judged, rated)) + "\n"


def _markdown(
    when: str, candidates: Sequence[Evidence], judged: Sequence[Review], rated: Sequence[str]
) -> Iterator[str]:
    yield f"# What may come next, {when}\n\n{RULE}"
    for number, evidence in enumerate(candidates, 1):
        yield f"\n## {number}. {evidence.concept.name}\n"
        for said in evidence_statements(evidence):
            link = f" <{said.link}>" if said.link else ""
            yield f"- **{said.word}:** {said.sentence}{link}"
    if not candidates:
        yield f"\n{_nothing()}"
    if judged:
        yield "\n## What it named before\n"
        yield "| at the end of | concept | what became of it |\n|---|---|---|"
    for past in judged:
        for past_judged in past.judged:
            name = concepts()[past_judged.candidate.concept].name
            yield f"| {past.quarter} | {name} | {became(past_judged, past)} |"
    for sentence in rated:
        yield f"\n{sentence}"


def _nothing() -> str:
    return (
        f"Nothing: no concept doubled its makers, or fewer than {ENOUGH} designs came in the two quarters or in "
        "the four before."
    )


def _who(evidence: Evidence) -> str:
    candidate = evidence.candidate
    new, bring = len(candidate.newcomers), len(candidate.organizations)
    how = "all" if new == bring else f"{new} of them"
    how = "it" if bring == 1 else how
    known = f"; before them {', '.join(candidate.known)}" if candidate.known else ""
    return (
        f"{candidate.share.having} of {candidate.share.of} new designs in the two quarters, {candidate.before.having} of "
        f"{candidate.before.of} in the four before; {counted(bring, 'organization')}, {how} for the first time here: "
        f"{', '.join(candidate.newcomers)}{known}."
    )


def _sizes(evidence: Evidence) -> str:
    if evidence.smallest == evidence.largest:
        return f"{short(evidence.smallest)} parameters."
    return f"From {short(evidence.smallest)} to {short(evidence.largest)} parameters."


def _replaces(evidence: Evidence) -> str:
    if not evidence.compared:
        return "Not known: no maker has an earlier design without it here."
    of = counted(evidence.compared, "design")
    have = "has" if evidence.compared == 1 else "have"
    before = f"{of} {have} a forerunner of the same maker without it"
    if not evidence.replaced:
        return f"Nothing: {before}, and it came beside what was there."
    gone = ", ".join(f"{concept.name} ({count})" for concept, count in evidence.replaced)
    return f"{before}; what went from them: {gone}."


def _saves(evidence: Evidence) -> str:
    if evidence.measure is None:
        return "Nothing that is counted here: no cache, parameters or compute."
    if not evidence.saved:
        return f"{evidence.measure.title}: nothing on these designs."
    most, least = evidence.saved[0], evidence.saved[-1]
    words = WORDS[evidence.measure.unit]

    def said(saved: Saved) -> str:
        return f"{saved.design.first.name} {words(saved.undone)} → {words(saved.actual)}"

    rest = "" if most is least else f"; the least {said(least)}"
    return f"{evidence.measure.title}, {_small(evidence.measure.undone)}: {said(most)}{rest}."


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
