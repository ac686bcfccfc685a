"""The page of the timeline: towers of all models to one scale over the time of their release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from markupsafe import Markup

from llm_gallery.figure.kit.axes import Tick
from llm_gallery.figure.sheets.scale import plot, scale
from llm_gallery.plan.heading import Models
from llm_gallery.site.contents import Site
from llm_gallery.site.exhibit import MECHANISMS
from llm_gallery.site.page import Document, Page
from llm_gallery.site.plates import in_page
from llm_gallery.site.short_forms import many


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, and the figure to take away."""
    yield Document(
        "timeline/index.html",
        "timeline.html",
        partial(_values, site),
        work="timeline",
        card=site.card,
    )
    yield Page("timeline/timeline.svg", lambda: _sheet(site), work="timeline")


def _models(site: Site) -> Models:
    return [(shown.model.architecture, shown.model.heading) for shown in site.models]


def _sheet(site: Site) -> bytes:
    summary = f"{_said(site)} as towers at their day and their parameters"
    drawn = replace(scale(_models(site)), title="All models to one scale", description=summary)
    return drawn.alone().encode()


def _said(site: Site) -> str:
    return many(len(site.models), "model")


def _values(site: Site) -> dict[str, Any]:
    shown = plot(_models(site))
    summary = f"{_said(site)} as towers at their day and their parameters"
    drawing = replace(shown.drawing, title="All models to one scale", description=summary)
    return {
        "drawing": in_page(drawing, None, site.sheet_looks),
        "days": _axis("dates", [_across(tick) for tick in shown.days]),
        "sizes": _axis("counts", [_up(tick) for tick in shown.sizes]),
        "finding": shown.finding,
        "colours": [(name, words) for name, words in MECHANISMS.items() if name in shown.colours],
        "entries": [exhibit.entry for exhibit in site.exhibits],
        "exhibits": site.exhibits,
    }


def _axis(name: str, words: Sequence[Markup]) -> Markup:
    """Words that stay in view and keep their size, at parts of the drawing's side."""
    return Markup('<svg class="axis {}" aria-hidden="true">{}</svg>').format(
        name, Markup("").join(words)
    )


def _across(tick: Tick) -> Markup:
    kind = "year" if tick.main else "quarter"
    return Markup('<text class="{}" x="{:.2%}" y="17">{}</text>').format(kind, tick.at, tick.words)


def _up(tick: Tick) -> Markup:
    return Markup('<text x="6" y="{:.2%}" dy="-5">{}</text>').format(tick.at, tick.words)
