"""Families that transformers lacks, each with a second, naive writing of what the published code computes."""

from __future__ import annotations

from tests.truth.naive import (
    arctic,
    deepseek,
    grok1,
    grok_1,
    hunyuan,
    kimi_k3,
    minicpm_sala,
    motif,
    nemotron_nas,
    phi3small,
    phi4flash,
    rwkv5,
    rwkv7,
    solar_open2,
    spark2_5,
    step3_text,
    telechat,
    yuan,
)
from tests.truth.naive.model import Naive
from tests.truth.naive.models_of_fla import OF_FLA
from tests.truth.naive.models_of_releases import OF_RELEASES
from tests.truth.naive.parts import Config

YARN = {
    "rope_type": "yarn", "rope_theta": 10000.0, "factor": 64.0, "original_max_position_embeddings": 4096,
    "beta_fast": 32.0, "beta_slow": 1.0, "mscale": 1.0, "apply_yarn_scaling": False,
}  # fmt: skip


FLA = {
    "proj_low_rank_dim": 3, "gate_low_rank_dim": 5, "num_heads": 4, "expand_k": 0.5, "expand_v": 1.0,
    "hidden_ratio": 3.5, "norm_bias": True, "norm_eps": 1e-3, "norm_first": True,
}  # fmt: skip


MIXTURE = {
    "moe_num_experts": 5, "moe_top_k": 2, "norm_topk_prob": True, "gated_linear_unit": True,
    "ffn_hidden_size": 24,
}  # fmt: skip
"""Yuan 2.0-M32's, small."""


BLOCKS = {
    "kernel_size": 4, "kernel_stride": 2, "block_size": 4, "window_size": 24, "topk": 3, "init_blocks": 1,
    "dense_len": 20,
}  # fmt: skip
"""MiniCPM-SALA's, as in its miniature."""


def chosen(*layers: tuple[int | None, float | None]) -> Config:
    """Layers of Nemotron-NAS: how many heads share a key, and the MLP's multiplier.

    None where the part is left out, 0 where a matrix takes its place.
    """
    return {
        "num_hidden_layers": len(layers),
        "block_configs": [
            {"attention": part("n_heads_in_group", sharing), "ffn": part("ffn_mult", times)}
            for sharing, times in layers
        ],
    }


def part(key: str, number: float | None) -> Config:
    """One part of a layer of Nemotron-NAS."""
    return {"no_op": number is None, "replace_with_linear": number == 0, key: number or None}


