"""Values of the gallery's template: milestones, the bar, towers with what is new in each, facets and the plot of sizes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10
from typing import Any, NamedTuple

from markupsafe import Markup

from llm_gallery.comparison import once
from llm_gallery.figure.kit.svg import number
from llm_gallery.lineage import Step
from llm_gallery.mechanisms.colour import FAMILIES, Colour
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.course_view import complete_courses
from llm_gallery.site.exhibit import MECHANISMS, Exhibit, facets
from llm_gallery.site.milestones import milestones
from llm_gallery.site.page import TREE, Document
from llm_gallery.site.short_forms import day, slug

FLOOR, ROOM, PITCHES = 54, 54, (8, 6, 5, 4, 3, 2)
"""Px of the plot of sizes: its floor, the height above it, and how far apart dots may stand."""
STEPS = 10  # of the size filter, for each factor of ten
INLINE = 10
"""Towers that the page itself holds: those of the first screen at 1,440 × 900."""
CHANGES, LETTERS = 2, 96
"""What a card says at most of what changed, and in how many letters where it is more than one change."""
UNREAD = re.compile(r' (?:id|inkscape:label|data-path)="[^"]*"|<title>[^<]*</title>')
"""What a tower has for tools and tooltips: on a card a link lies over it."""
SHORT: Mapping[Colour, str] = {
    "full": "Full",
    "window": "Window",
    "latent": "Latent",
    "linear": "State",
    "convolution": "Convolution",
    "mlp": "MLP",
    "moe": "Experts",
}
"""Mechanisms in the bar, whose tooltips have their whole names."""
KINDS = {
    "Dense": "Dense",
    "Mixture of experts": "Mixture of experts",
    "Hybrid": "Hybrid",
    "Recurrent": "No attention",
}
"""What the bar calls the kinds of models, in its order."""


class Parent(NamedTuple):
    """The nearest measured ancestor, and what is new since, in words."""

    id: str
    name: str
    new: str  # empty where nothing is


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
    layers: int
    mechanisms: tuple[Colour, ...]
    parent: Parent | None  # none where a line begins
    followers: int  # later models whose nearest ancestor it is
    figure: Markup  # empty where the page asks for it when it comes near


class Answer(NamedTuple):
    """A button of the bar that narrows the gallery."""

    value: str
    name: str
    models: int
    about: str = ""


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
        TREE,
        card=replace(site.card, kind="CollectionPage"),
    )


def _values(site: Site) -> dict[str, Any]:
    exhibits = site.exhibits
    return {
        "exhibits": exhibits,
        "milestones": tuple(milestones(site)),
        "course": next(iter(complete_courses(site)), None),
        "cards": _cards(site),
        "kinds": _kinds(exhibits),
        "key": _key(exhibits),
        "facets": [f for f in facets(exhibits) if f.options and f.name != "kind"],
        "sizes": _sizes([exhibit.parameters.total for exhibit in exhibits]),
    }


def _cards(site: Site) -> list[Card]:
    """The most followed first, of those that are followed alike the newest."""
    followers = {model: len(steps) for model, steps in site.lineage.children.items()}
    ordered = sorted(site.models, key=lambda shown: -followers[shown.id])
    return [
        _card(
            shown.exhibit,
            _parent(site.lineage.parent(shown.id)),
            followers[shown.id],
            _tower(shown) if place < INLINE else Markup(),
        )
        for place, shown in enumerate(ordered)
    ]


def _parent(step: Step | None) -> Parent | None:
    if step is None:
        return None
    found = step.difference
    words = once(found.causes or found.scale or found.settings)
    told = CHANGES if len(", ".join(words[:CHANGES])) <= LETTERS else 1
    more = len(words) - told
    new = ", ".join(words[:told]) + (f" and {more} more" if more > 0 else "")
    return Parent(step.parent.id, step.parent.name, new)


def _tower(shown: Shown) -> Markup:
    """Its card as it stands in the page, in groups: the small view leaves most words out."""
    drawn = shown.plate("card")
    shown.card_looks.update(drawn.looks(shown.card_looks))
    return Markup(UNREAD.sub("", drawn.inline(named=False, grouped=True)))


def _card(exhibit: Exhibit, parent: Parent | None, followers: int, figure: Markup) -> Card:
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
        layers=exhibit.layers,
        mechanisms=exhibit.mechanisms,
        parent=parent,
        followers=followers,
        figure=figure,
    )


def _kinds(exhibits: Sequence[Exhibit]) -> list[Answer]:
    """The kinds of models that occur, all of them first."""
    counts = Counter(kind for exhibit in exhibits for kind in exhibit.facets["kind"])
    found = [Answer(slug(kind), name, counts[kind]) for kind, name in KINDS.items() if counts[kind]]
    return [Answer("", "All", len(exhibits)), *found]


def _key(exhibits: Sequence[Exhibit]) -> list[Answer]:
    """The mechanisms that occur: those that mix tokens, then those that mix channels."""
    counts = Counter(mechanism for exhibit in exhibits for mechanism in exhibit.mechanisms)
    return [
        Answer(mechanism, SHORT[mechanism], counts[mechanism], f"{name}: {FAMILIES[mechanism][1]}")
        for mechanism, name in MECHANISMS.items()
        if counts[mechanism]
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
