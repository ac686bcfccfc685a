"""Trends as text for a terminal: plain columns, nothing wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from llm_gallery.analysis.layers import brief
from llm_gallery.analysis.units import binary, short
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.sizes import FOLLOWED, Sizes
from llm_gallery.trends.changes_by_year import KINDS
from llm_gallery.trends.trends import CommonPair, Trends

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
            member.released.isoformat(),
            member.id,
            member.organization,
            brief(member.architecture.root, PATTERN),
        ]
        for member in having
    ]
    head = (
        f"{concept}: {len(having)} of {len(counted.sizes)} models, {appearance.designs} of "
        f"{len(counted.designs)} designs"
    )
    lines = [head, "", courses, "Models that have it"] if courses else [head]
    return "\n".join([*lines, *columns(rows)]) + "\n"


def _appearances(counted: Trends) -> Iterator[str]:
    return columns(
        [
            appearance.released.isoformat(),
            appearance.concept,
            appearance.first,
            _many(len(appearance.models), "model"),
            _many(appearance.designs, "design"),
        ]
        for appearance in counted.concepts
    )


def _adoption(counted: Trends, of: str) -> Iterator[str]:
    shown = counted.quarters[-SHOWN:]
    by_design = of == "designs"
    totals = [q.designs if by_design else q.models for q in shown]
    rows = [
        ["", *(quarter.quarter for quarter in shown)],
        [of, *(f"{total:>7}" for total in totals)],
    ]
    for appearance in sorted(
        counted.concepts, key=lambda appearance: (-len(appearance.models), appearance.concept)
    ):
        counts = [
            ((q.design_counts if by_design else q.counts).get(appearance.concept, 0), total)
            for q, total in zip(shown, totals, strict=True)
        ]
        if any(having for having, _ in counts):
            cells = [
                f"{100 * having / of:>6.0f}%" if having else "      ·" for having, of in counts
            ]
            rows.append([appearance.concept, *cells])
    return columns(rows)


def _pairs(counted: Trends) -> Iterator[str]:
    return columns(_pair(pair) for pair in counted.together[:PAIRS])


def _pair(pair: CommonPair) -> list[str]:
    return [f"{pair.first} + {pair.second}", f"{pair.both} of {pair.either}"]


def _medians(counted: Trends) -> Iterator[str]:
    by_quarter: dict[str, dict[str, float]] = {}
    for median in counted.medians:
        by_quarter.setdefault(median.quarter, {})[median.name] = median.median
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
    firsts = {appearance.concept: appearance.first for appearance in counted.concepts}
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
    for year in counted.years:
        cells = (f"{year.of_designs[name]} ({year.of_models[name]})" for name in KINDS)
        mixers = ", ".join(f"{name} {count}" for name, count in year.mixers.items()) or "·"
        ratios = f"{year.ratios[0]:.3g} to {year.ratios[-1]:.3g}" if year.ratios else "·"
        rows.append([str(year.year), f"{year.designs} ({year.models})", *cells, mixers, ratios])
    return columns(rows)


def _local(counted: Trends) -> Iterator[str]:
    return columns(
        [
            *_named(sizes),
            f"{sizes.local_layers} local",
            f"{sizes.global_layers} global",
            _ratio(sizes),
        ]
        for sizes in counted.sizes
        if sizes.mixes_reach
    )


def _ratio(sizes: Sizes) -> str:
    """How many local layers to a global one, and how far they see."""
    window = "" if sizes.window is None else f", {sizes.window:,} tokens"
    return f"{sizes.local_layers / sizes.global_layers:.3g} to 1{window}"


def _hybrids(counted: Trends) -> Iterator[str]:
    return columns(
        [
            *_named(sizes),
            f"{sizes.recurrent_layers} recurrent",
            f"{sizes.attending_layers} of attention",
            f"{sizes.recurrent} + {sizes.attention}".replace(" ", ", ").replace(", +, ", " + "),
        ]
        for sizes in counted.sizes
        if sizes.hybrid
    )


def _unrotated(counted: Trends) -> Iterator[str]:
    return columns(
        [*_named(sizes), f"{sizes.layers_without_positions} of {sizes.attending_layers} layers"]
        for sizes in counted.sizes
        if sizes.layers_without_positions
    )


def _named(sizes: Sizes) -> list[str]:
    return [sizes.released.isoformat(), sizes.model]


def columns(rows: Iterable[list[str]]) -> Iterator[str]:
    """Rows with their cells below each other."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell.ljust(wide) for cell, wide in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
