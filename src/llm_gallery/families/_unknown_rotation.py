"""A kind of rotation that isn't known: it is named, and said to be all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Architecture, distinct
from llm_gallery.architecture.refusal import quoted
from llm_gallery.families._config import LANGUAGE_MODEL, Json

KNOWN = ("linear", "dynamic", "yarn", "longrope", "llama3")
"""Kinds of context extension of which it is known how they turn."""
READ = ("rope_type", "type", "rope_theta", "partial_rotary_factor")
"""What the object of any kind says beside its own numbers."""


def with_warnings(architecture: Architecture, config: Json, at: str = "") -> Architecture:
    """The same, with a warning for each kind that isn't known, and its numbers among the unread keys.

    `config` holds the language model's keys, or the object with them; `at` is its path in the file, if it has one.
    """
    if isinstance(inner := config.get(LANGUAGE_MODEL), Mapping) and not at:
        config, at = inner, LANGUAGE_MODEL
    unknown_kinds = {
        fact.source: fact.value
        for block in distinct(architecture.root)
        if (fact := block.facts.get("rope_scaling")) is not None and fact.value not in KNOWN
    }
    where = f"{at}." if at else ""
    unread = {f"{where}{key}" for source in unknown_kinds for key in _numbers(config, source)}
    lines = (
        f"{where}{source} is {quoted(kind)}, a kind of rotation that nobody here knows: it is named, and how it turns "
        "queries and keys, over which context and by which of its numbers isn't described"
        for source, kind in unknown_kinds.items()
    )
    return replace(
        architecture,
        unread=tuple(sorted({*architecture.unread, *unread})),
        warnings=(*architecture.warnings, *lines),
    )


def _numbers(config: Json, source: str) -> list[str]:
    """The keys of the object that holds the kind, but for those that are read of any."""
    *path, _ = source.split(".")
    value: Any = config
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return [".".join((*path, key)) for key in value or () if key not in READ]
