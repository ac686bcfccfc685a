"""Releases whose own code transformers never took in, with what small configs of theirs may state besides."""

from __future__ import annotations

from collections.abc import Mapping

from tests.truth.naive import jais, klear, openelm, plamo, plamo2, rugpt3xl, telechat3
from tests.truth.naive.model import Naive

OF_RELEASES: Mapping[str, Naive] = {
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
