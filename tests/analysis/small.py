"""Models small enough to count on paper."""

from __future__ import annotations

from typing import Any

from llm_gallery.architecture.block import Architecture
from llm_gallery.recognition import describe

SIZES: dict[str, Any] = {
    "hidden_size": 8,
    "intermediate_size": 6,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 4,
    "vocab_size": 10,
    "max_position_embeddings": 64,
    "tie_word_embeddings": False,
    "hidden_act": "silu",
}
EXPERTS = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 3}
LATENT = {
    "q_lora_rank": 5,
    "kv_lora_rank": 6,
    "qk_nope_head_dim": 3,
    "qk_rope_head_dim": 2,
    "v_head_dim": 4,
    "n_routed_experts": 4,
    "n_shared_experts": 1,
    "num_experts_per_tok": 2,
    "moe_intermediate_size": 3,
    "first_k_dense_replace": 1,
    "n_group": 1,
    "topk_group": 1,
    "num_nextn_predict_layers": 0,
}
DELTA = {
    "partial_rotary_factor": 0.5,  # of 4 channels
    "linear_num_key_heads": 1,
    "linear_num_value_heads": 2,
    "linear_key_head_dim": 3,
    "linear_value_head_dim": 5,
    "linear_conv_kernel_dim": 4,
    "shared_expert_intermediate_size": 3,
    "layer_types": ["linear_attention", "full_attention"],
}


def small(model_type: str, **more: Any) -> Architecture:
    """A model of that type with two layers of width 8, two query heads of 4 and one key head."""
    return describe({"model_type": model_type, **SIZES, **more})
