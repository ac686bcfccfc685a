"""Models some of whose layers attend to a window: Exaone 4, MiMo V2, Laguna, Trinity."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from llm_gallery.conversion.hyperparameters import head_width, rotation
from llm_gallery.conversion.keys import BASE, EXPERTS, SIGMOID, rope, scores
from llm_gallery.conversion.names import SANDWICH
from llm_gallery.conversion.rest import (
    by_layer,
    factors,
    holds,
    in_turn,
    key,
    layers,
    partly,
    parts,
    undrafted,
    windows,
)
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.conversion.rows.llama import frequencies
from llm_gallery.conversion.rows.mixtures import BALANCE
from llm_gallery.conversion.rows.qwen_hybrid import placed
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
WINDOW: Spelled = {"attention.sliding_window": "sliding_window", "vocab_size": "vocab_size"}
MIXTURE: Spelled = {
    **BASE,
    **EXPERTS,
    **WINDOW,
    "expert_feed_forward_length": "moe_intermediate_size",
}
MIMO_DRAFTS = 3
"""Layers of MiMo V2 that predict further tokens; its configs don't count them."""


def slides(config: Json) -> Json:
    """Which layers attend to a window."""
    if config.get("sliding_window") is None:
        return {}
    kinds = config["layer_types"]
    return {"attention.sliding_window_pattern": [kind == "sliding_attention" for kind in kinds]}


def exaone(config: Json) -> Json:
    """Exaone's experts, and its layers that predict a further token."""
    drafts = config.get("num_nextn_predict_layers") or 0
    dense = config.get("first_k_dense_replace", config.get("first_last_k_dense_replace", 0))
    shared = config["num_shared_experts"]
    return {
        "block_count": config["num_hidden_layers"] + drafts,
        "nextn_predict_layers": drafts,
        "leading_dense_block_count": dense,
        "expert_shared_feed_forward_length": config["moe_intermediate_size"] * shared,
        "rope.scaling.type": "none",
    }


def mimo(config: Json) -> Json:
    """Which of MiMo's layers attend to a window, with more heads; those that predict further tokens do."""
    pattern = [*config["hybrid_layer_pattern"], *[1] * MIMO_DRAFTS]
    few, more = config["num_key_value_heads"], config["swa_num_key_value_heads"]
    part = config["partial_rotary_factor"]
    return {
        "block_count": len(pattern),
        "attention.head_count_kv": [more if slide else few for slide in pattern],
        "attention.sliding_window_pattern": pattern,
        "attention.value_length": config["v_head_dim"],
        "attention.layer_norm_rms_epsilon": config.get("layernorm_epsilon", 1e-5),
        "rope.dimension_count": int(config["head_dim"] * part),
        "nextn_predict_layers": MIMO_DRAFTS,
        "vocab_size": None,
    }


def laguna(config: Json) -> Json:
    """Heads by layer, and how many channels are rotated in layers of both kinds."""
    layers, parameters = config["num_hidden_layers"], rotation(config)
    width = config["head_dim"]

    def part(kind: str) -> int | None:
        held = parameters.get(kind)
        return held and int(width * float(held.get("partial_rotary_factor", 1.0)))

    dense = takewhile(lambda kind: kind == "dense", config["mlp_layer_types"])
    heads = config.get("num_attention_heads_per_layer")
    return {
        "attention.head_count": heads or [config["num_attention_heads"]] * layers,
        "attention.sliding_window": config.get("sliding_window") or None,
        "expert_weights_norm": True,
        "expert_gating_func": SIGMOID,
        "leading_dense_block_count": len(list(dense)),
        "rope.dimension_count": part("full_attention"),
        "rope.dimension_count_swa": part("sliding_attention"),
    }


def rotated(config: Json) -> Json:
    """How many channels of a head are rotated: all."""
    return {"rope.dimension_count": head_width(config)}


def further(name: str, config: Json) -> str:
    """MiMo's layers that predict further tokens follow the others."""
    layers = config["num_hidden_layers"]
    inside = re.fullmatch(r"model\.mtp\.layers\.(\d+)\.(.+)", name, re.ASCII)
    return name if inside is None else f"model.layers.{layers + int(inside[1])}.{inside[2]}"


