"""Ling 3: layers of delta attention, and each fourth or so of latent attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.keys import rope, scores
from llm_gallery.conversion.row import Row, Shape
from llm_gallery.conversion.rows.kimi import CHANGES, KEYS, NAMES
from llm_gallery.conversion.rows.mixtures import BAILING

Json = Mapping[str, Any]


def third(config: Json) -> bool:
    """Whether a config is of Ling 3: others of its model_type keep states otherwise."""
    return bool(config.get("no_kda_lora"))


def grouped(config: Json) -> Json:
    """Which layers are latent, the last of each group, and those that predict a further token."""
    layers, group = config["num_hidden_layers"], config["layer_group_size"]
    drafts = config.get("num_nextn_predict_layers") or 0
    whole = layers // group * group
    latent = [(layer + 1) % group == 0 or layer >= whole for layer in range(layers)]
    rank, rotated = config["kv_lora_rank"], config["qk_rope_head_dim"]
    return {
        "block_count": layers + drafts,
        "nextn_predict_layers": drafts or None,
        "attention.head_count_kv": [*(int(layer) for layer in latent), *[1] * drafts],
        "attention.key_length": rank + rotated,
        "attention.key_length_mla": config["qk_nope_head_dim"] + rotated,
        "expert_shared_feed_forward_length": config["moe_intermediate_size"],
        "kda.safe_gate": True,
    }


def clamps(config: Json) -> Json:
    """By layer, what gated values are clamped to; zero where they aren't, as transformers fills in a list left out."""
    count = config["num_hidden_layers"] + (config.get("num_nextn_predict_layers") or 0)
    spelled = {
        "swiglu_clamp_exp": "expert_swiglu_limit_list",
        "swiglu_clamp_shexp": "share_expert_swiglu_limit_list",
    }
    return {
        key: [*(float(limit or 0) for limit in config.get(name) or ()), *[0.0] * count][:count]
        for key, name in spelled.items()
    }


def by_head(shape: Shape, config: Json) -> list[tuple[str, Shape]]:
    """How fast states fade, one number a head."""
    return [("ssm_a", (*shape, 1))]


def gate(shape: Shape, config: Json) -> list[tuple[str, Shape]]:
    """What gates values: each channel where a layer keeps a state, each head where it doesn't."""
    heads = config["num_attention_heads"]
    return [("attn_gate.weight" if shape[0] == heads else "ssm_g_a.weight", shape)]


ROWS = (
    Row(
        "bailingmoe3",
        ("bailing_hybrid",),
        {
            **KEYS,
            "expert_group_count": "n_group",
            "ssm.conv_kernel": "short_conv_kernel_size",
            "kda.head_dim": "head_dim",
            "kda.gate_lower_bound": "kda_lower_bound",
            "expert_weights_norm": "norm_topk_prob",
        },
        (rope, scores, grouped, clamps),
        names={
            **NAMES,
            **BAILING,
            "f_proj": "ssm_f_a",
            "final_layernorm": "layer_output_norm",
        },
        changes={
            **CHANGES,
            "attention.A_log": by_head,
            "attention.dt_bias": CHANGES["self_attn.dt_bias"],
            "attention.g_proj.weight": gate,
            "gate.expert_bias": lambda shape, config: [("exp_probs_b.bias", shape)],
        },
        drafts=True,
        where=third,
        lost="how its values are gated",
    ),
)
