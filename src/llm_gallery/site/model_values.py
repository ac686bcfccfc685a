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
from llm_gallery.catalog.part_details import pieces, whole
from llm_gallery.catalog.part_numbers import POSITIONS
from llm_gallery.mechanisms import colour_of, label
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.site.ancestry import family
from llm_gallery.site.calculator_page import UNSAID, controls, memory_numbers
from llm_gallery.site.chart import Curve, chart
from llm_gallery.site.code_page import sections, unprinted
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.explained import explanation, prose
from llm_gallery.site.fact_groups import groups
from llm_gallery.site.layer_strip import strip
from llm_gallery.site.model_downloads import DOWNLOADS
from llm_gallery.site.peers import beside
from llm_gallery.site.plates import WIDTHS, in_page
from llm_gallery.site.remarks import of_cache, of_parts
from llm_gallery.site.short_forms import day, flop, many, share
from llm_gallery.site.tensors import patterns
from llm_gallery.site.vocabulary import concept

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
    own = shown.exhibit
    compared_with = beside(own, site)
    others = compared_with.exhibits
    stored = patterns(own.root)
    return {
        "entry": own.entry,
        "name": own.entry.name,
        "headline": tuple(_headline(own)),
        "explained": prose(explanation(shown, site)),
        "figures": tuple((width, shown.drawing(width)) for width in WIDTHS),
        "words": shown.words,
        "steps": shown.steps,
        "model_maps": _maps(shown),
        "whole": whole(own.root),
        "pattern": own.pattern,
        "layers": own.layers,
        "context": own.context,
        "mix": tuple(_mix(own)),
        "groups": groups(own),
        "concepts": tuple((concept(name), site.shown_by[name]) for name in own.concepts),
        "warnings": own.architecture.warnings,
        "unread": own.architecture.unread,
        "assumed": own.architecture.assumed,
        "links": tuple(_links(own)),
        "reading": own.entry.reading,
        "bars": (_bar(own, "Stored"), _bar(own, "Run for one token")),
        "parts": own.parameters.parts,
        "part_of": {piece["name"]: piece["paths"][0] for piece in pieces(own.root)},
        "parameters": own.parameters,
        "parts_say": tuple(of_parts(own)),
        "chart": _chart(shown, others),
        "curves": tuple(_cache_line(own, exhibit) for exhibit in (own, *others)),
        "lengths": LENGTHS,
        "cache_says": tuple(of_cache(own, others)),
        "why_beside": compared_with.why,
        "tensors": stored,
        "stored_tensors": sum(pattern.count for pattern in stored if not pattern.tied_to),
        "code": sections(shown),
        "unprinted": unprinted(shown),
        "downloads": DOWNLOADS,
        "citation": _citation(own, site),
        "hosting": site.hosting,
        "family": family(shown, site),
        "accuracy": compared(own.entry, own.root),
        "calculator": _calculator(own),
    }


def _maps(shown: Shown) -> Maps:
    """What stands in the inspector before a part is chosen."""
    own = shown.exhibit
    *_, growing, state = whole(own.root)["counts"]
    kept = [
        f"{binary(size)} a token" + (f", up to {window:,} tokens" if window else "")
        for size, window in growing
    ]
    kept += [f"{binary(state)} at any length"] if state else []
    bar = _bar(own, "Run for one token")
    return Maps(
        strip(own.root, f"{many(own.layers, 'layer')}: {own.pattern}"),
        bar,
        own.layers,
        short(own.parameters.total),
        own.parameters.active_words,
        "; ".join(kept) or "nothing",
        POSITIONS[1],
        flop(flops_per_token(own.root, POSITIONS[1])),
    )


def _calculator(own: Exhibit) -> dict[str, Any]:
    asked = memory_numbers(own)
    return {**controls(), "format": asked["format"] or UNSAID, "asked": asked}


