"""Releases whose own code transformers never took in, or not all of it, with what small configs of theirs may state besides."""

from __future__ import annotations

from collections.abc import Mapping

from tests.truth.naive import (
    exaone_moe,
    gigachat3_5,
    iquest_q1,
    jais,
    k2_horizon,
    klear,
    openelm,
    plamo,
    plamo2,
    rugpt3xl,
    telechat3,
)
from tests.truth.naive.model import Naive

OF_RELEASES: Mapping[str, Naive] = {
    "gigachat3_5": Naive(
        "gigachat-3.5-432b",
        gigachat3_5.scores,
        {
            "all temperatures": {
                "max_position_embeddings": 512,
                "rope_theta": 100.0,
                "rope_scaling": {
                    "beta_fast": 4.0,
                    "beta_slow": 0.5,
                    "factor": 8.0,
                    "mscale": 0.7,
                    "mscale_all_dim": 1.0,
                    "original_max_position_embeddings": 64,
                    "rope_type": "yarn",
                },
            },
            "gates as they are": {"layernorm_gating_weight": 1.0, "linear_sigmoid_gate_scale": 1.0},
            "groups": {"n_group": 4, "topk_group": 2},
            "kinds by name": {
                "full_attention_layers": None,
                "num_hidden_layers": 4,
                "layer_types": [
                    "full_attention",
                    "linear_attention",
                    "full_attention",
                    "linear_attention",
                ],
            },
            "no gate, latents as they are": {
                "gated_attention": False,
                "use_mla_scaling_factor": False,
            },
            "no limit": {"swiglu_limit": None},
            "norms of their own epsilon": {"linear_attn_o_norm_eps": 0.01},
            "one matrix of queries": {"q_lora_rank": None},
            "positions in halves, as long as trained": {
                "rope_interleave": False,
                "rope_scaling": None,
            },
        },
        {"swiglu_limit": 0.02},
    ),
    "exaone_moe": Naive(
        "k-exaone-2.0-750b-a37b",
        exaone_moe.scores,
        {
            "half of the groups": {"n_group": 4, "topk_group": 2},
            "plain scores": {"norm_topk_prob": False},
            "one expert, two that always run": {"num_experts_per_tok": 1, "num_shared_experts": 2},
            "one window": {"sliding_window": 3, "sliding_windows": None},
            "no limit": {"swiglu_limits": None},
        },
        {
            "num_hidden_layers": 6,
            "layer_types": ["full_attention", *["sliding_attention"] * 4, "full_attention"],
            "sliding_windows": [0, 7, 3, 3, 4, 0],
            "mlp_layer_types": ["dense", "dense", *["sparse"] * 4],
            "swiglu_limits": [0.0, 0.3, 0.0, 0.2, 0.1, None],
        },
    ),
    "iquest_q1": Naive(
        "iquest-q1-320b",
        iquest_q1.scores,
        {
            "a first layer's own factors": {
                "attn_out_scale": 0.7,
                "first_layer_attn_out_scale": 1.3,
                "first_layer_ffn_out_scale": 0.4,
                "logit_scale": 0.5,
            },
            "no sinks, all turned, tied": {
                "enable_sink_attention": False,
                "rotary_dim": None,
                "tie_word_embeddings": True,
            },
            "one unturned, a scale of its own, a later MLP": {
                "no_rope_layers": [1],
                "softmax_scale": 0.4,
                "mlp_only_layers": [1],
            },
            "no windows": {"use_sliding_window": False},
        },
    ),
    "jais": Naive(
        "jais-13b",
        jais.scores,
        {
            "heads that are no power of two": {"n_head": 6, "n_embd": 96},
            "plain, by the root, untied": {
                "activation_function": "gelu_new",
                "scale_qk_dot_by_d": False,
                "tie_word_embeddings": False,
            },
            "scores as they are": {"scale_attn_weights": False},
            "scores by the layer": {"scale_attn_by_inverse_layer_idx": True},
        },
    ),
    "k2_horizon": Naive(
        "k2-horizon-mova-36b-a4b",
        k2_horizon.scores,
        {
            "values of one matrix, heads turned in part": {
                "mova_num_experts": 0,
                "mova_num_experts_per_tok": 0,
                "attention_gate_func": None,
                "layernorm_num_groups": 1,
                "rope_head_dim": 8,
            },
            "one chosen, a softmax, no bias": {
                "mova_num_experts_per_tok": 1,
                "router_score_func": "softmax",
                "moe_gate_bias": False,
                "norm_topk_prob": False,
                "router_scaling_factor": None,
            },
            "each head its norm, a SiLU, four groups": {
                "query_key_norm": True,
                "attention_gate_func": "silu",
                "layernorm_num_groups": 4,
                "num_shared_experts": 2,
            },
            "dense, windowed, tied": {
                "num_experts": 0,
                "mova_num_experts": 0,
                "use_sliding_window": True,
                "sliding_window": 4,
                "tie_word_embeddings": True,
            },
            "every second": {"mlp_only_layers": [], "decoder_sparse_step": 2},
        },
    ),
    "klear": Naive(
        "klear-46b",
        klear.scores,
        {
            "biased, tied": {"attention_bias": True, "tie_word_embeddings": True},
            "every second, but for the fourth": {
                "decoder_sparse_step": 2,
                "mlp_only_layers": [3],
                "num_hidden_layers": 4,
            },
            "one expert": {"num_experts_per_tok": 1},
            "plain scores, two that always run": {"norm_topk_prob": False, "n_shared_experts": 2},
        },
    ),
    "openelm": Naive(
        "openelm-1.1b",
        openelm.scores,
        {
            "all layers alike": {"qkv_multipliers": 0.75, "ffn_multipliers": 2.6},
            "growing narrower": {"qkv_multipliers": [1.5, 0.1], "ffn_multipliers": [3.2, 0.05]},
            "no gate, no norms": {"ffn_with_glu": False, "normalize_qk_projections": False},
            "own keys, another base": {"num_gqa_groups": 1, "rope_freq_constant": 500},
            "a list of widths": {"ffn_multipliers": [1.0, 0.3, 2.0, 0.3, 0.11]},
        },
    ),
    "plamo": Naive(
        "plamo-13b",
        plamo.scores,
        {
            "all keys their own": {"n_shared_head": 1},
            "one key": {"n_shared_head": 9},
            "tied": {"tie_word_embeddings": True},
            "three keys": {"n_shared_head": 2, "num_attention_heads": 6, "hidden_size": 96},
        },
    ),
    "plamo2": Naive(
        "plamo-2-1b",
        plamo2.scores,
        {
            "attention alone, a full layer": {"mamba_enabled": False, "full_attention_idx": [1]},
            "two keys, untied": {"num_key_value_heads": 2, "tie_word_embeddings": False},
            "one in three": {"mamba_step": 3, "num_hidden_layers": 4, "mamba_num_heads": 3},
            "a short window": {"attention_window_size": 2, "mamba_d_conv": 2},
            "too few layers": {"mamba_step": 8, "num_hidden_layers": 3},
        },
    ),
    "rugpt3xl": Naive(
        "rugpt3xl",
        rugpt3xl.scores,
        {
            "all sparse, one choice": {
                "sparse_mode": "all",
                "sparse_num_different_global_patterns": 1,
            },
            "dense, untied": {"sparse_mode": "none", "tie_word_embeddings": False},
            "two blocks of each stretch": {
                "sparse_num_global_blocks": 2,
                "sparse_num_different_global_patterns": 2,
            },
        },
    ),
    "telechat3": Naive(
        "telechat3-36b",
        telechat3.scores,
        {
            "biased": {"attention_bias": True, "mlp_bias": True},
            "not stretched, tied": {"rope_scaling": None, "tie_word_embeddings": True},
            "stretched from a few tokens": {
                "max_position_embeddings": 128,
                "rope_theta": 100.0,
                "rope_scaling": {
                    "beta_fast": 4.0,
                    "beta_slow": 0.5,
                    "factor": 16.0,
                    "original_max_position_embeddings": 8,
                    "rope_type": "telechat3-yarn",
                },
            },
        },
    ),
}
