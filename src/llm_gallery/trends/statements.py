"""Answers of the catalog to common questions, each in a few sentences with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from llm_gallery.analysis.units import short
from llm_gallery.architecture.refusal import counted as many
from llm_gallery.comparison.phrases import listed
from llm_gallery.concepts import concepts
from llm_gallery.lineage import Member
from llm_gallery.lineage.designs import Design
from llm_gallery.lineage.sizes import Sizes, quarter, record
from llm_gallery.trends.candidates import Candidate, candidates
from llm_gallery.trends.changes_by_year import KINDS, Year
from llm_gallery.trends.trends import Trends

SPAN = 3
"""Years that are compared: the last one with those before it."""
FEW = 4
"""Candidates that are named."""
SINGULAR = {"have": "has", "put": "puts", "attend": "attends"}


@dataclass(frozen=True, slots=True)
class Statement:
    """A question, its answer, and the models that it rests on, oldest first."""

    title: str
    text: str
    models: tuple[str, ...] = ()


def statements(
    counted: Trends, names: Callable[[str], str], year: int | None = None
) -> tuple[Statement, ...]:
    """The answers at the end of a year, by default of the newest; `names` turns an id into a model's name."""
    span = [
        counted_year for counted_year in counted.years if year is None or counted_year.year <= year
    ][-SPAN:][::-1]
    if not span:
        return ()
    new = _designs(counted, span[0].year)
    statements = (
        _dense(counted, span, names),
        _recipes(counted, span[0], names),
        _hybrids(span, new),
        _reach(span, new),
        _positions(span, new),
        _trillion(counted, span[0], names),
    )
    return tuple(filter(None, statements))


def shift(counted: Trends, at: str = "") -> Statement:
    """What may come next, by the rule of `trends_next`; at the end of a quarter or of the catalog."""
    shown = [
        candidate
        for candidate in candidates(counted.designs, at)
        if candidate.concept in concepts()
    ]
    named = ", ".join(
        f"{concepts()[candidate.concept].name} ({_new_makers(candidate)})"
        for candidate in shown[:FEW]
    )
    rest = f", and {len(shown) - FEW} more" if len(shown) > FEW else ""
    when = moment(counted.designs, at)
    text = (
        f"Doubled their makers here in two quarters, {when}: {named}{rest}."
        if shown
        else f"Nothing doubled its makers here in two quarters, {when}."
    )
    models = dict.fromkeys(d.first.id for candidate in shown[:FEW] for d in candidate.designs)
    return Statement("The next shift", text, tuple(models))


def _new_makers(candidate: Candidate) -> str:
    new, every = len(candidate.newcomers), len(candidate.organizations)
    of = "all" if new == every else f"{new} of"
    return f"{of} {every} makers for the first time here"


def moment(designs: Sequence[Design], at: str = "") -> str:
    """Up to which moment designs are looked at: the end of a quarter, of the last one the newest model's day."""
    newest = max(model.released for design in designs for model in design.models)
    if at and at != quarter(newest):
        return f"at the end of {at}"
    return f"by models up to {day(newest)}"


def _designs(counted: Trends, year: int) -> list[Sizes]:
    """The numbers of the designs that came in a year."""
    first = {design.first.id for design in counted.designs}
    return [
        sizes for sizes in counted.sizes if sizes.model in first and sizes.released.year == year
    ]


def _dense(counted: Trends, span: Sequence[Year], names: Callable[[str], str]) -> Statement:
    """The largest is asked of all models, copies of a design too."""
    now = span[0]
    dense = [
        sizes
        for sizes in counted.sizes
        if KINDS["dense"](sizes) and sizes.released.year == now.year
    ]
    text = f"{_of(span, 'sparse', 'have experts')}.{_models(span, 'sparse')}"
    largest = record("total", dense)
    if largest is not None:
        who = listed([names(model) for model in largest.models])
        of = f"largest of the {len(dense)} dense models" if len(dense) > 1 else "one dense model"
        verb = "is" if len(largest.models) == 1 else "are"
        text += (
            f" The {of} of {now.year} {verb} {who} with {short(round(largest.number))} parameters."
        )
    return Statement("Dense against sparse", text, tuple(sizes.model for sizes in dense))


