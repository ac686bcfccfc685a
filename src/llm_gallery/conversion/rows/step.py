"""Step's models, whose layers attend to a window or to all, with other heads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.keys import BASE, rope, scores
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.conversion.rows.llama import frequencies

Json = Mapping[str, Any]
KEYS: Spelled = {
    **BASE,
    "attention.sliding_window": "sliding_window",
    "expert_count": "moe_num_experts",
    "expert_used_count": "moe_top_k",
    "expert_feed_forward_length": "moe_intermediate_size",
    "expert_shared_feed_forward_length": "share_expert_dim",
    "expert_weights_scale": "moe_router_scaling_factor",
    "expert_weights_norm": "norm_expert_weight",
}


def bases(config: Json) -> Json:
    """Bases of the rotation, the first layer's of all tokens and the second's of a window."""
    stated = config["rope_theta"]
    full, sliding = stated[:2] if isinstance(stated, list) else (stated, None)
    return {"rope.freq_base": float(full), "rope.freq_base_swa": sliding and float(sliding)}


def layered(config: Json) -> Json:
    """What each layer has, those that predict a further token among them."""
    layers = config["num_hidden_layers"]
    drafts = config.get("num_nextn_predict_layers") or 0
    kinds = [*config["layer_types"], *["full_attention"] * (layers + drafts)][: layers + drafts]
    other = config.get("attention_other_setting") or {}
    heads = config["num_attention_heads"]
    groups = config["num_attention_groups"]
    slides = [kind == "sliding_attention" for kind in kinds]
    routed = config.get("moe_layers_enum") or ""
    dense = min((int(layer) for layer in routed.split(",") if layer), default=0)
    narrow, few = other.get("num_attention_heads", heads), other.get("num_attention_groups", groups)
    return {
        "block_count": len(kinds),
        "attention.head_count": [narrow if slide else heads for slide in slides],
        "attention.head_count_kv": [few if slide else groups for slide in slides],
        "attention.sliding_window_pattern": slides,
        "leading_dense_block_count": dense,
        "moe_every_n_layers": config.get("moe_every_n_layer", 1),
        "nextn_predict_layers": drafts or None,
    }


def clamps(config: Json) -> Json:
    """By layer, what gated values are clamped to; nothing in layers that predict a further token."""
    layers = config["num_hidden_layers"] + (config.get("num_nextn_predict_layers") or 0)

    def padded(key: str) -> list[float] | None:
        stated = config.get(key)
        if stated is None:
            return None
        return [*(float(limit or 0) for limit in stated), *[0.0] * layers][:layers]

    return {
        "swiglu_clamp_exp": padded("swiglu_limits"),
        "swiglu_clamp_shexp": padded("swiglu_limits_shared"),
    }


ROWS = (
    Row(
        "step35",
        ("step3p5", "step3p7"),
        KEYS,
        (rope, scores, bases, layered, clamps),
        names={
            "g_proj": "attn_gate",
            "moe.gate": "ffn_gate_inp",
            "moe.gate_proj": "ffn_gate_exps",
            "moe.up_proj": "ffn_up_exps",
            "moe.down_proj": "ffn_down_exps",
            "share_expert.gate_proj": "ffn_gate_shexp",
            "share_expert.up_proj": "ffn_up_shexp",
            "share_expert.down_proj": "ffn_down_shexp",
            "shared_head.output": "nextn.shared_head_head",
        },
        changes={"moe.router_bias": lambda shape, config: [("exp_probs_b.bias", shape)]},
        drafts=True,
        lost="by which factors its context is extended, and how its values are gated",
        beside=frequencies,
    ),
)
