"""The page of sizes: every number of all models over their release date, and a model found in all of them.

A page of its own, because each chart has a point a model: together they weigh more than all else that trends tell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Bounds
from llm_gallery.figure.sheets.trend_charts import Panel, scatter
from llm_gallery.site.contents import Site
from llm_gallery.site.page import CONCEPTS, Document
from llm_gallery.site.plates import in_page
from llm_gallery.site.short_forms import many
from llm_gallery.site.trend_data import NAMES, SIZES, makers
from llm_gallery.trends.charts import panels

WIDTH, HEIGHT = 420.0, 210.0
FRAME = Bounds(54, 12, 412, 182)


@dataclass(frozen=True, slots=True)
class Chart:
    """A number over time."""

    name: str
    title: str
    note: str
    drawing: Markup


def pages(site: Site) -> Iterator[Document]:
    """The page."""
    yield Document(
        "trends/sizes/index.html", "sizes.html", partial(_values, site), CONCEPTS, card=site.card
    )


def charts(site: Site, root: str, only: Collection[str] = ()) -> list[Chart]:
    """One for each number that a model has, or for those of these names; links start at `root`.

    Models that have no such number are left out.
    """
    members = [shown.member for shown in site.models]
    return [_chart(site, panel, root) for panel in panels(site.trends, members, only)]


def linked(drawing: Markup) -> Markup:
    """Without the ids of its points, whose links say the same; those say, too, what the points said.

    So much less stands between one chart and the next, that compression reaches back to the model's last point.
    """
    bare = re.sub(r' data-model="[^"]*"', "", drawing)
    return Markup(
        re.sub(r"(<circle[^>]*)>(<title>[^<]*</title>)</circle></a>", r"\2\1/></a>", bare)
    )


def _values(site: Site) -> dict[str, Any]:
    return {
        "models": len(site.models),
        "charts": charts(site, "../../"),
        "makers": makers(site),
        "classes": SIZES,
    }


def _chart(site: Site, panel: Panel, root: str) -> Chart:
    sheet = Sheet()
    scatter(sheet, panel, FRAME, link=root + "models/{}/index.html")
    summary = f"{panel.title} of {many(len(panel.dots), 'model')} over their release date"
    drawn = Drawing(sheet.picture(WIDTH, HEIGHT), summary, role="group")
    return Chart(
        NAMES[panel.title], panel.title, panel.note, linked(in_page(drawn, None, site.sheet_looks))
    )
