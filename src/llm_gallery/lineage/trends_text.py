"""Trends as text for a terminal: plain columns, nothing wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from llm_gallery.analysis.layers import brief
from llm_gallery.analysis.units import binary, short
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.sizes import FOLLOWED, Sizes
from llm_gallery.lineage.trends import CommonPair, Trends
from llm_gallery.lineage.trends_years import KINDS

SHOWN = 10
"""Quarters whose adoption is shown: two years and a half."""
PAIRS = 20
"""Pairs of concepts that are shown, the closest first."""
PATTERN = 60
"""Characters of a schedule; a longer one is counted by kind of layer."""


def trends_text(counted: Trends) -> str:
    """Everything that is counted, section by section."""
    sections = (
        (
            f"{len(counted.concepts)} concepts, each with the first model in this catalog that has it",
            _appearances(counted),
        ),
        (
            "Adoption: designs that came in the quarter and have it, in percent",
            _adoption(counted, "designs"),
        ),
        ("Adoption: models of the quarter that have it, copies too", _adoption(counted, "models")),
        ("Concepts that travel together: models with both, of those with either", _pairs(counted)),
        ("Medians by quarter", _medians(counted)),
        (
            "New to this catalog in the last two quarters",
            iter([", ".join(counted.recent) or "none"]),
        ),
        ("Only one model of this catalog has", _single(counted)),
        ("Kinds of design by year, of all that came in it; models in brackets", _kinds(counted)),
        ("Local beside global attention: layers of each", _local(counted)),
        ("Recurrent layers beside attention", _hybrids(counted)),
        ("Attention without positions in some layers or all", _unrotated(counted)),
    )
    blocks = ("\n".join([title, *lines]) for title, lines in sections)
    return "\n\n".join(blocks) + "\n"


def concept_text(
    members: Sequence[Member], counted: Trends, concept: str, courses: str = ""
) -> str:
    """How many have a concept, what became of it by organization, and the models, oldest first, with layers in brief."""
    appearance = counted.appearance(concept)
    names = {member.id: member for member in members}
    having = [names[model] for model in appearance.models]
    rows = [
        [
            one.released.isoformat(),
            one.id,
            one.organization,
            brief(one.architecture.root, PATTERN),
        ]
        for one in having
    ]
    head = (
        f"{concept}: {len(having)} of {len(counted.sizes)} models, {appearance.designs} of "
        f"{len(counted.designs)} designs"
    )
    told = [head, "", courses, "Models that have it"] if courses else [head]
    return "\n".join([*told, *columns(rows)]) + "\n"


def _appearances(counted: Trends) -> Iterator[str]:
    return columns(
        [
            one.released.isoformat(),
            one.concept,
            one.first,
            _many(len(one.models), "model"),
            _many(one.designs, "design"),
        ]
        for one in counted.concepts
    )


def _adoption(counted: Trends, of: str) -> Iterator[str]:
    shown = counted.quarters[-SHOWN:]
    by_design = of == "designs"
    totals = [q.designs if by_design else q.models for q in shown]
    rows = [["", *(one.quarter for one in shown)], [of, *(f"{total:>7}" for total in totals)]]
    for one in sorted(counted.concepts, key=lambda one: (-len(one.models), one.concept)):
        counts = [
            ((q.design_counts if by_design else q.counts).get(one.concept, 0), total)
            for q, total in zip(shown, totals, strict=True)
        ]
        if any(having for having, _ in counts):
            cells = [
                f"{100 * having / of:>6.0f}%" if having else "      ·" for having, of in counts
            ]
            rows.append([one.concept, *cells])
    return columns(rows)


def _pairs(counted: Trends) -> Iterator[str]:
    return columns(_pair(one) for one in counted.together[:PAIRS])


def _pair(one: CommonPair) -> list[str]:
    return [f"{one.first} + {one.second}", f"{one.both} of {one.either}"]


def _medians(counted: Trends) -> Iterator[str]:
    by_quarter: dict[str, dict[str, float]] = {}
    for one in counted.medians:
        by_quarter.setdefault(one.quarter, {})[one.name] = one.median
    rows = [["", *(name.replace("_", " ") for name in FOLLOWED)]]
    rows += [[quarter, *_cells(numbers)] for quarter, numbers in by_quarter.items()]
    return columns(rows)


def _cells(numbers: Mapping[str, float]) -> Iterator[str]:
    for name in FOLLOWED:
        value = numbers.get(name)
        if value is None:
            yield "·"
        elif name in ("total", "active"):
            yield short(round(value))
        elif name == "active_share":
            yield f"{100 * value:.1f}%"
        else:
            yield (
                binary(round(value))
                if "bytes" in name
                else f"{value:,.4g}"
                if value < 1000
                else f"{value:,.0f}"
            )


def _single(counted: Trends) -> Iterator[str]:
    firsts = {one.concept: one.first for one in counted.concepts}
    return columns([concept, firsts[concept]] for concept in counted.single)


def _kinds(counted: Trends) -> Iterator[str]:
    """Dense against sparse, what hybrids mix by, how many local layers to a global one."""
    rows = [
        [
            "",
            "designs",
            *(name.replace("_", " ") for name in KINDS),
            "mixers of hybrids",
            "local to global",
        ]
    ]
    for one in counted.years:
        cells = (f"{one.of_designs[name]} ({one.of_models[name]})" for name in KINDS)
        mixers = ", ".join(f"{name} {count}" for name, count in one.mixers.items()) or "·"
        ratios = f"{one.ratios[0]:.3g} to {one.ratios[-1]:.3g}" if one.ratios else "·"
        rows.append([str(one.year), f"{one.designs} ({one.models})", *cells, mixers, ratios])
    return columns(rows)


def _local(counted: Trends) -> Iterator[str]:
    return columns(
        [*_named(one), f"{one.local_layers} local", f"{one.global_layers} global", _ratio(one)]
        for one in counted.sizes
        if one.mixes_reach
    )


def _ratio(one: Sizes) -> str:
    """How many local layers to a global one, and how far they see."""
    window = "" if one.window is None else f", {one.window:,} tokens"
    return f"{one.local_layers / one.global_layers:.3g} to 1{window}"


def _hybrids(counted: Trends) -> Iterator[str]:
    return columns(
        [
            *_named(one),
            f"{one.recurrent_layers} recurrent",
            f"{one.attending_layers} of attention",
            f"{one.recurrent} + {one.attention}".replace(" ", ", ").replace(", +, ", " + "),
        ]
        for one in counted.sizes
        if one.hybrid
    )


def _unrotated(counted: Trends) -> Iterator[str]:
    return columns(
        [*_named(one), f"{one.layers_without_positions} of {one.attending_layers} layers"]
        for one in counted.sizes
        if one.layers_without_positions
    )


def _named(one: Sizes) -> list[str]:
    return [one.released.isoformat(), one.model]


def columns(rows: Iterable[list[str]]) -> Iterator[str]:
    """Rows with their cells below each other."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell.ljust(wide) for cell, wide in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
