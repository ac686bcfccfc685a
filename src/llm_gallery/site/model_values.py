"""Values of a model page's template: headline numbers, strip, facts, bars, chart, links and citation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.units import binary, grouped, short
from llm_gallery.architecture.block import channel_mixer, mixer
from llm_gallery.catalog.accuracy import compared
from llm_gallery.catalog.memory_numbers import memory_of
from llm_gallery.mechanisms import colour_of, heading, label
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.parts.details import pieces, whole
from llm_gallery.parts.numbers import POSITIONS
from llm_gallery.site.ancestry import family
from llm_gallery.site.chart import Curve, chart
from llm_gallery.site.citation import bibtex
from llm_gallery.site.code_page import sections, unprinted
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.explained import explanation, prose
from llm_gallery.site.fact_groups import groups, stored_tensors
from llm_gallery.site.layer_strip import strip
from llm_gallery.site.model_downloads import DOWNLOADS
from llm_gallery.site.peers import page_peers
from llm_gallery.site.plates import WIDTHS, in_page
from llm_gallery.site.remarks import of_cache, of_parts
from llm_gallery.site.short_forms import day, flop, many, share
from llm_gallery.site.tensors import patterns
from llm_gallery.site.vocabulary import concept

SECTIONS = {
    "figure": "Figure",
    "family": "Family",
    "facts": "Facts",
    "concepts": "Concepts",
    "reading": "Reading",
    "parameters": "Parameters",
    "cache": "Cache",
    "memory": "Does it fit?",
    "tensors": "Tensors",
    "printed": "Code",
    "downloads": "Downloads",
    "cite": "Cite",
}
"""The page's contents: anchors and what leads to them."""
LENGTHS = (4_096, 32_768, 131_072, 1_048_576)


@dataclass(frozen=True, slots=True)
class Head:
    """A headline number, and the heading that defines it."""

    label: str
    anchor: str
    value: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Where to read on."""

    name: str
    address: str
    note: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One part in the bar, in thousandths; `second` is paler: not the largest of its colour."""

    mechanism: Colour
    x: float
    width: float
    second: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """The parts side by side."""

    name: str
    total: int
    words: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Maps:
    """The inspector's strip and bar, and the numbers of the whole model."""

    strip: Markup
    bar: Bar
    layers: int
    total: str
    active: str
    kept: str
    position: int
    flops: str


@dataclass(frozen=True, slots=True)
class CacheLine:
    """A row under the chart: a model, and its bytes at each length."""

    name: str
    address: str
    sizes: tuple[int, ...]


def values(shown: Shown, site: Site) -> dict[str, Any]:
    """What the template of a model's page is filled with."""
    shown_exhibit = shown.exhibit
    compared_with = page_peers(shown_exhibit, site)
    others = compared_with.exhibits
    stored = patterns(shown_exhibit.root)
    return {
        "entry": shown_exhibit.entry,
        "name": shown_exhibit.entry.name,
        "sections": tuple(
            item for item in SECTIONS.items() if shown_exhibit.entry.reading or item[0] != "reading"
        ),
        "headline": tuple(_headline(shown_exhibit)),
        "explained": prose(explanation(shown, site)),
        "tower": shown.tower,
        "figures": tuple((width, shown.drawing(width)) for width in WIDTHS),
        "words": shown.words,
        "steps": shown.steps,
        "model_maps": _maps(shown),
        "whole": whole(shown_exhibit.root),
        "pattern": shown_exhibit.pattern,
        "layers": shown_exhibit.layers,
        "context": shown_exhibit.context,
        "mix": tuple(_mix(shown_exhibit)),
        "groups": groups(shown_exhibit),
        "concepts": tuple((concept(name), site.shown_by[name]) for name in shown_exhibit.concepts),
        "warnings": shown_exhibit.architecture.warnings,
        "unread": shown_exhibit.architecture.unread,
        "assumed": shown_exhibit.architecture.assumed,
        "links": tuple(_links(shown_exhibit)),
        "reading": shown_exhibit.entry.reading,
        "bars": (_bar(shown_exhibit, "Stored"), _bar(shown_exhibit, "Run for one token")),
        "parts": shown_exhibit.parameters.parts,
        "part_of": {piece["name"]: piece["paths"][0] for piece in pieces(shown_exhibit.root)},
        "parameters": shown_exhibit.parameters,
        "parts_say": tuple(of_parts(shown_exhibit)),
        "chart": _chart(shown, others),
        "curves": tuple(
            _cache_line(shown_exhibit, exhibit) for exhibit in (shown_exhibit, *others)
        ),
        "lengths": LENGTHS,
        "cache_says": tuple(of_cache(shown_exhibit, others)),
        "why_beside": compared_with.why,
        "tensors": stored,
        "stored_tensors": stored_tensors(shown_exhibit.root),
        "code": sections(shown),
        "unprinted": unprinted(shown),
        "downloads": DOWNLOADS,
        "citation": bibtex(shown_exhibit.entry, site.hosting, site.newest),
        "hosting": site.hosting,
        "family": family(shown, site),
        "accuracy": compared(shown_exhibit.entry, shown_exhibit.root),
        "calculator": memory_of(shown_exhibit.architecture, shown_exhibit.entry.config),
    }


