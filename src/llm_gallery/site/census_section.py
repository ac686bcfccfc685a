"""The section of the page of trends on a census, where the site is built with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Bounds
from llm_gallery.site.contents import Site
from llm_gallery.site.plates import in_page

if TYPE_CHECKING:
    from llm_gallery.census.report.charts import Panel

WIDTH, HEIGHT = 420.0, 200.0
FRAME = Bounds(58, 12, 408, 172)
SHOWN, MOST = 9, 10
"""Concepts that are drawn, and rows of a table."""


def values(site: Site) -> dict[str, Any] | None:
    """For its template; None where there is no census."""
    if site.census is None:
        return None
    from llm_gallery.census.report import charts, report, tables  # which need the extra

    answers = report(site.census)
    return {
        "newest": answers.coverage["newest"],
        "covered": tables.coverage_text(answers),
        "key": charts.KEY,
        "adoption": _drawn(charts.adoption(answers, SHOWN), site),
        "numbers": _drawn([*charts.numbers(answers)], site),
        "tables": [tables.copied(answers), tables.undescribed(answers)],
        "most": MOST,
    }


def _drawn(panels: Sequence[Panel], site: Site) -> list[tuple[Panel, Markup]]:
    from llm_gallery.census.report import charts

    sections = []
    for panel in panels:
        sheet = Sheet()
        charts.draw_panel(sheet, panel, FRAME)
        drawing = Drawing(
            sheet.picture(WIDTH, HEIGHT), f"{panel.title}: {panel.note}", role="group"
        )
        sections.append((panel, in_page(drawing, None, site.sheet_looks)))
    return sections
