"""DeepSeek's models and others with latent attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.changes import latent_keys_and_values
from llm_gallery.conversion.hyperparameters import first, rotation
from llm_gallery.conversion.keys import EXPERTS, PLAIN, RMS, SIGMOID, rope, scores
from llm_gallery.conversion.rest import holds, in_turn, key, number, undrafted
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
KEYS: Spelled = {
    **PLAIN,
    **RMS,
    **EXPERTS,
    "expert_count": ("n_routed_experts", "num_experts"),
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


def rest(stored: Stored, said: Json) -> Json:
    """Widths that files have joined, and by what experts are scored, which tells V3's kin from V2's."""

    rotated, both = said.get("qk_rope_head_dim"), key(stored, "attention.key_length_mla")
    sigmoid = key(stored, "expert_gating_func") == SIGMOID or holds(stored, "exp_probs_b.bias")
    made: dict[str, Any] = {
        "model_type": "deepseek_v3" if sigmoid else "deepseek_v2",
        "num_key_value_heads": said.get("num_attention_heads"),
        "first_k_dense_replace": key(stored, "leading_dense_block_count"),
        "norm_topk_prob": bool(key(stored, "expert_weights_norm")),
        "q_lora_rank": said.get("q_lora_rank"),
        "kv_lora_rank": key(stored, "attention.kv_lora_rank"),
        "moe_intermediate_size": key(stored, "expert_feed_forward_length"),
    }
    if not sigmoid and number(stored, "expert_group_count") > 1:
        made["topk_method"] = "group_limited_greedy"
    if isinstance(both, int) and isinstance(rotated, int):
        made["qk_nope_head_dim"] = both - rotated
    length = key(stored, "rope.scaling.yarn_log_multiplier")
    if isinstance(length, float | int) and "rope_scaling" in said:
        scale = 10 * length
        made["rope_scaling"] = {**said["rope_scaling"], "mscale": scale, "mscale_all_dim": scale}
    return made


LATENT = {"kv_b_proj.weight": latent_keys_and_values}

ROWS = (
    Row(
        "deepseek2",
        ("deepseek_v2", "deepseek_v3", "kimi_k2", "kimi_k25"),
        KEYS,
        writes=(rope, scores, latent, mscale),
        changes=LATENT,
        rest=in_turn(undrafted, rest),
    ),
)
