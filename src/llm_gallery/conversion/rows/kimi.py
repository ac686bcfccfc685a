"""Kimi Linear: layers of delta attention, and some of latent attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.changes import latent_keys_and_values
from llm_gallery.conversion.keys import EXPERTS, PLAIN, RMS, rope, scores
from llm_gallery.conversion.row import Change, Row, Shape, Spelled
from llm_gallery.conversion.told import by_layer, key
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
KEYS: Spelled = {
    **PLAIN,
    **RMS,
    **EXPERTS,
    "context_length": ("model_max_length", "max_position_embeddings"),
    "vocab_size": "vocab_size",
    "attention.q_lora_rank": "q_lora_rank",
    "attention.kv_lora_rank": "kv_lora_rank",
    "attention.value_length": "head_dim",
    "attention.value_length_mla": "v_head_dim",
    "rope.dimension_count": "qk_rope_head_dim",
    "expert_feed_forward_length": "moe_intermediate_size",
    "expert_shared_count": "num_shared_experts",
    "leading_dense_block_count": "first_k_dense_replace",
    "expert_weights_scale": "routed_scaling_factor",
}


def mixed(config: Json) -> Json:
    """Widths of both kinds of attention, and which layers are latent; those are numbered from one."""
    linear = config["linear_attn_config"]
    rank, rotated = config["kv_lora_rank"], config["qk_rope_head_dim"]
    layers = range(1, config["num_hidden_layers"] + 1)
    return {
        "attention.head_count_kv": [int(layer in linear["full_attn_layers"]) for layer in layers],
        "attention.key_length": rank + rotated,
        "attention.key_length_mla": config["qk_nope_head_dim"] + rotated,
        "ssm.conv_kernel": linear["short_conv_kernel_size"],
        "kda.head_dim": linear["head_dim"],
    }


def linear(config: Json) -> bool:
    """Whether a config is of Kimi Linear itself; Kimi K3's language model has the same model_type."""
    return bool(config["model_type"] == "kimi_linear")


def convolution(name: str) -> Change:
    """Channels and taps, with axes of one as llama.cpp's kernel wants them."""

    def change(shape: Shape, config: Json) -> list[tuple[str, Shape]]:
        return [(f"{name}.weight", (1, shape[0], 1, shape[-1]))]

    return change


def told(stored: Stored, said: Json) -> Json:
    """Which layers attend by latents, numbered from one, and widths that files have joined."""
    counts = by_layer(stored, "attention.head_count_kv")
    full = [layer for layer, count in enumerate(counts, 1) if count]
    rotated, both = said.get("qk_rope_head_dim"), key(stored, "attention.key_length_mla")
    made = {
        "num_key_value_heads": said.get("num_attention_heads"),
        "moe_router_activation_func": "sigmoid",
        "linear_attn_config": {
            "full_attn_layers": full,
            "kda_layers": [n for n in range(1, len(counts) + 1) if n not in full],
            "head_dim": key(stored, "kda.head_dim"),
            "num_heads": said.get("num_attention_heads"),
            "short_conv_kernel_size": key(stored, "ssm.conv_kernel"),
        },
    }
    if isinstance(both, int) and isinstance(rotated, int):
        made["qk_nope_head_dim"] = both - rotated
    return made


ROWS = (
    Row(
        "kimi-linear",
        ("kimi_linear",),
        KEYS,
        (rope, scores, mixed),
        names={
            "f_a_proj": "ssm_f_a",
            "f_b_proj": "ssm_f_b",
            "g_a_proj": "ssm_g_a",
            "g_b_proj": "ssm_g_b",
            "b_proj": "ssm_beta",
            "o_norm": "ssm_norm",
        },
        changes={
            "self_attn.A_log": lambda shape, config: [("ssm_a", shape)],
            "self_attn.dt_bias": lambda shape, config: [("ssm_dt.bias", shape)],
            "q_conv1d.weight": convolution("ssm_conv1d_q"),
            "k_conv1d.weight": convolution("ssm_conv1d_k"),
            "v_conv1d.weight": convolution("ssm_conv1d_v"),
            "kv_b_proj.weight": latent_keys_and_values,
        },
        where=linear,
        told=told,
    ),
)
