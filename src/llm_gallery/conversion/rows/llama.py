"""Llama and what is written like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llm_gallery.conversion.hyperparameters import head_width, rotation
from llm_gallery.conversion.keys import BASE, EXPERTS, WIDTH, rope
from llm_gallery.conversion.rest import factors
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.conversion.tensor import GgufTensor
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
BIAS = "blk.0.attn_q.bias"
FREQUENCIES = "rope_freqs.weight"
KEYS: Spelled = {**BASE, **EXPERTS, "vocab_size": "vocab_size"}


def rotated(config: Json) -> Json:
    """How many channels of a head are rotated: all."""
    return {"rope.dimension_count": head_width(config)}


def frequencies(config: Json) -> Iterator[GgufTensor]:
    """The factors of Llama 3.1's longer context, one for each pair of channels."""
    parameters = rotation(config)
    if parameters.get("full_attention", parameters).get("rope_type") == "llama3":
        yield GgufTensor(FREQUENCIES, (head_width(config) // 2,), "", True)


def rest(stored: Stored, said: Json) -> Json:
    """Whether layers have experts or biases, and how wide a head is."""
    if "num_experts" in said:
        used = {"num_experts_per_tok": said.get("num_experts_per_tok")}
        return {"model_type": "mixtral", "num_local_experts": said["num_experts"], **used}
    width = stored.metadata.get("llama.rope.dimension_count")
    return biased(stored, said) | ({"head_dim": width} if width and "head_dim" not in said else {})


def biased(stored: Stored, said: Json) -> dict[str, Any]:
    """Whether queries have a bias, and keys and values with them."""
    return {"attention_bias": any(tensor.name == BIAS for tensor in stored.tensors)}


ROWS = (
    Row(
        "llama",
        ("llama", "mistral"),
        KEYS,
        writes=(rope, rotated),
        beside=frequencies,
        rest=rest,
        unsaid=factors,
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
