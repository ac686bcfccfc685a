"""The config that the keys of a GGUF say: a row for each architecture that llama.cpp's converter writes.

Reference: conversion/ of llama.cpp (0c1e570)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.sources.gguf import Many
from llm_gallery.sources.stored import Stored

Json = dict[str, Any]
COMMON = {
    "block_count": "num_hidden_layers",
    "context_length": "max_position_embeddings",
    "embedding_length": "hidden_size",
    "feed_forward_length": "intermediate_size",
    "attention.head_count": "num_attention_heads",
    "attention.head_count_kv": "num_key_value_heads",
    "attention.layer_norm_rms_epsilon": "rms_norm_eps",
    "rope.freq_base": "rope_theta",
}
"""Keys after the name of the architecture, and a config's."""
HEADS = {**COMMON, "attention.key_length": "head_dim"}
EXPERTS = {**HEADS, "expert_count": "num_experts", "expert_used_count": "num_experts_per_tok"}
SCALING = {
    "factor": "factor",
    "original_context_length": "original_max_position_embeddings",
    "yarn_beta_fast": "beta_fast",
    "yarn_beta_slow": "beta_slow",
}
"""Keys after `rope.scaling`, and those of a config's `rope_scaling`."""


class Row(NamedTuple):
    """An architecture of llama.cpp: the model_type, its keys, and what all models of it have."""

    model_type: str
    keys: Mapping[str, str]
    constant: Mapping[str, Any] = {}


ROWS = {
    "arcee": Row("arcee", COMMON),
    "gemma2": Row("gemma2", {**HEADS, "attention.sliding_window": "sliding_window"}),
    "gemma3": Row("gemma3_text", {**HEADS, "attention.sliding_window": "sliding_window"}),
    "glm4": Row("glm4", COMMON),
    "gpt-oss": Row(
        "gpt_oss",
        {
            **HEADS,
            "expert_count": "num_local_experts",
            "expert_used_count": "num_experts_per_tok",
            "attention.sliding_window": "sliding_window",
        },
    ),
    "llama": Row("llama", {**HEADS, "rope.dimension_count": "head_dim"}),
    "olmo2": Row("olmo2", COMMON),
    "olmoe": Row("olmoe", EXPERTS),
    "qwen2": Row("qwen2", COMMON),
    "qwen3": Row("qwen3", HEADS),
    "qwen3moe": Row(
        "qwen3_moe",
        {**EXPERTS, "expert_feed_forward_length": "moe_intermediate_size"},
        {"norm_topk_prob": True},
    ),
    "qwen2moe": Row(
        "qwen2_moe",
        {
            **EXPERTS,
            "expert_feed_forward_length": "moe_intermediate_size",
            "expert_shared_feed_forward_length": "shared_expert_intermediate_size",
        },
    ),
    "seed_oss": Row("seed_oss", HEADS),
    "smollm3": Row("smollm3", COMMON),
}
VARIANTS = {
    ("llama", "expert_count"): Row(
        "mixtral",
        {**COMMON, "expert_count": "num_local_experts", "expert_used_count": "num_experts_per_tok"},
    ),
    ("olmo2", "attention.sliding_window"): Row(
        "olmo3", {**COMMON, "attention.sliding_window": "sliding_window"}
    ),
}
"""Rows of files that are called as others, and have a key that those haven't."""
SCALED_BY_WIDTH = {("gemma2", 46), ("gemma3", 62)}
"""Architectures with the layers of their largest model, whose queries llama.cpp scales by the width of all heads."""
BIAS = "blk.0.attn_q.bias"


def config_of(stored: Stored) -> Json:
    """The config that a GGUF says. Raises Refusal where it is no language model, or its architecture has no row."""
    held = stored.metadata
    name = held.get("general.architecture")
    kind = held.get("general.type", "model")
    if kind != "model" or name == "clip":
        what = "the projector (mmproj) of a model" if kind == "mmproj" or name == "clip" else kind
        raise Refusal(
            f"{stored.place} is {what}, expected a language model; give the model's own .gguf"
        )
    other = (row for (of, end), row in VARIANTS.items() if of == name and held.get(f"{of}.{end}"))
    row = next(other, ROWS.get(str(name)))
    if row is None:
        raise Refusal(
            f"{stored.place} is a GGUF of architecture {quoted(name)}, expected one of {', '.join(ROWS)}; give the "
            "config.json of the model that it was made of, or list its tensors with `llm-gallery check`"
        )
    said = {
        config: held[key] for end, config in row.keys.items() if (key := f"{name}.{end}") in held
    }
    tensors = {tensor.name: tensor.shape for tensor in stored.tensors}
    made = {"model_type": row.model_type, **row.constant, **said}
    match said:
        case {
            "num_hidden_layers": int(n),
            "hidden_size": int(width),
            "num_attention_heads": int(heads),
        } if heads > 0 and (name, n) in SCALED_BY_WIDTH:
            made["query_pre_attn_scalar"] = width // heads
    made["vocab_size"] = _vocabulary(held, str(name), tensors)
    if "token_embd.weight" in tensors and not stored.faults:
        made["tie_word_embeddings"] = "output.weight" not in tensors
        if row.model_type in ("glm4", "llama", "seed_oss"):
            made["attention_bias"] = BIAS in tensors
    scaling = _scaling(held, f"{name}.rope.scaling")
    return {**made, "rope_scaling": scaling} if scaling else made


def _vocabulary(
    held: Mapping[str, Any], name: str, tensors: Mapping[str, tuple[int, ...]]
) -> object:
    """Rows of the embedding; of a file without one, what its keys say."""
    tokens = held.get("tokenizer.ggml.tokens")
    listed = tokens.count if isinstance(tokens, Many) else None
    rows = tensors.get("token_embd.weight", ())
    return rows[0] if rows else held.get(f"{name}.vocab_size", listed)


def _scaling(held: Mapping[str, Any], stem: str) -> Json:
    kind = held.get(f"{stem}.type", "none")
    if kind not in ("yarn", "linear"):
        return {}
    keys = {end: held[key] for end in SCALING if (key := f"{stem}.{end}") in held}
    return {"rope_type": kind, **{SCALING[end]: value for end, value in keys.items()}}
