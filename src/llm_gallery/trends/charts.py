"""The charts of trends: which numbers are followed, in what words; and all of them on one sheet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from llm_gallery.analysis.units import binary, bounded, grouped, short
from llm_gallery.concepts import Concept, concepts
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.sheets.trend_charts import QUARTERS, Bars, Dot, Panel, charts
from llm_gallery.lineage import Member
from llm_gallery.lineage.sizes import FOLLOWED, Sizes
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.trends.trends import Quarter, Trends

MOVED, YEAR = 12, 4
"""Concepts whose adoption is drawn: those that moved most in four quarters."""
ENOUGH = 4
"""Models of a quarter from which its median is drawn."""


@dataclass(frozen=True, slots=True)
class Change:
    """A concept in the last quarter and a year before: how many designs have it, of how many, and models."""

    concept: Concept
    now: tuple[int, int]
    then: tuple[int, int]
    models: tuple[int, int]  # of now, copies too

    @property
    def moved(self) -> float:
        """Between -1 and 1."""
        return _part(self.now) - _part(self.then)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A number over time: `words` of one model, `lines` of the numbers at the lines."""

    name: str  # in FOLLOWED
    title: str
    note: str
    words: Callable[[Sizes], str]
    lines: Callable[[float], str]
    doubling: bool = True  # heights by doublings, else evenly from zero
    tens: bool = False  # lines at powers of ten

    def number(self, sizes: Sizes) -> float | None:
        """The number of one model; None where it has no such thing."""
        return FOLLOWED[self.name](sizes)


def drawn(counted: Trends, members: Sequence[Member]) -> Drawing:
    """Every number over time, then the adoption of what moved most."""
    last = max(sizes.released for sizes in counted.sizes)
    return charts(
        panels(counted, members),
        bars(counted),
        title="Trends",
        sentence=f"{len(counted.sizes)} models up to {last.isoformat()}; the line is the median of each "
        "quarter. Below: how many of the designs that came in a quarter have a concept.",
    )


def panels(counted: Trends, members: Sequence[Member], only: Collection[str] = ()) -> list[Panel]:
    """One for each number that any model has, or for each of those that are asked for."""
    names = {member.id: member.name for member in members}
    panels = (_panel(chart, counted, names) for chart in CHARTS if not only or chart.name in only)
    return [panel for panel in panels if panel.dots]


def _panel(chart: Chart, counted: Trends, names: dict[str, str]) -> Panel:
    dots = [
        Dot(
            sizes.model,
            names[sizes.model],
            sizes.released,
            value,
            chart.words(sizes),
            _colour(sizes),
        )
        for sizes in counted.sizes
        if (value := chart.number(sizes))
    ]
    medians = [
        (_middle(median.quarter), median.median)
        for median in counted.medians
        if median.name == chart.name and median.models >= ENOUGH and median.median
    ]
    return Panel(chart.title, chart.note, dots, medians, chart.lines, chart.doubling, chart.tens)


def _middle(quarter: str) -> date:
    return date(int(quarter[:4]), 3 * int(quarter[-1]) - 1, 15)


def _colour(sizes: Sizes) -> Colour:
    """By what sets a model apart most: layers with a state, experts, neither."""
    if sizes.recurrent_layers:
        return "linear"
    return "moe" if sizes.experts else "mlp"


def _part(share: tuple[int, int]) -> float:
    return share[0] / share[1] if share[1] else 0.0


def year_before(quarters: Sequence[Quarter]) -> Quarter:
    """The quarter with which the last one is compared; the first where there is no year."""
    return quarters[max(0, len(quarters) - 1 - YEAR)]


def changes(quarters: Sequence[Quarter]) -> list[Change]:
    """The concepts whose share of a quarter moved most in a year, the most risen first."""
    now, then = quarters[-1], year_before(quarters)
    changes = (
        Change(
            concept,
            (now.design_counts.get(name, 0), now.designs),
            (then.design_counts.get(name, 0), then.designs),
            (now.counts.get(name, 0), now.models),
        )
        for name, concept in concepts().items()
    )
    moved = [change for change in changes if change.moved]
    most = sorted(moved, key=lambda change: (-abs(change.moved), change.concept.id))[:MOVED]
    return sorted(most, key=lambda change: (-change.moved, change.concept.id))


