"""Values of the gallery's template: cards, the key row, facets and the plot of sizes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10
from typing import Any

from markupsafe import Markup

from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.page.overview import overview, strip_place
from llm_gallery.mechanisms.colour import FAMILIES, Colour
from llm_gallery.plan.planning import plan
from llm_gallery.site.card_figure import card_figure
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.exhibit import MECHANISMS, Exhibit, facets
from llm_gallery.site.page import Document
from llm_gallery.site.plates import CARD
from llm_gallery.site.short_forms import day

FLOOR, ROOM, PITCHES = 54, 54, (8, 6, 5, 4, 3, 2)
"""Px of the plot of sizes: its floor, the height above it, and how far apart dots may stand."""
CHANNELS = tuple(colour for colour, family in FAMILIES.items() if family.mixes == "channels")
STEPS = 10  # of the size filter, for each factor of ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One model of the gallery."""

    id: str
    name: str
    organization: str
    released: str
    day: str
    summary: str
    total: int
    active: int
    varies: bool  # some tokens read less
    lookup: int  # 0 where that is little of the total
    context: int | None
    cache: int
    long: int
    state: int
    figure: Markup


@dataclass(frozen=True, slots=True)
class Sizes:
    """The size filter: its ends as steps of a decimal logarithm, and where the models stand."""

    low: int
    high: int
    plot: Markup


def pages(site: Site) -> Iterator[Document]:
    """The gallery."""
    yield Document(
        "index.html",
        "gallery.html",
        lambda: _values(site),
        card=replace(site.card, kind="CollectionPage"),
    )


def _values(site: Site) -> dict[str, Any]:
    exhibits = site.exhibits
    return {
        "exhibits": exhibits,
        "organizations": len({exhibit.entry.organization for exhibit in exhibits}),
        "layers": sum(exhibit.layers for exhibit in exhibits),
        "cards": [_card(shown.exhibit, _figure(shown)) for shown in site.models],
        "key": _key(exhibits),
        "facets": [facet for facet in facets(exhibits) if facet.options],
        "sizes": _sizes([exhibit.parameters.total for exhibit in exhibits]),
    }


def _figure(shown: Shown) -> Markup:
    """A model seen from afar: all its layers laid down, and what each bar is."""
    place = strip_place(shown.exhibit.layers, CARD)
    architecture = shown.model.architecture
    drawn = Drawing(overview(architecture, plan(architecture.root), CARD))
    return Markup(card_figure(drawn, place, shown.card_looks))


def _card(exhibit: Exhibit, figure: Markup) -> Card:
    entry, counts = exhibit.entry, exhibit.parameters
    return Card(
        id=entry.id,
        name=entry.name,
        organization=entry.organization,
        released=entry.released.isoformat(),
        day=day(entry.released),
        summary=entry.summary,
        total=counts.total,
        active=counts.active,
        varies=counts.varies,
        lookup=0 if counts.beside_lookup is None else counts.lookup,
        context=exhibit.context,
        cache=exhibit.cache.bytes_per_token,
        long=exhibit.cache.bytes_per_token_long,
        state=exhibit.cache.state_bytes,
        figure=figure,
    )


def _key(exhibits: Sequence[Exhibit]) -> list[tuple[str, list[tuple[Colour, str, int]]]]:
    """The mechanisms that occur, with their counts: those that mix tokens, those that mix channels."""
    counts = {m: sum(m in exhibit.mechanisms for exhibit in exhibits) for m in MECHANISMS}
    rows = [(m, MECHANISMS[m], counts[m]) for m in MECHANISMS if counts[m]]
    return [
        ("Token mixer", [row for row in rows if row[0] not in CHANNELS]),
        ("Channel mixer", [row for row in rows if row[0] in CHANNELS]),
    ]


def _sizes(totals: Sequence[int]) -> Sizes:
    steps = [STEPS * log10(total) for total in totals] or [0.0]
    low, high = floor(min(steps)), max(ceil(max(steps)), floor(min(steps)) + 1)
    return Sizes(low, high, _plot(steps, low, high))


def _plot(steps: Sequence[float], low: int, high: int) -> Markup:
    """A dot a model, stacked where they coincide; ticks at powers of ten."""

    def x(step: float) -> float:
        return round(9 + 190 * (step - low) / (high - low), 1)

    for pitch in PITCHES:  # the largest whose columns have room
        columns = Counter(round(x(step) / pitch) for step in steps)
        if max(columns.values()) * pitch <= ROOM:
            break
    dots = [
        Markup('<path class="dots" d="{}"/>').format(
            "".join(
                f"M{column * pitch} {number(FLOOR - pitch * (row + 0.5))}h0"
                for column, height in sorted(columns.items())
                for row in range(height)
            )
        )
    ]
    ticks = [
        Markup('<text class="tick" x="{}" y="84" text-anchor="middle">{}</text>').format(
            x(power * STEPS), word
        )
        for power, word in ((9, "1B"), (10, "10B"), (11, "100B"), (12, "1T"))
        if low <= power * STEPS <= high
    ]
    return Markup(
        '<svg class="plot dots-{}" viewBox="0 0 208 90" aria-hidden="true">'
        '<path class="hair" d="M0 62H208"/>{}</svg>'
    ).format(pitch, Markup("").join([*dots, *ticks]))
