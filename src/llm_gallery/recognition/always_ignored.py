"""Keys at the top of a config that no description depends on, whatever they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from llm_gallery.families._config import defaults
from llm_gallery.families._ignored import IGNORED
from llm_gallery.families._registry import keys, names
from llm_gallery.recognition.epsilon import KEYS

ASKED = frozenset(
    {
        "model_type",
        "architectures",
        "quantization_config",
        "quantization",
        "image_token_id",
        "is_encoder_decoder",
    }
    | {*KEYS}
)
"""What is asked of any config: which class it is, its epsilon, and what a warning or a refusal says of it."""


@cache
def always_ignored() -> frozenset[str]:
    """The reviewed keys that no family reads, under any spelling, and nothing else asks for."""
    return IGNORED - ASKED - {key for name in names() for key in _read(keys(name))}


def _read(cls: Any) -> Iterator[str]:
    """Every name under which a class asks for a key, those that void a default included."""
    field_names = {field.name for field in fields(cls)}
    yield from field_names
    yield from (whole.partition(".")[0] for whole in cls.unless.values())
    for alias, key in defaults(cls.model_type).get("aliases", {}).items():
        if alias in field_names or key in field_names:
            yield from (alias, key)
