"""What a GGUF tells of a model beside the keys that a row spells: lists by layer, and which tensors there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.row import Told
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]


def key(stored: Stored, end: str) -> Any:
    """The value of a key of the file's architecture; None where the file has none."""
    return stored.metadata.get(f"{stored.metadata.get('general.architecture')}.{end}")


def by_layer(stored: Stored, end: str) -> list[Any]:
    """A key's values by layer; nothing where it has one for all."""
    value = key(stored, end)
    return value if isinstance(value, list) else []


def holds(stored: Stored, end: str) -> bool:
    """Whether a tensor of any layer, or outside of all, has a name that ends so."""
    return any(tensor.name == end or tensor.name.endswith(f".{end}") for tensor in stored.tensors)


def in_turn(*parts: Told) -> Told:
    """What several tell, each of what those before it have."""

    def told(stored: Stored, said: Json) -> Json:
        made: dict[str, Any] = {}
        for part in parts:
            made |= part(stored, {**said, **made})
        return made

    return told


def undrafted(stored: Stored, said: Json) -> Json:
    """The number of layers without those that predict further tokens, which files count with the others."""
    drafts, layers = key(stored, "nextn_predict_layers") or 0, said.get("num_hidden_layers")
    if not isinstance(drafts, int) or not isinstance(layers, int) or drafts >= layers:
        return {}
    return {"num_hidden_layers": layers - drafts, "num_nextn_predict_layers": drafts}


def windows(stored: Stored, said: Json) -> Json:
    """Which layers attend to a window, and which to all tokens."""
    slides = by_layer(stored, "attention.sliding_window_pattern")[: said["num_hidden_layers"]]
    kinds = ["sliding_attention" if slide else "full_attention" for slide in slides]
    return {"layer_types": kinds} if kinds else {}


def parts(stored: Stored, said: Json) -> list[str]:
    """Whether each layer has experts, "sparse", or a feed-forward part for all tokens, "dense"."""
    held = {tensor.name for tensor in stored.tensors}
    layers = range(said["num_hidden_layers"])
    return ["sparse" if f"blk.{n}.ffn_gate_inp.weight" in held else "dense" for n in layers]


def heads(stored: Stored, said: Json) -> Json:
    """Heads of keys and values, which files have none of in layers that don't attend."""
    held = by_layer(stored, "attention.head_count_kv")
    return {"num_key_value_heads": max(held)} if held else {}


def partly(stored: Stored, said: Json) -> Json:
    """The share of a head's channels that is rotated."""
    rotated, width = key(stored, "rope.dimension_count"), key(stored, "attention.key_length")
    if not isinstance(rotated, int) or not isinstance(width, int) or width < 1:
        return {}
    return {"partial_rotary_factor": rotated / width}


def biased(spelled: str = "attention_bias") -> Told:
    """Whether queries, keys and values have a bias."""
    names = ("attn_q.bias", "attn_qkv.bias")
    return lambda stored, said: {spelled: any(holds(stored, name) for name in names)}


def factors(stored: Stored) -> str:
    """The factors of a longer context, which no key says."""
    for name in ("rope_freqs.weight", "rope_factors_long.weight"):
        if holds(stored, name):
            return f"by which factors its context is extended: they are the values of {name}"
    return ""
