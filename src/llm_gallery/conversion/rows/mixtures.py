"""Mixtures of experts whose layers all attend, each of a publisher of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.hyperparameters import head_width, rotation
from llm_gallery.conversion.keys import BASE, EXPERTS, PLAIN, RMS, SIGMOID, rope, scores
from llm_gallery.conversion.rest import key, undrafted
from llm_gallery.conversion.row import Row, Spelled

Json = Mapping[str, Any]
MIXTURE: Spelled = {**BASE, **EXPERTS, "vocab_size": "vocab_size"}
BALANCE = {"e_score_correction": "exp_probs_b"}
SHARED = {
    "shared_mlp.gate_proj": "ffn_gate_shexp",
    "shared_mlp.up_proj": "ffn_up_shexp",
    "shared_mlp.down_proj": "ffn_down_shexp",
}
HUNYUAN_CONTEXT = 256 * 1024
"""Tokens that Hunyuan's rotation is stretched to; configs say less."""
BAILING = {
    "word_embeddings": "token_embd",
    "attention.query_key_value": "attn_qkv",
    "attention.dense": "attn_output",
    "query_layernorm": "attn_q_norm",
    "key_layernorm": "attn_k_norm",
    "final_layernorm": "nextn.layer_output_norm",
}


def stretched(config: Json) -> Json:
    """Hunyuan's rotation, whose base grows with the factor of its context."""
    parameters = rotation(config)
    if parameters.get("rope_type") != "dynamic":
        return {}
    width = config["hidden_size"] // config["num_attention_heads"]
    factor = parameters.get("alpha", 1000)
    base = parameters.get("rope_theta", 10000.0)
    return {
        "rope.freq_base": base * (factor ** (width / (width - 2))),
        "rope.scaling.type": "none",
        "rope.scaling.factor": 1,
        "rope.scaling.original_context_length": HUNYUAN_CONTEXT,
        "context_length": HUNYUAN_CONTEXT,
    }


def hunyuan(config: Json) -> Json:
    """Experts of Hunyuan: as wide as feed-forward parts, as many in each layer."""
    used = config["moe_topk"]
    return {
        "expert_used_count": used[0] if isinstance(used, list) else used,
        "expert_feed_forward_length": config["intermediate_size"],
        "expert_shared_feed_forward_length": config["intermediate_size"],
        "expert_shared_count": 1,
    }


def ernie(config: Json) -> Json:
    """The shared experts of Ernie 4.5 are one, as wide as all."""
    shared = config.get("moe_num_shared_experts") or 0
    return {
        "expert_shared_count": shared,
        "expert_shared_feed_forward_length": shared * config["moe_intermediate_size"] or None,
    }


def bailing(config: Json) -> Json:
    """What Ling's layers are: first some without experts; those that predict a further token follow."""
    part = rotation(config).get("partial_rotary_factor", 0.5)
    width = config["moe_intermediate_size"] * config["num_shared_experts"]
    return {
        "rope.dimension_count": int(head_width(config) * part),
        "expert_shared_feed_forward_length": width,
        "expert_weights_norm": config.get("norm_topk_prob", True),
        "nextn_predict_layers": config.get("num_nextn_predict_layers") or 0,
    }


def hunyuan3(config: Json) -> Json:
    """Hunyuan 3's experts, scored by a sigmoid each, and its layers that predict a further token."""
    drafts = config.get("num_nextn_predict_layers") or 0
    shared = config.get("num_shared_experts", 1)
    return {
        "block_count": config["num_hidden_layers"] + drafts,
        "nextn_predict_layers": drafts or None,
        "expert_shared_feed_forward_length": config["moe_intermediate_size"] * shared,
        "expert_weights_norm": config.get("route_norm", True),
        "expert_weights_scale": config.get("router_scaling_factor", 1.0),
        "expert_gating_func": SIGMOID,
    }


ROWS = (
    Row(
        "dots1",
        ("dots1",),
        {
            **PLAIN,
            **RMS,
            **EXPERTS,
            "expert_count": ("n_routed_experts", "num_experts"),
            "expert_feed_forward_length": "moe_intermediate_size",
            "leading_dense_block_count": "first_k_dense_replace",
            "expert_shared_count": "n_shared_experts",
            "expert_weights_scale": "routed_scaling_factor",
            "expert_weights_norm": "norm_topk_prob",
        },
        (rope, scores),
    ),
    Row(
        "hy_v3",
        ("hy_v3",),
        {**BASE, **EXPERTS, "expert_feed_forward_length": "moe_intermediate_size"},
        (rope, hunyuan3),
        names={
            **SHARED,
            "router.gate": "ffn_gate_inp",
            "final_layernorm": "nextn.shared_head_norm",
        },
        changes={"mlp.expert_bias": lambda shape, config: [("exp_probs_b", shape)]},
        drafts=True,
        rest=undrafted,
    ),
    Row(
        "minimax-m2",
        ("minimax_m2",),
        {
            **BASE,
            **EXPERTS,
            "expert_feed_forward_length": "intermediate_size",
            "rope.dimension_count": "rotary_dim",
        },
        (rope, scores),
        names=BALANCE,
    ),
    Row(
        "hunyuan-moe",
        ("hunyuan_v1_moe",),
        {**BASE, **EXPERTS},
        (rope, stretched, hunyuan),
        lost="by what its context is extended",
        names={
            "query_layernorm": "attn_q_norm",
            "key_layernorm": "attn_k_norm",
            "gate.wg": "ffn_gate_inp",
            **SHARED,
        },
    ),
    Row(
        "ernie4_5-moe",
        ("ernie4_5_moe",),
        {
            **BASE,
            "expert_count": "moe_num_experts",
            "expert_used_count": "moe_k",
            "interleave_moe_layer_step": "moe_layer_interval",
            "leading_dense_block_count": "moe_layer_start_index",
            "expert_feed_forward_length": "moe_intermediate_size",
        },
        (rope, ernie),
        names=BALANCE,
        rest=lambda stored, said: {
            "moe_num_shared_experts": key(stored, "expert_shared_count") or 0
        },
    ),
    Row(
        "bailingmoe2",
        ("bailing_moe", "sarvam_moe"),
        {
            **MIXTURE,
            "leading_dense_block_count": "first_k_dense_replace",
            "expert_feed_forward_length": "moe_intermediate_size",
            "expert_weights_scale": "routed_scaling_factor",
            "expert_shared_count": "num_shared_experts",
        },
        (rope, scores, bailing),
        names=BAILING,
        changes={"gate.expert_bias": lambda shape, config: [("exp_probs_b.bias", shape)]},
        drafts=True,
        lost="by what its experts are scored, and whether queries are normed",
    ),
)
