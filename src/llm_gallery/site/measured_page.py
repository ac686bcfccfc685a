"""The page of what was measured: our number beside each, what differs and why, and how near real runs come to the bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import groupby
from typing import Any

from llm_gallery.analysis.units import grouped
from llm_gallery.catalog.load import find
from llm_gallery.catalog.measured import Memory, Printed, sources
from llm_gallery.catalog.measured_bands import DENSE, MIXTURE, Band, band_of, bands
from llm_gallery.catalog.measured_beside import (
    MemoryBeside,
    SpeedBeside,
    memory_beside,
    speed_beside,
)
from llm_gallery.engines.registry import engine
from llm_gallery.site.contents import Site
from llm_gallery.site.page import Document
from llm_gallery.site.short_forms import many

WIDTH = 300
"""Units of the axis of a drawn band, from nothing to the bound."""
TITLES = {DENSE: "dense", MIXTURE: "mixtures of experts"}
WHAT = {
    "cache": "cache",
    "window": "cache of windows",
    "state": "states",
    "all": "cache and states",
    "weights": "weights",
    "host": "weights on the host",
    "sequences": "requests that fit",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A band, its marks placed on the axis."""

    title: str
    runs: str
    band: Band

    def at(self, share: Fraction) -> str:
        """Where a part of the bound stands."""
        return f"{float(share * WIDTH):.0f}"


@dataclass(frozen=True, slots=True)
class Strip:
    """The runs on one machine, a point each."""

    title: str
    runs: str
    points: tuple[tuple[str, str, int], ...]  # a place, a class and a height: of mixtures below
    median: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    cells: tuple[str, ...]
    link: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A model's rows of a table."""

    id: str
    name: str
    rows: tuple[Row, ...]


def pages(site: Site) -> Iterator[Document]:
    """The page."""
    yield Document("measured/index.html", "measured.html", partial(_values, site), card=site.card)


def _values(site: Site) -> dict[str, Any]:
    shown = {model.id for model in site.models}
    speeds = [speed_beside(run) for held in sources() for run in held.speeds if run.model in shown]
    memory = [memory_beside(row) for held in sources() for row in held.memory if row.model in shown]
    of_speeds = _parts([(run.measured.model, speed_row(run)) for run in speeds])
    of_memory = _parts([(row.measured.model, memory_row(row)) for row in memory])
    return {
        "bands": [
            Drawn(TITLES[name], many(held.runs, "run"), held) for name, held in bands().items()
        ],
        "strips": [*_strips(speeds)],
        "speeds": of_speeds,
        "memory": of_memory,
        "names": sorted({(part.name, part.id) for part in (*of_speeds, *of_memory)}),
        "runs": len(speeds),
        "lines": len(memory),
        "equal": sum(row.agrees for row in memory),
        "above": sum(run.ratio > 1 for run in speeds),
        "versions": _versions(memory),
        "sources": sources(),
        "width": WIDTH,
    }


def _versions(rows: Iterable[MemoryBeside]) -> str:
    """Of which versions our numbers are."""
    known = [engine(name) for name in sorted({row.measured.engine for row in rows})]
    return " and ".join(f"{each.title} {each.version}" for each in known)


def _parts(rows: Sequence[tuple[str, Row]]) -> tuple[Part, ...]:
    """Rows by model, those of a model in the order of its files."""
    ordered = sorted(rows, key=lambda row: (find(row[0]).name.lower(), row[0]))
    return tuple(
        Part(model, find(model).name, tuple(row for _, row in found))
        for model, found in groupby(ordered, key=lambda row: row[0])
    )


def speed_row(run: SpeedBeside) -> Row:
    """A run: weights, machine, engine, depth, measured, bound, ratio."""
    held = run.measured
    label = f"{held.run}, {held.label}" if held.run else held.label
    return Row(
        (
            label,
            held.machine.name,
            f"{engine(held.engine).title}, {held.backend}" if held.backend else held.engine,
            grouped(held.depth),
            _rate(held.rate),
            _rate(run.bound),
            f"{float(run.ratio):.2f}",
        ),
        held.link,
    )


def _rate(rate: Fraction) -> str:
    """Tokens a second, in three digits where there are as many."""
    return f"{float(rate):.0f}" if rate >= 100 else f"{float(rate):.1f}"


def memory_row(row: MemoryBeside) -> Row:
    """A line of a log: engine, of what, settings, stated, ours; and why it differs, where it does."""
    held = row.measured
    name = engine(held.engine).title
    return Row(
        (
            f"{name} {held.version}" if held.version else name,
            WHAT[held.what],
            _settings(held),
            held.stated,
            held.stated if row.agrees else _ours(row),
        ),
        held.link,
        "" if row.agrees else held.why,
    )


def _ours(row: MemoryBeside) -> str:
    """Our number in the digits of the log's; of requests, which depend on whole blocks, between two."""
    least, most = (_printed(number, row.measured.stated) for number in row.ours)
    return least if least == most else f"{least} to {most}"


def _printed(number: Fraction, like: Printed) -> str:
    shown = f"{float(number / like.unit):.{like.digits}f}"
    unit = like.partition(" ")[2]
    return f"{shown} {unit}" if unit else shown


def _settings(held: Memory) -> str:
    said = [held.run, held.weights]
    if held.context:
        times = f"{held.slots:,} × " if held.slots > 1 else ""
        said.append(f"{times}{grouped(held.context)} tokens")
    said.append(held.cache and f"cache {held.cache}")
    said.append(f"{grouped(held.batch)} in flight" if held.batch else "")
    said.append(f"{held.tensor} ranks" if held.tensor > 1 else "")
    said.append(f"{held.drafts} drafts" if held.drafts else "")
    said.append("" if held.prefixes else "no prefix caching")
    said.append(f"of {held.available}" if held.available else "")
    return ", ".join(filter(None, said))


def _strips(speeds: Iterable[SpeedBeside]) -> Iterator[Strip]:
    """A strip for each machine, the slowest first."""
    ordered = sorted(
        speeds, key=lambda run: (run.measured.machine.bandwidth, run.measured.machine.name)
    )
    for machine, found in groupby(ordered, key=lambda run: run.measured.machine.name):
        runs = [*found]
        band = band_of(run.ratio for run in runs)
        yield Strip(
            f"{machine}, {_bandwidth(runs[0])}",
            many(len(runs), "run"),
            tuple(_point(run) for run in runs),
            f"{float(band.median):.2f}",
        )


def _point(run: SpeedBeside) -> tuple[str, str, int]:
    kind, height = ("moe", 10) if run.mixture else ("mlp", 4)
    return f"{float(run.ratio * WIDTH):.0f}", kind, height


def _bandwidth(run: SpeedBeside) -> str:
    return f"{round(run.measured.machine.bandwidth / 10**9):,} GB/s"
