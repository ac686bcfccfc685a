"""DeepSeek's models and others with latent attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.changes import latent_keys_and_values
from llm_gallery.conversion.hyperparameters import first, rotation
from llm_gallery.conversion.keys import EXPERTS, PLAIN, RMS, rope, scores
from llm_gallery.conversion.row import Row, Spelled

Json = Mapping[str, Any]
KEYS: Spelled = {
    **PLAIN,
    **RMS,
    **EXPERTS,
    "vocab_size": "vocab_size",
    "attention.q_lora_rank": "q_lora_rank",
    "attention.kv_lora_rank": "kv_lora_rank",
    "attention.value_length": "kv_lora_rank",
    "attention.value_length_mla": "v_head_dim",
    "rope.dimension_count": "qk_rope_head_dim",
    "expert_feed_forward_length": ("moe_intermediate_size", "intermediate_size"),
    "expert_shared_count": "n_shared_experts",
    "expert_weights_scale": "routed_scaling_factor",
}


def latent(config: Json) -> Json:
    """Latents are one head of keys; what follows from widths that the config has apart."""
    rank, rotated = config["kv_lora_rank"], config["qk_rope_head_dim"]
    experts = first(config, ("n_routed_experts",))
    dense = config.get("first_k_dense_replace")
    if dense is None:
        dense = config["num_hidden_layers"] if experts is None else 0
    return {
        "attention.head_count_kv": 1,
        "attention.key_length": rank + rotated,
        "attention.key_length_mla": config["qk_nope_head_dim"] + rotated,
        "leading_dense_block_count": dense,
        "expert_shared_count": config.get("n_shared_experts", 0),
        "expert_weights_norm": config.get("norm_topk_prob") or None,
    }


def mscale(config: Json) -> Json:
    """What scales scores by the length of the context: a tenth of it, as files have had it from the first on."""
    stated = rotation(config).get("mscale_all_dim")
    return {} if stated is None else {"rope.scaling.yarn_log_multiplier": 0.1 * stated}


LATENT = {"kv_b_proj.weight": latent_keys_and_values}

ROWS = (
    Row(
        "deepseek2",
        ("deepseek_v2", "deepseek_v3", "kimi_k2", "kimi_k25"),
        KEYS,
        writes=(rope, scores, latent, mscale),
        changes=LATENT,
    ),
)