def bars(counted: Trends) -> list[Bars]:
    """Their shares over the last quarters."""
    quarters = counted.quarters[-QUARTERS:]
    return [
        Bars(
            concept.name,
            [
                (quarter.quarter, quarter.design_counts.get(concept.id, 0), quarter.designs)
                for quarter in quarters
            ],
            "full",
            [
                f"{quarter.counts.get(concept.id, 0)} of {quarter.models} models"
                for quarter in quarters
            ],
        )
        for concept in (change.concept for change in changes(quarters))
    ]


def _whole(number: float) -> str:
    """1B, 300M, 64: a round number without decimals."""
    if number < 1000:
        return f"{number:g}"
    return short(round(number)).replace(".00", "")


def _tokens(number: float) -> str:
    """Powers of two as people say them: 128K, 1M."""
    if number >= 2**20:
        return f"{number / 2**20:g}M"
    return f"{number / 2**10:g}K" if number >= 2**10 else f"{number:g}"


def _ratio(sizes: Sizes) -> str:
    return f"{sizes.heads} heads, {sizes.kv_heads} of keys and values"


CHARTS = (
    Chart(
        name="total",
        title="Parameters",
        note="stored",
        words=lambda sizes: short(sizes.total),
        lines=_whole,
        tens=True,
    ),
    Chart(
        name="active",
        title="Active parameters",
        note="for one token",
        words=lambda sizes: bounded(sizes.active, sizes.active_least < sizes.active),
        lines=_whole,
        tens=True,
    ),
    Chart(
        name="active_share",
        title="Share that runs",
        note="active of stored, models with experts",
        words=lambda sizes: f"{100 * sizes.active / sizes.total:.1f}%",
        lines=lambda part: f"{100 * part:.0f}%",
        doubling=False,
    ),
    Chart(
        name="experts",
        title="Experts",
        note="routed, in one layer",
        words=lambda sizes: f"{sizes.experts_used} of {sizes.experts}",
        lines=_whole,
    ),
    Chart(
        name="experts_used",
        title="Experts for one token",
        note="routed, in one layer",
        words=lambda sizes: f"{sizes.experts_used} of {sizes.experts}",
        lines=_whole,
    ),
    Chart(
        name="layers",
        title="Layers",
        note="in the stack",
        words=lambda sizes: f"{sizes.layers} layers",
        lines=_whole,
        doubling=False,
    ),
    Chart(
        name="width",
        title="Width",
        note="of the residual stream",
        words=lambda sizes: f"{sizes.width:,} wide",
        lines=lambda number: grouped(round(number)),
    ),
    Chart(
        name="width_per_layer",
        title="Width for each layer",
        note="width divided by depth",
        words=lambda sizes: f"{sizes.width / sizes.layers:.0f} for each layer",
        lines=_whole,
        doubling=False,
    ),
    Chart(
        name="local_per_global",
        title="Local layers for each global one",
        note="models that mix both",
        words=lambda sizes: f"{sizes.local_layers} local, {sizes.global_layers} global",
        lines=_whole,
        doubling=False,
    ),
    Chart(
        name="recurrent_per_attending",
        title="Recurrent layers for each of attention",
        note="models that mix both",
        words=lambda sizes: (
            f"{sizes.recurrent_layers} recurrent, {sizes.attending_layers} of attention"
        ),
        lines=_whole,
        doubling=False,
    ),
    Chart(
        name="heads_per_kv_head",
        title="Heads that share keys and values",
        note="query heads to one head of keys and values",
        words=_ratio,
        lines=_whole,
    ),
    Chart(
        name="vocabulary",
        title="Vocabulary",
        note="tokens",
        words=lambda sizes: f"{sizes.vocabulary:,} tokens",
        lines=_tokens,
    ),
    Chart(
        name="context",
        title="Context",
        note="tokens, as published or configured, with global attention",
        words=lambda sizes: f"{sizes.context:,} tokens",
        lines=_tokens,
    ),
    Chart(
        name="cache_bytes_per_token_long",
        title="Cache per token",
        note="bf16, once every window is full",
        words=lambda sizes: binary(sizes.cache_bytes_per_token_long),
        lines=lambda number: binary(round(number)),
    ),
)
"""In the order of the page."""
