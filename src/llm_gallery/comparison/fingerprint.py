"""Short texts by which millions of models are grouped: one for all of a design, one for all that differ in nothing.

Two models of one design have no cause between them, two of one architecture no change; a test compares
both with the differences of the catalog. A model has the same texts wherever and whenever it is described.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from llm_gallery.architecture.block import Block, layers, mixing
from llm_gallery.comparison.block_facts import Value, facts
from llm_gallery.comparison.change import numbers
from llm_gallery.comparison.profile import Profile
from llm_gallery.mechanisms.facts import term

LENGTH = 32
"""Hexadecimal digits: 128 bits of SHA-256."""


def design(profile: Profile) -> str:
    """What a designer decided: causes with their values, of sizes that there are any, no settings."""
    parts = sorted(
        [*part.key, part.place.pattern, dict(_decided(part.kind, part.facts))]
        for part in profile.parts
    )
    return _digest([dict(_decided("", profile.traits)), parts])


def architecture(profile: Profile) -> str:
    """All that is compared, layer by layer, and what is counted."""
    counted = profile.counts
    rows: dict[int, list[Any]] = {}
    stacked = layers(profile.architecture.root)
    for layer in stacked:
        if id(layer) not in rows:
            rows[id(layer)] = [_compared(block) for block in mixing(layer)]
    order = {key: index for index, key in enumerate(rows)}
    return _digest(
        [
            dict(profile.traits),
            list(rows.values()),
            [order[id(layer)] for layer in stacked],
            [counted.total, counted.multi_token_prediction, counted.other_modalities],
        ]
    )


def _decided(kind: str, facts: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    """Causes, and the names of sizes: that one came or went is a cause as well."""
    for name, value in facts.items():
        level = term(name, kind, number=numbers(value)).level
        if level != "setting":
            yield name, value if level == "cause" else True


def _compared(block: Block) -> list[Any]:
    role = "token_mixer" if block.mixes_tokens else "channel_mixer"
    return [role, block.kind, facts(block)]


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:LENGTH]
