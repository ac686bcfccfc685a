"""Liquid's models, most of whose layers convolve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.changes import without_ones
from llm_gallery.conversion.keys import EXPERTS, PLAIN, RMS, SIGMOID, rope
from llm_gallery.conversion.rest import by_layer
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
KEYS: Spelled = {
    **PLAIN,
    **RMS,
    "vocab_size": "vocab_size",
    "shortconv.l_cache": ("conv_L_cache",),
}
NAMES = {
    "embedding_norm": "token_embd_norm",
    "operator_norm": "attn_norm",
    "ffn_norm": "ffn_norm",
    "conv.in_proj": "shortconv.in_proj",
    "conv.out_proj": "shortconv.out_proj",
    "self_attn.out_proj": "attn_output",
    "feed_forward.w1": "ffn_gate",
    "feed_forward.w2": "ffn_down",
    "feed_forward.w3": "ffn_up",
    "feed_forward.gate": "ffn_gate_inp",
}
CHANGES = {
    "conv.conv.weight": without_ones("shortconv.conv.weight"),
    "feed_forward.expert_bias": lambda shape, config: [("exp_probs_b.bias", shape)],
}


def kinds(config: Json) -> list[str]:
    """What mixes tokens in each layer."""
    stated = config.get("layer_types")
    if stated:
        return list(stated)
    attends = config.get("full_attn_idxs") or range(config["num_hidden_layers"])
    return [
        "full_attention" if layer in attends else "conv"
        for layer in range(config["num_hidden_layers"])
    ]


def attended(config: Json) -> Json:
    """Heads of keys and values by layer: none where a layer convolves."""
    heads = config["num_key_value_heads"]
    held = [heads if kind == "full_attention" else 0 for kind in kinds(config)]
    return {"attention.head_count_kv": held}


def adjusted(config: Json) -> Json:
    """How wide feed-forward parts are: two thirds of what is stated, rounded up, unless that is off."""
    width = config.get("block_ff_dim") or config["intermediate_size"]
    if config.get("block_auto_adjust_ff_dim", True):
        width = int(2 * width / 3)
        width = int((config.get("block_ffn_dim_multiplier") or 1) * width)
        unit = config.get("block_multiple_of", 256)
        width = -(-width // unit) * unit
    return {"feed_forward_length": width}


def scored(config: Json) -> Json:
    """Experts are scored by a sigmoid each."""
    return {"expert_gating_func": SIGMOID}


def rest(stored: Stored, said: Json) -> Json:
    """Which layers attend; how wide feed-forward parts are is said as it is."""
    counts = by_layer(stored, "attention.head_count_kv")
    return {
        "num_key_value_heads": max(counts, default=None),
        "layer_types": ["full_attention" if count else "conv" for count in counts],
        "block_auto_adjust_ff_dim": False,
    }


ROWS = (
    Row(
        "lfm2", ("lfm2",), KEYS, (rope, attended, adjusted), names=NAMES, changes=CHANGES, rest=rest
    ),
    Row(
        "lfm2moe",
        ("lfm2_moe",),
        {
            **KEYS,
            **EXPERTS,
            "expert_feed_forward_length": "moe_intermediate_size",
            "leading_dense_block_count": "num_dense_layers",
        },
        (rope, attended, scored),
        names=NAMES,
        changes=CHANGES,
        rest=rest,
    ),
)