def _maps(shown: Shown) -> Maps:
    """What stands in the inspector before a part is chosen."""
    exhibit = shown.exhibit
    *_, growing, state = whole(exhibit.root)["counts"]
    rows = [
        f"{binary(size)} a token" + (f", up to {window:,} tokens" if window else "")
        for size, window in growing
    ]
    rows += [f"{binary(state)} at any length"] if state else []
    bar = _bar(exhibit, "Run for one token")
    return Maps(
        strip(exhibit.root, f"{many(exhibit.layers, 'layer')}: {exhibit.pattern}"),
        bar,
        exhibit.layers,
        short(exhibit.parameters.total),
        exhibit.parameters.active_words,
        "; ".join(rows) or "nothing",
        POSITIONS[1],
        flop(flops_per_token(exhibit.root, POSITIONS[1])),
    )


def _headline(exhibit: Exhibit) -> Iterator[Head]:
    counts, cached = exhibit.parameters, exhibit.cache
    apart = counts.multi_token_prediction + counts.other_modalities
    notes: tuple[str, ...] = ()
    if counts.beside_lookup is not None:
        notes = (f"{short(counts.beside_lookup)} + {short(counts.lookup)} looked up",)
    notes += (f"+ {short(apart)} apart",) if apart else ()
    yield Head("Total", "total-parameters", short(counts.total), notes)
    notes = () if counts.active == counts.total else (share(counts.active, counts.total),)
    active = "all" if counts.active == counts.total else counts.active_words
    yield Head("Active", "active-parameters", active, notes)
    mix = " + ".join(str(kind.count) for kind in exhibit.kinds)
    notes = (mix,) if 1 < len(exhibit.kinds) < 5 else ()
    yield Head("Layers", "layer-mix-and-pattern", str(exhibit.layers), notes)
    context = grouped(exhibit.context) if exhibit.context else "not stated"
    notes = ()
    if "configured_context" in exhibit.root.facts:
        notes = (f"config: {grouped(exhibit.root.number('configured_context'))}",)
    yield Head("Context", "context", context, notes)
    notes = ()
    if cached.bytes_per_token_long != cached.bytes_per_token:
        notes += (f"then {binary(cached.bytes_per_token_long)}",)
    if cached.state_bytes:
        notes += (f"+ {binary(cached.state_bytes)} state",)
    per_token = binary(cached.bytes_per_token) if cached.bytes_per_token else "none"
    yield Head("Cache / token", "cache-and-state", per_token, notes)
    yield Head("Released", "fact-released", day(exhibit.entry.released))


def _mix(exhibit: Exhibit) -> Iterator[tuple[Colour, str, int]]:
    """What the strip's colours are, counted."""
    counts: dict[tuple[Colour, str], int] = {}
    for pick in (mixer, channel_mixer):
        for kind in exhibit.kinds:
            block = pick(kind.layer)
            if block is not None:
                key = (colour_of(block), heading(block))
                counts[key] = counts.get(key, 0) + kind.count
    yield from ((colour, name, count) for (colour, name), count in counts.items())


def _links(exhibit: Exhibit) -> Iterator[Link]:
    entry = exhibit.entry
    repository = f"https://huggingface.co/{quote(entry.repository)}"
    quality = entry.provenance.quality
    yield Link(
        "config.json", entry.provenance.source, f"{quality}, all that is shown comes from it"
    )
    yield Link("Weights and model card", repository, entry.repository)
    yield Link("Licence", entry.licence.link, entry.licence.name)


def _bar(exhibit: Exhibit, name: str) -> Bar:
    counts = exhibit.parameters
    stored = name == "Stored"
    total = counts.total if stored else counts.active
    parts = [(part, part.stored if stored else part.active) for part in counts.parts]
    parts = [(part, size) for part, size in parts if size]
    largest = {part.mechanism: part for part, _ in sorted(parts, key=lambda p: p[1])}
    pieces, x = [], 0.0
    for part, size in parts:
        width = 1000 * size / total
        second = largest[part.mechanism] is not part
        pieces.append(Piece(part.mechanism, round(x, 2), round(width, 2), second))
        x += width
    words = ", ".join(f"{part.name} {share(size, total)}" for part, size in parts)
    return Bar(name, total, words, tuple(pieces))


def _curve(exhibit: Exhibit) -> Curve:
    """In the colour of what keeps most at 128K tokens."""
    cache = exhibit.cache
    rows = sorted(cache.rows, key=lambda row: -row.bytes_at(131_072))
    colours = {label(block): colour_of(block) for block in exhibit.mixers}
    colour = colours.get(rows[0].label, "full") if rows else "full"
    return Curve(exhibit.entry.name, colour, cache, exhibit.context)


def _chart(shown: Shown, others: Sequence[Exhibit]) -> Markup:
    exhibit, names = shown.exhibit, ", ".join(exhibit.entry.name for exhibit in others)
    beside = f", beside {names}" if names else ""
    title = f"Cache and state of {exhibit.entry.name} from 1K to 1M tokens{beside}; table below"
    drawn = chart([_curve(exhibit), *map(_curve, others)], title)
    return Markup("") if drawn is None else in_page(drawn, None, shown.looks)


def _cache_line(curve_exhibit: Exhibit, exhibit: Exhibit) -> CacheLine:
    address = "" if exhibit is curve_exhibit else f"../{exhibit.entry.id}/index.html"
    sizes = tuple(exhibit.cache.at(length) for length in LENGTHS)
    return CacheLine(exhibit.entry.name, address, sizes)
