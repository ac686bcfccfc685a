"""Keys that most architectures of llama.cpp have, with how configs spell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.hyperparameters import first, rotation
from llm_gallery.conversion.row import Spelled

Json = Mapping[str, Any]
SOFTMAX, SIGMOID, SQRT_SOFTPLUS = 1, 2, 4
"""How llama.cpp numbers the functions that score experts."""
SCORES = {"softmax": SOFTMAX, "sigmoid": SIGMOID, "sqrtsoftplus": SQRT_SOFTPLUS}
PLAIN: Spelled = {
    "block_count": ("num_hidden_layers", "n_layers", "n_layer", "num_layers"),
    "context_length": ("max_position_embeddings", "n_ctx", "n_positions", "max_sequence_length", "model_max_length"),
    "embedding_length": ("hidden_size", "n_embd", "dim"),
    "feed_forward_length": ("intermediate_size", "n_inner", "hidden_dim"),
    "attention.head_count": ("num_attention_heads", "n_head", "n_heads"),
    "attention.head_count_kv": ("num_key_value_heads", "n_kv_heads"),
}  # fmt: skip
RMS: Spelled = {"attention.layer_norm_rms_epsilon": ("rms_norm_eps", "norm_eps")}
NORM: Spelled = {
    "attention.layer_norm_epsilon": ("layer_norm_eps", "layer_norm_epsilon", "norm_epsilon")
}
WIDTH: Spelled = {"attention.key_length": "head_dim", "attention.value_length": "head_dim"}
EXPERTS: Spelled = {
    "expert_count": ("num_experts", "num_local_experts", "n_routed_experts"),
    "expert_used_count": ("num_experts_per_tok", "num_experts_per_token", "top_k_experts"),
    "expert_group_count": "n_group",
    "expert_group_used_count": "topk_group",
}
BASE: Spelled = {**PLAIN, **RMS, **WIDTH}
"""Of a dense decoder whose norms divide by the root mean square."""
SCALING = {
    "factor": "factor",
    "original_context_length": "original_max_position_embeddings",
    "yarn_ext_factor": "extrapolation_factor",
    "yarn_attn_factor": "attention_factor",
    "yarn_beta_fast": "beta_fast",
    "yarn_beta_slow": "beta_slow",
}
"""Keys after `rope.scaling`, and those of a config's `rope_parameters`."""
SCALED = {"linear": ("factor",), "yarn": tuple(SCALING), "su": (), "longrope": ()}
"""Kinds of a context extension that a key names, with the keys beside it."""


def rope(config: Json) -> Json:
    """How queries and keys are rotated, and by what the context is extended."""
    parameters = rotation(config)
    full = parameters.get("full_attention", parameters)
    sliding = parameters.get("sliding_attention", {})
    made = {
        "rope.freq_base": full.get("rope_theta"),
        "rope.freq_base_swa": sliding.get("rope_theta"),
    }
    kind = full.get("rope_type")
    if kind in SCALED and (full.get("factor") is not None or not SCALED[kind]):
        made["rope.scaling.type"] = "longrope" if kind == "su" else kind
        made |= {f"rope.scaling.{end}": full.get(SCALING[end]) for end in SCALED[kind]}
    if isinstance(sections := parameters.get("mrope_section"), list):
        made["rope.dimension_sections"] = [*sections, 0, 0, 0, 0][:4]
    return made


def scores(config: Json) -> Json:
    """What scores experts, where the config says it."""
    spelled = ("score_function", "scoring_func", "score_func", "moe_router_activation")
    named = first(config, (*spelled, "moe_router_activation_func", "expert_selection_fn"))
    return {"expert_gating_func": SCORES.get(named)}