def _headline(own: Exhibit) -> Iterator[Head]:
    counts, cached = own.parameters, own.cache
    apart = counts.multi_token_prediction + counts.other_modalities
    notes: tuple[str, ...] = ()
    if counts.beside_lookup is not None:
        notes = (f"{short(counts.beside_lookup)} + {short(counts.lookup)} looked up",)
    notes += (f"+ {short(apart)} apart",) if apart else ()
    yield Head("Total", "total-parameters", short(counts.total), notes)
    notes = () if counts.active == counts.total else (share(counts.active, counts.total),)
    active = "all" if counts.active == counts.total else counts.active_words
    yield Head("Active", "active-parameters", active, notes)
    mix = " + ".join(str(kind.count) for kind in own.kinds)
    notes = (mix,) if 1 < len(own.kinds) < 5 else ()
    yield Head("Layers", "layer-mix-and-pattern", str(own.layers), notes)
    context = grouped(own.context) if own.context else "not stated"
    notes = ()
    if "configured_context" in own.root.facts:
        notes = (f"config: {grouped(own.root.number('configured_context'))}",)
    yield Head("Context", "context", context, notes)
    notes = ()
    if cached.bytes_per_token_long != cached.bytes_per_token:
        notes += (f"then {binary(cached.bytes_per_token_long)}",)
    if cached.state_bytes:
        notes += (f"+ {binary(cached.state_bytes)} state",)
    per_token = binary(cached.bytes_per_token) if cached.bytes_per_token else "none"
    yield Head("Cache / token", "cache-and-state", per_token, notes)
    yield Head("Released", "fact-released", day(own.entry.released))


def _mix(own: Exhibit) -> Iterator[tuple[Colour, str, int]]:
    """What the strip's colours are, counted."""
    counts: dict[tuple[Colour, str], int] = {}
    for pick in (mixer, channel_mixer):
        for kind in own.kinds:
            block = pick(kind.layer)
            if block is not None:
                name = label(block)
                key = (colour_of(block), name[:1].upper() + name[1:])
                counts[key] = counts.get(key, 0) + kind.count
    yield from ((colour, name, count) for (colour, name), count in counts.items())


def _links(own: Exhibit) -> Iterator[Link]:
    entry = own.entry
    repository = f"https://huggingface.co/{quote(entry.repository)}"
    quality = entry.provenance.quality
    yield Link(
        "config.json", entry.provenance.source, f"{quality}, all that is shown comes from it"
    )
    yield Link("Weights and model card", repository, entry.repository)
    yield Link("Licence", entry.licence.link, entry.licence.name)


def _bar(own: Exhibit, name: str) -> Bar:
    counts = own.parameters
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
    kept = exhibit.cache
    rows = sorted(kept.rows, key=lambda row: -row.bytes_at(131_072))
    colours = {label(block): colour_of(block) for block in exhibit.mixers}
    colour = colours.get(rows[0].label, "full") if rows else "full"
    return Curve(exhibit.entry.name, colour, kept, exhibit.context)


def _chart(shown: Shown, others: Sequence[Exhibit]) -> Markup:
    own, names = shown.exhibit, ", ".join(exhibit.entry.name for exhibit in others)
    beside = f", beside {names}" if names else ""
    title = f"Cache and state of {own.entry.name} from 1K to 1M tokens{beside}; table below"
    drawn = chart([_curve(own), *map(_curve, others)], title)
    return Markup("") if drawn is None else in_page(drawn, "overview", shown.looks)


def _cache_line(own: Exhibit, exhibit: Exhibit) -> CacheLine:
    address = "" if exhibit is own else f"../{exhibit.entry.id}/index.html"
    sizes = tuple(exhibit.cache.at(length) for length in LENGTHS)
    return CacheLine(exhibit.entry.name, address, sizes)


def _citation(own: Exhibit, site: Site) -> str:
    """The page as of its newest model; where the site's address isn't known, the config's that it shows."""
    entry, top = own.entry, site.hosting.address
    address = f"{top}models/{entry.id}/index.html" if top else entry.provenance.source
    return (
        f"@misc{{llm-architecture-gallery-{entry.id},\n"
        f"  title        = {{{{{entry.name}}}: architecture, figures and facts}},\n"
        "  howpublished = {LLM Architecture Gallery},\n"
        f"  year         = {{{site.year}}},\n"
        f"  url          = {{{address}}},\n"
        f"  note         = {{Computed from config.json of {entry.repository}, {day(entry.released)}}}\n"
        "}"
    )
