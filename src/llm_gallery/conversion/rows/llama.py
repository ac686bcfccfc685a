"""Llama and what is written like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llm_gallery.conversion.hyperparameters import head_width, rotation
from llm_gallery.conversion.keys import BASE, EXPERTS, WIDTH, rope
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.conversion.tensor import GgufTensor

Json = Mapping[str, Any]
KEYS: Spelled = {**BASE, **EXPERTS, "vocab_size": "vocab_size"}


def rotated(config: Json) -> Json:
    """How many channels of a head are rotated: all."""
    return {"rope.dimension_count": head_width(config)}


def frequencies(config: Json) -> Iterator[GgufTensor]:
    """The factors of Llama 3.1's longer context, one for each pair of channels."""
    parameters = rotation(config)
    if parameters.get("full_attention", parameters).get("rope_type") == "llama3":
        yield GgufTensor("rope_freqs.weight", (head_width(config) // 2,), (), True)


ROWS = (
    Row(
        "llama",
        ("llama", "mistral"),
        KEYS,
        writes=(rope, rotated),
        beside=frequencies,
    ),
    Row(
        "llama",
        ("mixtral",),
        {key: held for key, held in KEYS.items() if key not in WIDTH},
        writes=(rope, rotated),
    ),
    Row("arcee", ("arcee",), KEYS, writes=(rope, rotated), beside=frequencies),
    Row("smollm3", ("smollm3",), KEYS, writes=(rope, rotated), beside=frequencies),
)
