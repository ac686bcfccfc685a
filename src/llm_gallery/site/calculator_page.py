"""The calculator: what every model takes of memory, in any format, for any context and number of sequences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from llm_gallery.analysis.footprint import CACHE_FORMATS, WEIGHT_FORMATS, Format, numbers, sequences
from llm_gallery.catalog.memory_numbers import memory_of
from llm_gallery.site.accelerators import RESERVED, accelerators
from llm_gallery.site.contents import Site
from llm_gallery.site.describe_page import WORK, parts
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.page import Document, Page
from llm_gallery.site.render import script

LENGTHS = (8_192, 131_072, 1_048_576)
DEVICE = "H100 SXM"
"""The accelerator that is asked about first."""
UNSAID = "bf16"
"""The weight format that is taken where a config doesn't say how its release is stored."""
LONGEST = 2**24
"""Tokens of the longest context that can be asked for."""


def pages(site: Site) -> Iterator[Page | Document]:
    """The page, and the numbers of all models as it loads them."""
    yield Document(
        "calculator/index.html",
        "calculator.html",
        lambda: _values(site),
        work=WORK,
        card=site.card,
    )
    yield Page(
        "data/memory.js", lambda: script("memory", [memory_numbers(e) for e in site.exhibits])
    )


def memory_numbers(exhibit: Exhibit) -> dict[str, Any]:
    """A model's name, and the numbers by which its memory is computed."""
    entry = exhibit.entry
    return {
        "id": entry.id,
        "name": entry.name,
        "organization": entry.organization,
        "released": entry.released.isoformat(),
        **memory_of(exhibit.architecture, entry.config),
    }


def controls() -> dict[str, Any]:
    """What the calculator's part of a template needs beside the model."""
    return {
        "weight_formats": tuple(WEIGHT_FORMATS.values()),
        "cache_formats": tuple(CACHE_FORMATS.values()),
        "formats": {
            "weights": [_format(number_format) for number_format in WEIGHT_FORMATS.values()],
            "cache": [_format(number_format) for number_format in CACHE_FORMATS.values()],
        },
        "accelerators": accelerators(),
        "reserved": RESERVED,
        "longest": LONGEST,
        "device": DEVICE,
        "unsaid": UNSAID,
    }


def _format(number_format: Format) -> list[Any]:
    return [number_format.name, number_format.bits, number_format.block, number_format.scale_bits]


def _values(site: Site) -> dict[str, Any]:
    return {
        **controls(),
        "parts": json.dumps(parts(site)),
        "lengths": LENGTHS,
        "organizations": _by_organization(site),
        "rows": [
            {
                "exhibit": exhibit,
                "bf16": _language(exhibit, "bf16"),
                "int4": _language(exhibit, "int4"),
                "kept": [
                    sum(row.bytes for row in sequences(exhibit.cache, "bf16", length))
                    for length in LENGTHS
                ],
            }
            for exhibit in site.exhibits
        ],
    }


def _language(exhibit: Exhibit, name: str) -> int:
    """Bytes of the language model with its lookup tables."""
    chosen = WEIGHT_FORMATS[name]
    model, lookup, *_ = numbers(exhibit.parameters).values()
    return chosen.bytes(model) + chosen.bytes(lookup)


def _by_organization(site: Site) -> list[tuple[str, list[Exhibit]]]:
    by_maker: dict[str, list[Exhibit]] = {}
    for exhibit in site.exhibits:
        by_maker.setdefault(exhibit.entry.organization, []).append(exhibit)
    return sorted(by_maker.items(), key=lambda pair: pair[0].lower())
