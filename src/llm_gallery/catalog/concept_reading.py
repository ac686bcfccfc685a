"""What there is to read about a concept: `reading.toml` in its folder."""

from __future__ import annotations

import tomllib
from functools import cache

from llm_gallery.catalog.reading import Reading, readings
from llm_gallery.concepts import CONCEPTS

READING = "reading.toml"


@cache
def of_concept(concept: str) -> tuple[Reading, ...]:
    """The records in their order, none where the folder has no such file. Raises Refusal as `readings`."""
    file = CONCEPTS / concept / READING
    stated = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    return readings(stated.get("reading", []), f"{concept}/{READING}")