def sparse(stored: Stored, said: Json) -> Json:
    """Which of Exaone's layers have experts."""
    return {"mlp_layer_types": parts(stored, said)}


def of_mimo(stored: Stored, said: Json) -> Json:
    """Which of MiMo's layers attend to a window, and with how many heads; the last predict further tokens."""
    pattern = by_layer(stored, "attention.sliding_window_pattern")[: layers(said)]
    counts = by_layer(stored, "attention.head_count_kv")
    of = dict(zip(pattern, counts, strict=False))
    routed = [int(part == "sparse") for part in parts(stored, said)]
    return {
        "hybrid_layer_pattern": [int(slide) for slide in pattern],
        "num_key_value_heads": of.get(0),
        "swa_num_key_value_heads": of.get(1),
        "swa_num_attention_heads": said.get("num_attention_heads"),
        "swa_rope_theta": key(stored, "rope.freq_base_swa"),
        "v_head_dim": key(stored, "attention.value_length"),
        "head_dim": key(stored, "attention.key_length"),
        "swa_head_dim": key(stored, "attention.key_length"),
        "swa_v_head_dim": key(stored, "attention.value_length"),
        "n_routed_experts": key(stored, "expert_count"),
        "moe_layer_freq": routed,
        "add_swa_attention_sink_bias": holds(stored, "attn_sinks.weight"),
        "add_full_attention_sink_bias": False,
        "attention_projection_layout": "fused_qkv" if holds(stored, "attn_qkv.weight") else "split",
        "scoring_func": "sigmoid",
    }


ROWS = (
    Row(
        "exaone4",
        ("exaone4",),
        {**BASE, **WINDOW},
        (rope, slides),
        names=SANDWICH,
        beside=frequencies,
        rest=windows,
        unsaid=factors,
    ),
    Row(
        "exaone-moe",
        ("exaone_moe",),
        {
            **MIXTURE,
            "expert_shared_count": "num_shared_experts",
            "expert_weights_scale": "routed_scaling_factor",
            "expert_weights_norm": "norm_topk_prob",
        },
        (rope, scores, slides, exaone),
        names=BALANCE,
        drafts=True,
        placed=placed,
        beside=frequencies,
        rest=in_turn(undrafted, windows, sparse),
    ),
    Row(
        "mimo2",
        ("mimo_v2", "mimo_v2_flash"),
        {**MIXTURE, "attention.value_scale": "attention_value_scale"},
        (rope, scores, mimo),
        names={"pre_mlp_layernorm": "ffn_norm", "final_layernorm": "layer_output_norm"},
        changes={
            "self_attn.attention_sink_bias": lambda shape, config: [("attn_sinks.weight", shape)]
        },
        drafts=True,
        placed=further,
        implied={
            "hidden_act": "silu",
            "tie_word_embeddings": False,
            "norm_topk_prob": True,
            "routed_scaling_factor": None,
            "n_shared_experts": None,
            "topk_method": "noaux_tc",
            "attention_bias": False,
        },
        rest=in_turn(undrafted, partly, of_mimo),
    ),
    Row(
        "laguna",
        ("laguna",),
        {
            **MIXTURE,
            "expert_shared_feed_forward_length": "shared_expert_intermediate_size",
            "expert_weights_scale": "moe_routed_scaling_factor",
        },
        (rope, laguna),
        names={"g_proj": "attn_gate", **BALANCE},
        lost="how its values are gated, and how each kind of layer is rotated",
    ),
    Row(
        "afmoe",
        ("afmoe",),
        {
            **MIXTURE,
            "expert_shared_count": "num_shared_experts",
            "leading_dense_block_count": "num_dense_layers",
            "expert_weights_norm": "route_norm",
            "expert_weights_scale": "route_scale",
        },
        (rope, rotated),
        names={
            "self_attn.gate_proj": "attn_gate",
            "post_attention_layernorm": "post_attention_norm",
            "pre_mlp_layernorm": "ffn_norm",
            "post_mlp_layernorm": "post_ffw_norm",
            "router.gate": "ffn_gate_inp",
        },
        changes={"mlp.expert_bias": lambda shape, config: [("exp_probs_b.bias", shape)]},
    ),
)
