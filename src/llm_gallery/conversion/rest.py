"""What a GGUF tells of a model beside the keys that a row spells: lists by layer, and which tensors there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.conversion.row import Rest
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]


MOST_LAYERS = 10_000
"""More than any model has; a header that says more isn't counted out."""


def key(stored: Stored, end: str) -> Any:
    """The value of a key of the file's architecture; None where the file has none."""
    return stored.metadata.get(f"{stored.metadata.get('general.architecture')}.{end}")


def number(stored: Stored, end: str) -> int:
    """The whole number of a key; zero where the file has none such."""
    value = key(stored, end)
    return value if isinstance(value, int) and value > 0 else 0


def by_layer(stored: Stored, end: str) -> list[int]:
    """A key's whole numbers by layer; nothing where it has one for all, or others."""
    value = key(stored, end)
    listed = isinstance(value, list) and all(isinstance(item, int) for item in value)
    return value if listed else []


def layers(said: Json) -> int:
    """How many layers there are. Raises Refusal where that is no number, or more than any model has."""
    count = said.get("num_hidden_layers")
    if isinstance(count, int) and 0 < count <= MOST_LAYERS:
        return count
    raise Refusal(
        f"the GGUF's block_count is {quoted(count)}, expected an integer from 1 to {MOST_LAYERS:,}, with more than "
        "predict further tokens; give the config.json of the model that it was made of"
    )


def share(stored: Stored, said: Json, spelled: str) -> int:
    """How often a size of the config goes into that of the state; zero where one of them is no number."""
    inner, of = number(stored, "ssm.inner_size"), said.get(spelled)
    return inner // of if isinstance(of, int) and of > 0 else 0


def holds(stored: Stored, end: str) -> bool:
    """Whether a tensor of any layer, or outside of all, has a name that ends so."""
    return any(tensor.name == end or tensor.name.endswith(f".{end}") for tensor in stored.tensors)


def in_turn(*parts: Rest) -> Rest:
    """What several tell, each of what those before it have."""

    def rest(stored: Stored, said: Json) -> Json:
        made: dict[str, Any] = {}
        for part in parts:
            made |= part(stored, {**said, **made})
        return made

    return rest


def undrafted(stored: Stored, said: Json) -> Json:
    """The number of layers without those that predict further tokens, which files count with the others."""
    drafts = number(stored, "nextn_predict_layers")
    return {"num_hidden_layers": layers(said) - drafts, "num_nextn_predict_layers": drafts}


def windows(stored: Stored, said: Json) -> Json:
    """Which layers attend to a window, and which to all tokens."""
    slides = by_layer(stored, "attention.sliding_window_pattern")[: layers(said)]
    kinds = ["sliding_attention" if slide else "full_attention" for slide in slides]
    return {"layer_types": kinds} if kinds else {}


def parts(stored: Stored, said: Json) -> list[str]:
    """Whether each layer has experts, "sparse", or a feed-forward part for all tokens, "dense"."""
    held = {tensor.name for tensor in stored.tensors}
    routed = (f"blk.{layer}.ffn_gate_inp.weight" in held for layer in range(layers(said)))
    return ["sparse" if there else "dense" for there in routed]


def heads(stored: Stored, said: Json) -> Json:
    """Heads of keys and values, which files have none of in layers that don't attend."""
    held = by_layer(stored, "attention.head_count_kv")
    return {"num_key_value_heads": max(held)} if held else {}


def partly(stored: Stored, said: Json) -> Json:
    """The share of a head's channels that is rotated."""
    rotated, width = number(stored, "rope.dimension_count"), number(stored, "attention.key_length")
    return {"partial_rotary_factor": rotated / width} if rotated and width else {}


def biased(spelled: str = "attention_bias") -> Rest:
    """Whether queries, keys and values have a bias."""
    names = ("attn_q.bias", "attn_qkv.bias")
    return lambda stored, said: {spelled: any(holds(stored, name) for name in names)}


def factors(stored: Stored) -> str:
    """The factors of a longer context, which no key says."""
    for name in ("rope_freqs.weight", "rope_factors_long.weight"):
        if holds(stored, name):
            return f"by which factors its context is extended: they are the values of {name}"
    return ""
