"""Trends as text for a terminal: plain columns, nothing wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from llm_gallery.analysis.units import binary, short
from llm_gallery.lineage.member import Member
from llm_gallery.lineage.sizes import FOLLOWED, Sizes
from llm_gallery.lineage.trends import Together, Trends

SHOWN = 10
"""Quarters whose adoption is shown: two years and a half."""
PAIRS = 20
"""Pairs of concepts that are shown, the closest first."""


def trends_text(found: Trends) -> str:
    """Everything that is counted, section by section."""
    sections = (
        (
            f"{len(found.concepts)} concepts, each with the first model in this catalog that has it",
            _appearances(found),
        ),
        ("Adoption: models of the quarter that have it, in percent", _adoption(found)),
        ("Concepts that travel together: models with both, of those with either", _pairs(found)),
        ("Medians by quarter", _medians(found)),
        ("New to this catalog in the last two quarters", iter([", ".join(found.recent) or "none"])),
        ("Only one model of this catalog has", _single(found)),
        ("Local beside global attention: layers of each", _local(found)),
        ("Recurrent layers beside attention", _hybrids(found)),
        ("Attention without positions in some layers or all", _unrotated(found)),
    )
    blocks = ("\n".join([title, *lines]) for title, lines in sections)
    return "\n\n".join(blocks) + "\n"


def concept_text(members: Sequence[Member], found: Trends, concept: str) -> str:
    """The models that have a concept, oldest first, each with its layers."""
    appearance = found.appearance(concept)
    names = {member.id: member for member in members}
    patterns = {one.model: one.pattern for one in found.sizes}
    having = [names[model] for model in appearance.models]
    rows = [
        [one.released.isoformat(), one.id, one.organization, patterns[one.id]] for one in having
    ]
    head = f"{concept}: {len(having)} of {len(found.sizes)} models"
    return "\n".join([head, *_columns(rows)]) + "\n"


def _appearances(found: Trends) -> Iterator[str]:
    return _columns(
        [one.released.isoformat(), one.concept, one.first, _models(len(one.models))]
        for one in found.concepts
    )


def _adoption(found: Trends) -> Iterator[str]:
    shown = found.quarters[-SHOWN:]
    rows = [["", *(one.quarter for one in shown)], ["models", *(f"{q.models:>7}" for q in shown)]]
    for one in sorted(found.concepts, key=lambda one: (-len(one.models), one.concept)):
        counts = [(q.counts.get(one.concept, 0), q.models) for q in shown]
        if any(having for having, _ in counts):
            cells = [
                f"{100 * having / of:>6.0f}%" if having else "      ·" for having, of in counts
            ]
            rows.append([one.concept, *cells])
    return _columns(rows)


def _pairs(found: Trends) -> Iterator[str]:
    return _columns(_pair(one) for one in found.together[:PAIRS])


def _pair(one: Together) -> list[str]:
    return [f"{one.first} + {one.second}", f"{one.both} of {one.either}"]


def _medians(found: Trends) -> Iterator[str]:
    held: dict[str, dict[str, float]] = {}
    for one in found.medians:
        held.setdefault(one.quarter, {})[one.name] = one.median
    rows = [["", *(name.replace("_", " ") for name in FOLLOWED)]]
    rows += [[quarter, *_cells(numbers)] for quarter, numbers in held.items()]
    return _columns(rows)


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


def _single(found: Trends) -> Iterator[str]:
    firsts = {one.concept: one.first for one in found.concepts}
    return _columns([concept, firsts[concept]] for concept in found.single)


def _local(found: Trends) -> Iterator[str]:
    return _columns(
        [*_named(one), f"{one.local_layers} local", f"{one.global_layers} global", _ratio(one)]
        for one in found.sizes
        if one.local_layers and one.global_layers
    )


def _ratio(one: Sizes) -> str:
    """How many local layers to a global one, and how far they see."""
    window = "" if one.window is None else f", {one.window:,} tokens"
    return f"{one.local_layers / one.global_layers:.3g} to 1{window}"


def _hybrids(found: Trends) -> Iterator[str]:
    return _columns(
        [*_named(one), f"{one.recurrent_layers} recurrent", f"{_attending(one)} of attention"]
        for one in found.sizes
        if one.recurrent_layers and _attending(one)
    )


def _unrotated(found: Trends) -> Iterator[str]:
    return _columns(
        [*_named(one), f"{one.layers_without_positions} of {_attending(one)} layers"]
        for one in found.sizes
        if one.layers_without_positions
    )


def _attending(one: Sizes) -> int:
    return one.global_layers + one.local_layers


def _named(one: Sizes) -> list[str]:
    return [one.released.isoformat(), one.model]


def _columns(rows: Iterable[list[str]]) -> Iterator[str]:
    held = list(rows)
    widths = [max(map(len, column)) for column in zip(*held, strict=True)]
    for row in held:
        cells = (cell.ljust(wide) for cell, wide in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def _models(count: int) -> str:
    return f"{count} model{'' if count == 1 else 's'}"