NAIVE = {
    "arctic": Naive(
        "snowflake-arctic",
        arctic.scores,
        {
            "every second": {"moe_layer_frequency": 2, "num_hidden_layers": 3},
            "no MLP beside": {"parallel_attn_mlp_res": False},
            "one expert": {"num_experts_per_tok": 1},
        },
    ),
    "deepseek": Naive(
        "deepseek-moe-16b",
        deepseek.scores,
        {
            "normalized": {"norm_topk_prob": True},
            "one expert": {"num_experts_per_tok": 1, "norm_topk_prob": True},
            "shared keys": {"num_key_value_heads": 2},
            "two dense layers": {"first_k_dense_replace": 2},
        },
    ),
    "grok1": Naive(
        "grok-2.5-270b",
        grok1.scores,
        {
            "a later temperature": {"attn_temperature_len": 9},
            "low bounds": {
                "attn_logit_softcapping": 1.0,
                "final_logit_softcapping": 2.0,
                "router_logit_softcapping": 0.5,
            },
            "one expert": {"num_experts_per_tok": 1},
        },
    ),
    "grok_1": Naive(
        "grok-1-314b",
        grok_1.scores,
        {
            "a low bound": {"max_attn_value": 0.5},
            "one expert": {"num_experts_per_tok": 1},
            "by the root of a head": {"attn_output_multiplier": 0.25},
        },
    ),
    "hunyuan": Naive(
        "hunyuan-large-389b",
        hunyuan.scores,
        {
            "all own keys": {"use_cla": False},
            "keys of three layers": {"cla_share_factor": 3, "num_hidden_layers": 5},
            "no norms of q and k": {"use_qk_norm": False},
            "no shared expert": {"use_mixed_mlp_moe": False},
            "no stretch": {"rope_scaling": None},
            "one expert": {"num_experts": 1},
            "three experts": {"moe_topk": 3},
            "two shared experts": {"num_shared_expert": 2},
        },
    ),
    "kimi_k3": Naive(
        "kimi-k3",
        kimi_k3.scores,
        {
            "a sum a layer": {"attn_res_block_size": 1},
            "a sum of three layers": {"attn_res_block_size": 3},
            "groups": {"num_expert_group": 4, "topk_group": 2},
            "no gate": {"mla_use_output_gate": False},
            "no norm": {"latent_moe_use_norm": False},
            "no query latent": {"q_lora_rank": None},
            "one expert": {"num_experts_per_token": 1},
            "plain shares": {"moe_renormalize": False, "routed_scaling_factor": 2.5},
            "two dense layers": {"first_k_dense_replace": 2},
        },
    ),
    "minicpm_sala": Naive(
        "minicpm-sala-9b",
        minicpm_sala.scores,
        {
            "all sparse, turned, without gate: MiniCPM4": {
                "mixer_types": ["minicpm4"] * 2,
                "attn_use_rope": True,
                "attn_use_output_gate": False,
            },
            "always sparse, more by score": {
                "sparse_config": BLOCKS | {"dense_len": -1, "topk": 5}
            },
            "no first block": {"sparse_config": BLOCKS | {"init_blocks": 0}},
            "no norms, no turning": {"qk_norm": False, "lightning_use_rope": False},
            "short": {"sparse_config": BLOCKS | {"dense_len": 1000}},
            "one mean a block": {"sparse_config": BLOCKS | {"block_size": 2, "window_size": 26}},
            "two first blocks": {"sparse_config": BLOCKS | {"init_blocks": 2, "topk": 4}},
        },
    ),
    "motif": Naive(
        "motif-3-beta",
        motif.scores,
        {
            "a larger share written": {"mhc_h_post_alpha_end": 0.5},
            "a scale of one layer's own": {"polynorm_output_scale_per_layer": {"3": 0.25}},
            "clamped": {"hidden_clamp": 0.3},
            "no extension": {"rope_scaling": {**YARN, "factor": 1.0}, "rope_factor": 1.0},
            "no gate": {"elementwise_attn_output_gate": False},
            "no shared expert": {"num_shared_experts": 0},
            "no windows": {"use_sliding_window": False},
            "one stream": {"mhc_enabled": False},
            "other periods": {"sliding_window_period": 2, "swa_rope_theta": 500.0},
            "softmax": {"score_func": "softmax"},
            "unbalanced": {"load_balance_coeff": None},
        },
    ),
    "nemotron_nas": Naive(
        "nemotron-super-49b",
        nemotron_nas.scores,
        {
            "a layer of nothing": chosen((2, 1.0), (None, None), (4, 1.0)),
            "biases": {"attention_bias": True, "mlp_bias": True},
            "matrices in place": chosen((2, 0), (0, 1.0), (0, 0), (None, 0)),
            "no attention": chosen((None, 5.25), (None, 1.0)),
            "no MLP": chosen((8, None), (1, None)),
            "no stretch": {"rope_scaling": None},
            "tied": {"tie_word_embeddings": True},
        },
        chosen((8, 2.625), (2, 5.25), (None, 2.625), (1, None), (8, 5.25)),
    ),
    "phi3small": Naive(
        "phi-3-small-8k",
        phi3small.scores,
        {
            "all blocks": {"dense_attention_every_n_layers": 1},
            "all blocks nowhere": {"dense_attention_every_n_layers": None},
            "by the root": {"mup_use_scaling": False},
            "as released, but for its clamp": {"gegelu_limit": 20.0},
            "larger scores": {"mup_attn_multiplier": 3.0},
            "no clamp": {"gegelu_limit": None},
            "one block near": {"blocksparse_num_local_blocks": 1},
            "stretched": {"rope_position_scale": 4.0},
        },
        {"gegelu_limit": 0.3},
    ),
    "phi4flash": Naive(
        "phi-4-mini-flash",
        phi4flash.scores,
        {
            "a longer window": {"sliding_window": 9},
            "four layers": {"num_hidden_layers": 4},
            "narrow states": {"mamba_d_state": 3, "mamba_d_conv": 2, "mamba_expand": 1},
            "own keys": {"num_key_value_heads": 4},
            "untied": {"tie_word_embeddings": False},
        },
        {"mamba_d_state": 8, "num_hidden_layers": 8},
    ),
    "rwkv5": Naive(
        "eagle-7b",
        rwkv5.of_rwkv5,
        {"heads of another size": {"head_size": 8}, "tied": {"tie_word_embeddings": True}},
    ),
    "rwkv6": Naive(
        "finch-7b",
        rwkv5.of_rwkv6,
        {
            "another divisor": {"head_size_divisor": 4},
            "as Flash Linear Attention stores it": FLA,
            "as it does, values as wide as keys": {**FLA, "expand_k": 1.0, "norm_first": False},
            "another inner width": {"intermediate_size": 40},
            "as it does, attending in its second layer": {
                **FLA,
                "attn": {
                    "layers": [1],
                    "num_heads": 4,
                    "num_kv_heads": 2,
                    "qkv_bias": True,
                    "rope_theta": 500.0,
                },
            },
            "as it does, attending first to a window": {
                **FLA,
                "attn": {"layers": [0], "num_heads": 4, "window_size": 5},
            },
            "heads of another size": {"head_size": 8},
            "tied": {"tie_word_embeddings": True},
        },
    ),
    "rwkv7": Naive(
        "rwkv-7-2.9b",
        rwkv7.scores,
        {
            "fused norms": {"fuse_norm": True},
            "heads of another size": {"head_dim": None, "num_heads": 8},
            "no bias": {"norm_bias": False},
            "no first norm": {"norm_first": False},
            "one layer": {"num_hidden_layers": 1},
            "ReLU": {"hidden_act": "relu"},
            "tied": {"tie_word_embeddings": True},
            "wider values": {"value_dim": 256},
        },
    ),
    "solar_open2": Naive(
        "solar-open-2-250b",
        solar_open2.scores,
        {
            "every second": {"gqa_layers": None, "gqa_interval": 1, "num_hidden_layers": 4},
            "full rank": {"kda_use_full_proj": True},
            "no gate": {"use_gqa_gate": False},
            "gate with bias": {"use_gqa_gate_bias": True},
            "groups": {"n_group": 4, "topk_group": 2},
            "norms": {"use_qk_norm": True},
            "plain shares": {"norm_topk_prob": False, "routed_scaling_factor": 2.5},
            "positions": {"use_rope": True},
            "positive eigenvalues": {"kda_allow_neg_eigval": False},
        },
    ),
    "spark2_5": Naive(
        "spark-x2.5-4b",
        spark2_5.scores,
        {
            "biased": {"attention_bias": True, "mlp_bias": True},
            "by SiLU": {"gate_attn_act_mode": "silu"},
            "no gate": {"headwise_attn_output_gate": False},
            "untied": {"tie_word_embeddings": False},
        },
    ),
    "step3_text": Naive(
        "step-3",
        step3_text.scores,
        {
            "all but the first": {"moe_layers_enum": None},
            "normalized": {"norm_expert_weight": True},
            "one expert": {"moe_top_k": 1},
        },
    ),
    "telechat": Naive(
        "telechat-7b",
        telechat.scores,
        {
            "longer texts": {"training_seqlen": 32768, "seq_length": 32768},
            "shared keys, as long as meant: TeleChat 2": {
                "num_key_value_heads": 2,
                "base_seqlen": 8192,
                "tie_word_embeddings": False,
            },
            "twice as long as stated": {"base_seqlen": 2048},
            "normed embedding": {"embed_layernorm": True},
        },
    ),
    "yuan": Naive(
        "yuan2-2b",
        yuan.scores,
        {
            "experts: M32": {"moe_config": MIXTURE, "attention_projection_size": 128},
            "experts without gates, as much as they score": {
                "moe_config": {**MIXTURE, "gated_linear_unit": False, "norm_topk_prob": False}
            },
            "no experts": {"moe_config": {**MIXTURE, "moe_num_experts": 0}},
            "one expert": {"moe_config": {**MIXTURE, "moe_top_k": 1}},
            "an epsilon that the filter's norm doesn't share": {"rms_norm_eps": 0.01},
            "an odd number of heads": {"num_attention_heads": 3, "hidden_size": 48},
            "untied": {"tie_word_embeddings": False},
            "wider heads": {"attention_projection_size": 128},
        },
    ),
    **OF_RELEASES,
    **OF_FLA,
}
