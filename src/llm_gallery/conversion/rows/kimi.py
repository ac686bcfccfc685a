"""Kimi Linear: layers of delta attention, and some of latent attention."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.changes import latent_keys_and_values
from llm_gallery.conversion.keys import EXPERTS, PLAIN, RMS, rope, scores
from llm_gallery.conversion.rest import by_layer, key
from llm_gallery.conversion.row import Change, Row, Shape, Spelled
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
    return bool(config.get("model_type") == "kimi_linear")


def convolution(name: str) -> Change:
    """Channels and taps, with axes of one as llama.cpp's kernel wants them."""

    def change(shape: Shape, config: Json) -> list[tuple[str, Shape]]:
        return [(f"{name}.weight", (1, shape[0], 1, shape[-1]))]

    return change


def rest(stored: Stored, said: Json) -> Json:
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


NAMES = {
    "f_a_proj": "ssm_f_a",
    "f_b_proj": "ssm_f_b",
    "g_a_proj": "ssm_g_a",
    "g_b_proj": "ssm_g_b",
    "b_proj": "ssm_beta",
    "o_norm": "ssm_norm",
}
CHANGES = {
    "self_attn.A_log": lambda shape, config: [("ssm_a", shape)],
    "self_attn.dt_bias": lambda shape, config: [("ssm_dt.bias", shape)],
    "q_conv1d.weight": convolution("ssm_conv1d_q"),
    "k_conv1d.weight": convolution("ssm_conv1d_k"),
    "v_conv1d.weight": convolution("ssm_conv1d_v"),
    "kv_b_proj.weight": latent_keys_and_values,
}


def bounded(config: Json) -> Json:
    """How slowly Kimi K3's states fade at least."""
    return {"kda.gate_lower_bound": config["linear_attn_config"]["gate_lower_bound"]}


def joined(name: str) -> Change:
    """A norm's weights times those of a projection to one number."""
    return lambda shape, config: [(name, shape[1:])]


def gated(name: str, config: Json) -> str:
    """Kimi K3's gates of latent attention by a name of their own: states have others, called alike."""
    found = re.search(r"layers\.(\d+)\.self_attn\.g_proj\.", name, re.ASCII)
    if found is None or int(found[1]) + 1 not in config["linear_attn_config"]["full_attn_layers"]:
        return name
    return name.replace("self_attn.g_proj.", "self_attn.gate.")


ROWS = (
    Row(
        "kimi-linear",
        ("kimi_linear",),
        KEYS,
        (rope, scores, mixed),
        names=NAMES,
        changes=CHANGES,
        where=linear,
        rest=rest,
    ),
    Row(
        "kimi-k3",
        ("kimi_k3",),
        {
            **{
                key: held
                for key, held in KEYS.items()
                if not key.startswith("attention.layer_norm")
            },
            "attention.value_length": "kv_lora_rank",
            "expert_weights_norm": "moe_renormalize",
            "expert_latent_length": "routed_expert_hidden_size",
            "activation.situ_beta": "activation_situ_beta",
            "activation.situ_linear_beta": "activation_situ_linear_beta",
            "attn_res.block_size": "attn_res_block_size",
        },
        (scores, mixed, bounded),
        names={
            **NAMES,
            "self_attn.g_proj": "ssm_g",
            "self_attn.gate": "attn_gate",
            "routed_expert_down_proj": "ffn_routed_down",
            "routed_expert_up_proj": "ffn_routed_up",
            "routed_expert_norm": "ffn_routed_norm",
        },
        changes={
            **CHANGES,
            "self_attn.A_log": lambda shape, config: [("ssm_a", (config["num_attention_heads"],))],
            "self_attention_res_proj.weight": joined("attn_res_score.weight"),
            "mlp_res_proj.weight": joined("ffn_res_score.weight"),
            "output_attn_res_proj.weight": joined("output_res_score.weight"),
        },
        left_out=(
            "self_attention_res_norm.weight",
            "mlp_res_norm.weight",
            "output_attn_res_norm.weight",
        ),
        placed=gated,
        lost="how it sums its layers",
    ),
)