def _recipes(counted: Trends, now: Year, names: Callable[[str], str]) -> Statement | None:
    """How many dense models kept a design as it was, and which designs have the most."""
    dense = {sizes.model for sizes in counted.sizes if KINDS["dense"](sizes)}
    so_far = (
        [model for model in design.models if model.id in dense and model.released.year <= now.year]
        for design in counted.designs
    )
    recipes = sorted(filter(None, so_far), key=len, reverse=True)
    if not recipes or len(recipes[0]) == 1:
        return None
    every = sum(map(len, recipes))
    single = every - len(recipes)
    most = [members for members in recipes if len(members) == len(recipes[0])]
    text = (
        f"{single} of the {many(every, 'dense model')} up to {now.year} {'reuse' if single > 1 else 'reuses'} an "
        f"existing design at other sizes and settings. "
        f"{_most_copied(most, counted, names)}"
    )
    next_ones = [members for members in recipes[len(most) : len(most) + 2] if len(members) > 1]
    more = "".join(f"; {names(members[0].id)}’s has {len(members)}" for members in next_ones)
    return Statement(
        "Dense recipes", f"{text}{more}.", tuple(m.id for members in most for m in members)
    )


def _most_copied(
    most: Sequence[Sequence[Member]], counted: Trends, names: Callable[[str], str]
) -> str:
    """Which design has the most models, and how many and whose they are."""
    if len(most) > 1:
        who = listed([names(members[0].id) for members in most])
        return f"Those of {who} have the most: {many(len(most[0]), 'model')} each"
    (members,) = most
    makers = len({counted.houses[model.id] for model in members})
    return (
        f"That of {names(members[0].id)} has the most: {many(len(members), 'model')} of {many(makers, 'maker')}, "
        f"{members[0].released:%Y-%m} to {members[-1].released:%Y-%m}, the last of them {names(members[-1].id)}"
    )


def _hybrids(span: Sequence[Year], new: Sequence[Sizes]) -> Statement:
    having = [sizes for sizes in new if sizes.hybrid]
    text = (
        f"{_of(span, 'hybrid', 'put recurrent layers beside attention')}.{_models(span, 'hybrid')}"
    )
    if span[0].mixers:
        mixers = ", ".join(f"{_name(name)} {count}" for name, count in span[0].mixers.items())
        ratios = [sizes.recurrent_layers / sizes.attending_layers for sizes in having]
        text += f" Their recurrent layers are {mixers}; {_range(ratios)} recurrent layers per attention layer."
    return Statement("Hybrids", text, tuple(sizes.model for sizes in having))


def _reach(span: Sequence[Year], new: Sequence[Sizes]) -> Statement:
    having = [sizes for sizes in new if sizes.mixes_reach]
    said = "have layers that see a window or a chunk beside layers that see further"
    text = f"{_of(span, 'local_and_global', said)}.{_models(span, 'local_and_global')}"
    ranges = [
        f"{_range(year.ratios)} ({many(len(year.ratios), 'design')} of {year.year})"
        for year in reversed(span)
        if year.ratios
    ]
    if ranges:
        text += f" Local layers per global layer: {'; '.join(ranges)}."
    return Statement("Local and global attention", text, tuple(sizes.model for sizes in having))


