"""What the search of every page answers from: models, lessons and pages by all that people call them, in one file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from llm_gallery.engines.weight_format import released_format
from llm_gallery.site import render
from llm_gallery.site.concept_page import Counted
from llm_gallery.site.contents import Site
from llm_gallery.site.course_view import complete_courses
from llm_gallery.site.exhibit import Exhibit, facets
from llm_gallery.site.page import Page
from llm_gallery.site.short_forms import slug
from llm_gallery.site.year_page import years

FORMATS = {
    "fp8": ("Released in FP8", ("fp8", "float8", "8 bit float")),
    "mxfp4": ("Released in MXFP4", ("mxfp4", "fp4", "4 bit float")),
    "int4": ("Released in int4", ("int4", "4 bit integers")),
    "nvfp4": ("Released in NVFP4", ("nvfp4",)),
}
"""Formats of weights that people search by, as `engines/weight_format.py` calls them: name, and what else it is called."""
QUANTIZED = ("Released quantized", ("quantized", "quantised", "quantization", "low precision"))
CACHELESS = (
    "No KV cache",
    ("no kv cache", "no cache", "without kv cache", "without cache", "without a kv cache", "zero kv cache",
     "constant memory"),
)  # fmt: skip
ATTENTIONLESS = (
    "No attention",
    (
        "attention free",
        "no attention",
        "without attention",
        "pure state",
        "pure ssm",
        "attentionless",
    ),
)
SEEING = (
    "Sees pictures too",
    ("vision", "sees", "images", "pictures", "multimodal", "vision language", "vlm", "vlms", "image input"),
)  # fmt: skip
STRONG = ("country", "format", "keeps", "sight")
"""Facets whose names mean them even where a model is called by the same word: Llama 3.2 11B Vision is one that sees."""


def pages(site: Site) -> Iterator[Page]:
    """One file, loaded when somebody turns to a search."""
    yield Page("words.js", lambda: render.script("words", search_data(site)))


@cache
def written() -> Mapping[str, Any]:
    """What `search.toml` holds: `page`, `country` and `closed`, lists of tables."""
    text = files("llm_gallery.site").joinpath("search.toml").read_text("utf-8")
    return tomllib.loads(text)


def search_data(site: Site) -> dict[str, Any]:
    """All of it: `held` by a model's id, `names` of what models have, `lessons`, `pages`, and `closed` models."""
    return {
        "held": {exhibit.entry.id: _exhibit_data(exhibit) for exhibit in site.exhibits},
        "names": list(_names(site.exhibits)),
        "lessons": [
            [c.id, c.name, c.text, written()["lesson"].get(c.id, ())]
            for c in Counted(site).concepts
        ],
        "pages": [*_courses(site), *_years(site), *written()["page"]],
        "closed": written()["closed"],
    }


def _exhibit_data(exhibit: Exhibit) -> dict[str, Any]:
    entry = exhibit.entry
    values = {name: [slug(value) for value in facet] for name, facet in exhibit.facets.items()}
    return {
        "name": entry.name,
        "org": entry.organization,
        "date": entry.released.isoformat(),
        "total": exhibit.parameters.total,
        "active": exhibit.parameters.active,
        "context": exhibit.context or 0,
        "cache": exhibit.cache.bytes_per_token,
        "facets": values | {"mechanism": exhibit.mechanisms} | _more_facets(exhibit),
        "words": exhibit.words,
        "numbers": exhibit.numbers,
    }


def _more_facets(exhibit: Exhibit) -> dict[str, list[str]]:
    """Values that the search knows and no filter shows; none where there is nothing to say."""
    stored = released_format(exhibit.entry.config)
    is_cacheless = not exhibit.cache.bytes_per_token
    organization = exhibit.entry.organization
    values = {
        "country": [slug(c["name"]) for c in written()["country"] if organization in c["makers"]],
        "format": [stored, "quantized"] if stored in FORMATS else [],
        "keeps": [
            *(["nothing"] if is_cacheless else []),
            *(["states"] if is_cacheless and exhibit.cache.state_bytes else []),
        ],
        "sight": ["sees"] if "vision-tower" in exhibit.concepts else [],
    }
    return {name: held for name, held in values.items() if held}


def _names(exhibits: Sequence[Exhibit]) -> Iterator[list[Any]]:
    """Facet, value, name, and what else people call it: strong facets first, which win over others."""
    for country in written()["country"]:
        yield ["country", slug(country["name"]), country["name"], country["words"]]
    for value, (name, also) in FORMATS.items():
        yield ["format", value, name, also]
    yield ["format", "quantized", *QUANTIZED]
    yield ["keeps", "nothing", *CACHELESS]
    yield ["keeps", "states", *ATTENTIONLESS]
    yield ["sight", "sees", *SEEING]
    for facet in facets(exhibits):
        for option in facet.options:
            if facet.name == "concept":
                yield ["concept", option.value, option.name, option.also]
            elif facet.name == "licence":
                yield ["licence", option.value, option.name, _licence_names(option.name)]
            elif facet.name in ("org", "kind"):
                yield [facet.name, option.value, option.name, ()]


def _licence_names(name: str) -> tuple[str, str]:
    """As people shorten them: "Apache 2.0", "Apache"."""
    return (
        re.sub(r" licen[cs]e", "", name, flags=re.IGNORECASE),
        re.sub(r" licen[cs]e|\.0", "", name, flags=re.IGNORECASE),
    )


def _courses(site: Site) -> Iterator[dict[str, Any]]:
    for course in complete_courses(site):
        yield {
            "title": f"Course: {course.title}",
            "path": f"learn/{course.id}/index.html",
            "text": course.text,
            "words": [course.title],
            "lessons": list(dict.fromkeys(step.lesson for step in course.steps)),
        }


def _years(site: Site) -> Iterator[dict[str, Any]]:
    for year in years(site):
        yield {
            "title": f"{year} in open language models",
            "path": f"trends/{year}/index.html",
            "text": "What was new and what was adopted.",
            "words": [str(year), f"year {year}", f"trends {year}"],
        }
