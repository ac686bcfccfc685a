"""The pages of years: each told on one page, all of it counted, with the charts of its five numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from llm_gallery.concepts import concepts
from llm_gallery.site.concept_page import colour
from llm_gallery.site.contents import Site
from llm_gallery.site.page import CONCEPTS, Document
from llm_gallery.site.sizes_page import charts
from llm_gallery.trends.candidates import ENOUGH
from llm_gallery.trends.year_report import report, told_years
from llm_gallery.trends.year_text import figure_words, opening


def pages(site: Site) -> Iterator[Document]:
    """A page for each year of which there is enough to tell; which these are is seen without counting all else."""
    for year in years(site):
        yield Document(
            f"trends/{year}/index.html",
            "year.html",
            partial(_values, site, year),
            CONCEPTS,
            card=site.card,
        )


def years(site: Site) -> list[int]:
    """Those that have a page."""
    models = Counter(exhibit.entry.released.year for exhibit in site.exhibits)
    return sorted(year for year in models if models[year] >= ENOUGH or year == site.year)


def _values(site: Site, year: int) -> dict[str, Any]:
    named = {exhibit.entry.id: exhibit.entry.name for exhibit in site.exhibits}
    year_report = report(site.trends, named.__getitem__, year)
    return {
        "report": year_report,
        "opening": opening(year_report),
        "named": named,
        "known": concepts(),
        "colours": {name: colour(concept) for name, concept in concepts().items()},
        "figures": [
            (charts(site, "../../", (figure.name,))[0], figure_words(figure, named.__getitem__))
            for figure in year_report.figures
        ],
        "years": [year_told for year_told in told_years(site.trends) if year_told != year],
    }