def _positions(span: Sequence[Year], new: Sequence[Sizes]) -> Statement:
    having = [sizes for sizes in new if sizes.layers_without_positions]
    every = sum(sizes.layers_without_positions == sizes.attending_layers for sizes in having)
    said = "attend without positional encoding (NoPE) in some layers or all"
    text = f"{_of(span, 'without_positions', said)}.{_models(span, 'without_positions')}"
    if len(having) > 1:
        beside = sum(sizes.hybrid for sizes in having)
        text += (
            f" In {every} of the {len(having)} no attention layer encodes positions; {beside} of the {len(having)} have "
            "recurrent layers, which encode order by themselves."
        )
    return Statement("Layers without positions", text, tuple(sizes.model for sizes in having))


def _trillion(counted: Trends, now: Year, names: Callable[[str], str]) -> Statement | None:
    """Who crossed the line, since when, and how much of it runs."""
    over = [
        sizes
        for sizes in counted.sizes
        if KINDS["trillion"](sizes) and sizes.released.year <= now.year
    ]
    if not over:
        return None
    shares = sorted(sizes.active / sizes.total for sizes in over)
    least, most = (f"{100 * share:.1f}%" for share in (shares[0], shares[-1]))
    makers = {counted.houses[sizes.model] for sizes in over}
    sparse = sum(bool(sizes.experts) for sizes in over)
    bound = "at most " if any(sizes.active_least < sizes.active for sizes in over) else ""
    having = "All have experts" if sparse == len(over) else f"{sparse} of {len(over)} have experts"
    if len(over) == 1:
        having = "It has experts" if sparse else "It has no experts"
    text = (
        f"{many(len(over), 'model')} of {many(len(makers), 'maker')} "
        f"{'hold' if len(over) > 1 else 'holds'} a trillion parameters or more, "
        f"{now.of_models['trillion']} of {now.year}: "
        f"{listed([f'{names(sizes.model)} ({short(sizes.total)})' for sizes in over])}. The first here "
        f"came on {day(over[0].released)}.{_rounded(over, names)} {having}; a token runs {bound}"
        f"{least if least == most else f'{least} to {most}'} of their parameters."
    )
    return Statement("The trillion-parameter line", text, tuple(sizes.model for sizes in over))


def _rounded(over: Sequence[Sizes], names: Callable[[str], str]) -> str:
    """The models that hold a little less, which reads as a trillion."""
    less = [sizes for sizes in over if sizes.total < 10**12]
    if not less:
        return ""
    verb = "counts" if len(less) == 1 else "count"
    return f" {listed([names(sizes.model) for sizes in less])} {verb}, rounded to 1.00T."


def day(of: date) -> str:
    """ "29 October 2026"."""
    return f"{of.day} {of:%B %Y}"


def _of(span: Sequence[Year], kind: str, said: str) -> str:
    """Of the last year's designs so many, and of the years before."""
    now, *before = span
    having = now.of_designs[kind]
    verb, rest = said.split(" ", 1)
    verb = SINGULAR[verb] if having <= 1 else verb
    came = (
        f"{'the ' if now.designs != 1 else ''}{many(now.designs, 'design')} that came in {now.year}"
    )
    part = f" ({_percent(having, now.designs)})" if having and now.designs > 1 else ""
    text = f"{having or 'None'} of {came} {verb} {rest}{part}"
    return text + "".join(
        f", {year.of_designs[kind]} of {year.designs} in {year.year}" for year in before
    )


def _models(span: Sequence[Year], kind: str) -> str:
    """The same with copies counted; nothing where no model has it."""
    if not any(year.of_models[kind] for year in span):
        return ""
    shares = (f"{year.of_models[kind]} of {year.models} in {year.year}" for year in span)
    return f" Models, copies too: {', '.join(shares)}."


def _range(values: Sequence[float]) -> str:
    """The least and the most, and the median of three or more."""
    low, high = (f"{value:.3g}" for value in (min(values), max(values)))
    if low == high:
        return low
    middle = f", median {median(values):.3g}" if len(values) > 2 else ""
    return f"{low} to {high}{middle}"


def _name(concept: str) -> str:
    return concepts()[concept].name if concept in concepts() else concept


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "none"
