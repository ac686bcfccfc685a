"""What the charts of trends are drawn from, by maker and by size: as CSV for readers, and for the page to choose from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from llm_gallery.figure.sheets.trend_charts import QUARTERS
from llm_gallery.site.adoption import FRAME
from llm_gallery.site.contents import Site
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.page import CONCEPTS, Page
from llm_gallery.site.render import script, to_csv
from llm_gallery.site.short_forms import slug
from llm_gallery.trends.charts import CHARTS, Chart, changes

SIZES = {"under-10b": "under 10B", "10b-100b": "10B to 100B", "from-100b": "100B and more"}
"""Classes of parameters stored, by the word of an address."""
BOUNDS = 10**10, 10**11
"""Parameters from which the second and the third begin."""
NAMES = {chart.title: chart.name for chart in CHARTS}
"""Of charts, by their titles."""


def size_class(total: int) -> int:
    """The index of a number of parameters among the sizes."""
    return sum(total >= bound for bound in BOUNDS)


def pages(site: Site) -> Iterator[Page]:
    """A CSV for each chart that has one, and what the page chooses from."""
    for chart in CHARTS:
        yield Page(f"trends/data/{chart.name}.csv", partial(_sizes, site, chart), CONCEPTS)
    yield Page("trends/data/adoption.csv", partial(_adoption, site), CONCEPTS)
    yield Page("trends/choice.js", lambda: script("choice", choice(site)), CONCEPTS)


def makers(site: Site) -> list[tuple[str, str, int]]:
    """Word of the address, name and models of each maker, the one with most first."""
    counts = Counter(exhibit.entry.organization for exhibit in site.exhibits)
    ordered = sorted(counts, key=lambda name: (-counts[name], name.casefold()))
    return [(slug(name), name, counts[name]) for name in ordered]


def choice(site: Site) -> Mapping[str, Any]:
    """Maker and size of each model; of each concept drawn, its designs by quarter, maker and size."""
    quarters = [quarter.quarter for quarter in site.trends.quarters[-QUARTERS:]]
    exhibits = _exhibits(site)
    held = [_of(exhibits[one.first.id]) for one in site.trends.designs]
    return {
        "models": {name: _of(exhibit) for name, exhibit in exhibits.items()},
        "designs": [
            [quarters.index(design.quarter), *own]
            for design, own in zip(site.trends.designs, held, strict=True)
            if design.quarter in quarters
        ],
        "having": {
            change.concept.id: [
                int(change.concept.id in design.concepts)
                for design in site.trends.designs
                if design.quarter in quarters
            ]
            for change in changes(site.trends.quarters)
        },
        "quarters": quarters,
        "frame": [FRAME.left, FRAME.top, FRAME.right, FRAME.bottom],
        "columns": QUARTERS,
    }


def _exhibits(site: Site) -> dict[str, Exhibit]:
    return {exhibit.entry.id: exhibit for exhibit in site.exhibits}


def _of(exhibit: Exhibit) -> tuple[str, str]:
    """Words of the address for its maker and its size."""
    size = tuple(SIZES)[size_class(exhibit.parameters.total)]
    return slug(exhibit.entry.organization), size


def _sizes(site: Site, chart: Chart) -> bytes:
    """A row a model, oldest first."""
    exhibits = _exhibits(site)
    head = ("id", "model", "maker", "released", "size", "total", chart.name)
    rows = [
        (
            one.model,
            exhibits[one.model].entry.name,
            exhibits[one.model].entry.organization,
            one.released.isoformat(),
            _size(one.total),
            one.total,
            number,
        )
        for one in site.trends.sizes
        if (number := chart.number(one)) is not None
    ]
    return to_csv(head, rows)


def _adoption(site: Site) -> bytes:
    """Of each concept that the page draws: designs by quarter, maker and size, and how many have it."""
    exhibits = _exhibits(site)
    designs = [(one, exhibits[one.first.id]) for one in site.trends.designs]
    rows: list[Sequence[object]] = []
    for concept in (change.concept.id for change in changes(site.trends.quarters)):
        groups: dict[tuple[str, str, str], list[bool]] = {}
        for design, exhibit in designs:
            key = (design.quarter, exhibit.entry.organization, _size(exhibit.parameters.total))
            groups.setdefault(key, []).append(concept in design.concepts)
        rows += [(concept, *key, len(has), sum(has)) for key, has in sorted(groups.items())]
    return to_csv(("concept", "quarter", "maker", "size", "designs", "having"), rows)


def _size(total: int) -> str:
    return tuple(SIZES.values())[size_class(total)]
