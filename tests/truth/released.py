"""Configs of releases that the catalog doesn't hold, as far as their families read them."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.catalog.load import entries
from tests.truth.release_storage import Config


def _chosen(*runs: tuple[int, int | None, float]) -> list[Config]:
    """What a search chose for runs of layers: how many heads share a key (None: no attention), and the MLP's multiplier."""
    return [
        {
            "attention": {
                "n_heads_in_group": sharing, "no_op": sharing is None, "num_sink_tokens": None,
                "replace_with_linear": False, "sparsify": None, "unshifted_sink": False,
                "use_prefill_window_in_sink_attention": False, "window_length": None,
            },
            "ffn": {"ffn_mult": times, "no_op": False, "replace_with_linear": False, "sparsify": None},
        }
        for layers, sharing, times in runs
        for _ in range(layers)
    ]  # fmt: skip


RELEASED: Mapping[str, Config] = {
    # https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/delta_net/configuration_delta_net.py
    "delta-net-default": {
        "model_type": "delta_net", "allow_neg_eigval": False, "attn": None, "attn_mode": "chunk", "conv_size": 4,
        "expand_k": 1.0, "expand_v": 1.0, "hidden_act": "swish", "hidden_ratio": 4, "hidden_size": 2048,
        "intermediate_size": None, "max_position_embeddings": 2048, "norm_eps": 1e-6, "num_heads": 16,
        "num_hidden_layers": 24, "qk_activation": "silu", "qk_norm": "l2", "tie_word_embeddings": False,
        "use_beta": True, "use_gate": False, "use_output_norm": True, "use_short_conv": True,
        "vocab_size": 32000,
    },
    # https://huggingface.co/Dream-org/Dream-v0-Base-7B/blob/main/config.json
    "dream-7b": {
        "model_type": "Dream", "architectures": ["DreamModel"], "hidden_act": "silu", "hidden_size": 3584,
        "intermediate_size": 18944, "mask_token_id": 151666, "max_position_embeddings": 131072,
        "max_window_layers": 28, "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4,
        "rms_norm_eps": 1e-6, "rope_scaling": None, "rope_theta": 1000000.0, "sliding_window": None,
        "tie_word_embeddings": False, "use_sliding_window": False, "vocab_size": 152064,
    },
    # https://github.com/BlinkDL/RWKV-LM/blob/main/README.md, "7B", under the keys of the Hub's class
    "finch-7b": {
        "model_type": "rwkv6", "architectures": ["Rwkv6ForCausalLM"], "attention_hidden_size": 4096,
        "head_size": 64, "head_size_divisor": 8, "hidden_size": 4096, "intermediate_size": None,
        "layer_norm_epsilon": 1e-5, "num_attention_heads": 64, "num_hidden_layers": 32, "rescale_every": 6,
        "tie_word_embeddings": False, "vocab_size": 65536,
    },
    # https://github.com/fla-org/flash-linear-attention/blob/main/legacy/training/configs/transformer_340M.json
    "fla-transformer-340m": {
        "model_type": "transformer", "attention_bias": False, "fuse_cross_entropy": True, "fuse_norm": True,
        "hidden_act": "swish", "hidden_size": 1024, "max_position_embeddings": 8192, "norm_eps": 1e-6,
        "num_heads": 16, "num_hidden_layers": 24, "tie_word_embeddings": True, "vocab_size": 32000,
    },
    # https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/forgetting_transformer/configuration_forgetting_transformer.py
    "forgetting-transformer-default": {
        "model_type": "forgetting_transformer", "elementwise_affine": True, "fuse_norm": True,
        "hidden_act": "swish", "hidden_ratio": 4, "hidden_size": 2048, "intermediate_size": None,
        "norm_eps": 1e-6, "num_heads": 32, "num_hidden_layers": 24, "num_kv_heads": None, "qk_norm": False,
        "qkv_bias": False, "tie_word_embeddings": False, "use_output_gate": False, "vocab_size": 32000,
        "window_size": None,
    },
    # https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/gated_deltanet/configuration_gated_deltanet.py
    "gated-deltanet-1.3b": {
        "model_type": "gated_deltanet", "allow_neg_eigval": False, "attn": None, "attn_mode": "chunk",
        "conv_size": 4, "expand_v": 2.0, "head_dim": 256, "hidden_act": "swish", "hidden_ratio": 4,
        "hidden_size": 2048, "intermediate_size": None, "max_position_embeddings": 2048, "norm_eps": 1e-6,
        "num_heads": 6, "num_hidden_layers": 21, "num_v_heads": None, "tie_word_embeddings": False,
        "use_gate": True, "use_short_conv": True, "vocab_size": 32000,
    },
    # https://github.com/fla-org/flash-linear-attention/blob/main/legacy/training/configs/gla_7B.json
    "gla-7b": {
        "model_type": "gla", "attn_mode": "chunk", "clamp_min": None, "expand_k": 1, "expand_v": 1,
        "feature_map": "relu", "fuse_cross_entropy": True, "fuse_norm": True, "hidden_act": "swish",
        "hidden_ratio": 4, "hidden_size": 4096, "intermediate_size": 14336, "norm_eps": 1e-5, "num_heads": 32,
        "num_hidden_layers": 32, "num_kv_heads": 8, "tie_word_embeddings": False, "use_gk": True,
        "use_gv": False, "use_output_gate": False, "vocab_size": 32000,
    },
    # https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/gsa/configuration_gsa.py
    "gsa-default": {
        "model_type": "gsa", "attn": None, "clamp_max": None, "clamp_min": None, "conv_size": 4,
        "elementwise_affine": True, "expand_k": 1, "expand_v": 1, "feature_map": "swish", "fuse_norm": True,
        "gate_logit_normalizer": 8, "hidden_act": "swish", "hidden_ratio": 4, "hidden_size": 2048,
        "intermediate_size": None, "max_position_embeddings": 2048, "norm_eps": 1e-6, "num_heads": 4,
        "num_hidden_layers": 24, "num_kv_heads": None, "num_slots": 64, "tie_word_embeddings": False,
        "use_norm": True, "use_output_gate": False, "use_short_conv": False, "vocab_size": 32000,
    },
    # https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/lightnet/configuration_lightnet.py
    "lightnet-default": {
        "model_type": "lightnet", "attn": None, "attn_mode": "chunk", "conv_size": 4, "elementwise_affine": True,
        "expand_ratio": 128, "fuse_norm": True, "gate_low_rank_dim": 128, "hidden_act": "swish",
        "hidden_ratio": 4, "hidden_size": 2048, "intermediate_size": None, "max_position_embeddings": 2048,
        "norm_eps": 1e-6, "num_heads": None, "num_hidden_layers": 24, "tie_word_embeddings": False,
        "use_short_conv": False, "vocab_size": 32000,
    },
    # https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/hgrn/configuration_hgrn.py
    "hgrn-default": {
        "model_type": "hgrn", "attn": None, "attn_mode": "fused_recurrent", "conv_size": 4,
        "elementwise_affine": True, "expand_ratio": 1, "fuse_norm": True, "hidden_act": "swish",
        "hidden_ratio": 4, "hidden_size": 2048, "intermediate_size": None, "max_position_embeddings": 2048,
        "norm_eps": 1e-6, "num_hidden_layers": 24, "tie_word_embeddings": False, "use_lower_bound": True,
        "use_short_conv": False, "vocab_size": 32000,
    },
    # https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/hgrn2/configuration_hgrn2.py
    "hgrn2-default": {
        "model_type": "hgrn2", "attn": None, "attn_mode": "chunk", "conv_size": 4, "elementwise_affine": True,
        "expand_ratio": 128, "fuse_norm": True, "hidden_act": "swish", "hidden_ratio": 4, "hidden_size": 2048,
        "intermediate_size": None, "max_position_embeddings": 2048, "norm_eps": 1e-6, "num_heads": 16,
        "num_hidden_layers": 24, "tie_word_embeddings": False, "use_lower_bound": True,
        "use_short_conv": False, "vocab_size": 32000,
    },
    # https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/retnet/configuration_retnet.py
    "retnet-default": {
        "model_type": "retnet", "attn": None, "attn_mode": "chunk", "conv_size": 4, "elementwise_affine": True,
        "expand_k": 1.0, "expand_v": 2.0, "feature_map": None, "fuse_norm": True, "hidden_act": "swish",
        "hidden_ratio": 2, "hidden_size": 2048, "intermediate_size": None, "max_position_embeddings": 2048,
        "norm_eps": 1e-6, "num_heads": 8, "num_hidden_layers": 24, "num_kv_heads": None,
        "tie_word_embeddings": False, "use_output_gate": True, "use_short_conv": False, "vocab_size": 32000,
    },
    # https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/samba/configuration_samba.py
    "samba-1.3b": {
        "model_type": "samba", "conv_kernel": 4, "expand": 2, "fuse_cross_entropy": True, "fuse_norm": True,
        "hidden_act": "swish", "hidden_ratio": 4, "hidden_size": 2304, "intermediate_size": 4608,
        "max_position_embeddings": 2048, "norm_eps": 1e-5, "num_hidden_layers": 18,
        "rescale_prenorm_residual": False, "residual_in_fp32": False, "state_size": 16,
        "tie_word_embeddings": False, "time_step_floor": 1e-4, "time_step_init_scheme": "random",
        "time_step_max": 0.1, "time_step_min": 0.001, "time_step_rank": 144, "time_step_scale": 1.0,
        "use_bias": False, "use_conv_bias": True, "vocab_size": 32000,
        "attn": {
            "layers": [1, 3, 5, 7, 9, 11, 13, 15, 17], "num_heads": 18, "num_kv_heads": 18, "qkv_bias": False,
            "rope_theta": 10000.0, "window_size": 2048,
        },
    },
    # https://huggingface.co/internlm/internlm-7b/blob/main/config.json
    "internlm-7b": {
        "model_type": "internlm", "architectures": ["InternLMForCausalLM"], "bias": True, "hidden_act": "silu",
        "hidden_size": 4096, "intermediate_size": 11008, "max_position_embeddings": 2048,
        "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32, "rms_norm_eps": 1e-6,
        "rotary": {"base": 10000, "type": "dynamic"}, "tie_word_embeddings": False, "vocab_size": 103168,
    },
    # https://arxiv.org/abs/2308.16149, section 3, under the keys of https://huggingface.co/inceptionai/jais-13b
    "jais-13b": {
        "model_type": "jais", "architectures": ["JAISLMHeadModel"], "activation_function": "swiglu",
        "embeddings_scale": 14.6, "layer_norm_epsilon": 1e-5, "n_embd": 5120, "n_head": 40, "n_inner": 13653,
        "n_layer": 40, "n_positions": 2048, "position_embedding_type": "alibi",
        "reorder_and_upcast_attn": False, "scale_attn_by_inverse_layer_idx": False,
        "scale_attn_weights": True, "scale_qk_dot_by_d": True, "vocab_size": 84992,
        "width_scale": 0.11100000000000002,
    },
    # https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/kda/configuration_kda.py
    "kda-default": {
        "model_type": "kda", "allow_neg_eigval": False, "attn": None, "attn_mode": "chunk", "conv_size": 4,
        "expand_v": 1.0, "head_dim": 128, "hidden_act": "swish", "hidden_ratio": 4, "hidden_size": 2048,
        "intermediate_size": None, "lower_bound": None, "max_position_embeddings": 2048, "norm_eps": 1e-6,
        "num_heads": 16, "num_hidden_layers": 24, "num_v_heads": None, "safe_gate": False,
        "tie_word_embeddings": False, "use_short_conv": True, "vocab_size": 32000,
    },
    # https://huggingface.co/Kwai-Klear/Klear-46B-A2.5B-Instruct/blob/main/config.json
    "klear-46b": {
        "model_type": "Klear", "architectures": ["KlearMoeForCausalLM"], "attention_bias": False,
        "decoder_sparse_step": 1, "hidden_act": "silu", "hidden_size": 2048, "intermediate_size": 8064,
        "max_position_embeddings": 65536, "mlp_only_layers": [], "moe_aux_loss_coeff": 0.0001,
        "moe_intermediate_size": 896, "n_shared_experts": 1, "norm_topk_prob": True,
        "num_attention_heads": 32, "num_experts": 256, "num_experts_per_tok": 8, "num_hidden_layers": 32,
        "num_key_value_heads": 4, "rms_norm_eps": 1e-5, "rope_scaling": None, "rope_theta": 500000.0,
        "routed_scaling_factor": 2.5, "sliding_window": None, "tie_word_embeddings": False,
        "use_sliding_window": False, "vocab_size": 151936,
    },
    # https://huggingface.co/XiaomiMiMo/MiMo-7B-Base/blob/main/config.json
    "mimo-7b": {
        "model_type": "mimo", "architectures": ["MiMoForCausalLM"], "attention_bias": True, "head_dim": 128,
        "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 11008, "max_position_embeddings": 32768,
        "max_window_layers": 36, "num_attention_heads": 32, "num_hidden_layers": 36, "num_key_value_heads": 8,
        "num_nextn_predict_layers": 1, "rms_norm_eps": 1e-5, "rope_scaling": None, "rope_theta": 640000,
        "sliding_window": 32768, "tie_word_embeddings": False, "use_sliding_window": False,
        "vocab_size": 151680,
    },
    # https://huggingface.co/openbmb/MiniCPM-2B-sft-bf16/blob/main/config.json
    "minicpm-2b": {
        "architectures": ["MiniCPMForCausalLM"], "model_type": "minicpm", "dim_model_base": 256,
        "hidden_act": "silu", "hidden_size": 2304, "intermediate_size": 5760, "max_position_embeddings": 4096,
        "num_attention_heads": 36, "num_hidden_layers": 40, "num_key_value_heads": 36, "rms_norm_eps": 1e-5,
        "rope_scaling": None, "scale_depth": 1.4, "scale_emb": 12, "vocab_size": 122753,
    },
    # https://huggingface.co/allenai/Molmo-7B-D-0924/blob/main/config.json
    "molmo-7b-d": {
        "model_type": "molmo", "architectures": ["MolmoForCausalLM"], "attention_layer_norm": False,
        "clip_qkv": None, "embedding_size": 152064, "hidden_size": 3584, "intermediate_size": 37888,
        "layer_norm_eps": 1e-6, "layer_norm_type": "rms", "max_position_embeddings": 4096, "norm_after": False,
        "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4, "qkv_bias": True,
        "rope_theta": 1000000.0, "tie_word_embeddings": False, "use_position_ids": True, "vocab_size": 152064,
        "weight_tying": False,
    },
    # https://huggingface.co/allenai/MolmoE-1B-0924/blob/main/config.json
    "molmoe-1b": {
        "model_type": "molmo", "architectures": ["OLMoForCausalLM"], "activation_type": "swiglu",
        "additional_vocab_size": 128, "alibi": False, "alibi_bias_max": 8.0, "always_start_with_space": True,
        "attention_layer_norm": True, "attention_layer_norm_with_affine": True, "attention_type": "sdpa",
        "attn_logit_softcapping": None, "bias_for_layer_norm": False, "block_group_size": 1,
        "block_type": "moe", "clip_qkv": None, "crop_mode": "overlap-and-resize-c2", "d_model": 2048,
        "default_inference_len": 65, "do_random_scale": False, "embedding_size": 50304,
        "final_logit_softcapping": None, "fix_image_input_idx": 2, "float32_attention": True,
        "gin_bindings": None, "head_dim": None, "image_feature_dropout": 0.0,
        "image_padding_embed": "pad_and_partial_pad", "image_pooling_2d": "attention-meanq",
        "image_pooling_h": 2, "image_pooling_w": 2, "image_projector": "mlp", "include_bias": False,
        "init_cutoff_factor": 3.0, "init_device": "meta", "init_fn": "normal", "init_std": 0.02,
        "layer_norm_eps": 1e-05, "layer_norm_type": "rms", "layer_norm_with_affine": True,
        "llm_load_path": None, "loss_token_weighting": "root_subsegments", "low_cpu_fsdp": True,
        "max_crops": 12, "max_position_embeddings": 32768, "max_sequence_length": 4096,
        "message_formatting": "role", "mlp_hidden_size": None, "mlp_ratio": 1, "moe_capacity_factor": 1.25,
        "moe_dropless": True, "moe_interleave": False, "moe_lbl_in_fp32": False,
        "moe_log_expert_assignment": False, "moe_loss_weight": 0.0, "moe_mlp_impl": "sparse",
        "moe_num_experts": 64, "moe_shared_expert": False, "moe_top_k": 8, "moe_zloss_weight": 0.0,
        "multi_query_attention": None, "n_heads": 16, "n_kv_heads": None, "n_layers": 16,
        "new_embedding_init_range": 0.02, "norm_after": False, "normalize_input_embeds": False,
        "overlap_margins": [4, 4], "pad_to": None, "pad_tokenizer": False, "precision": "amp_bf16",
        "prompt_override": None, "prompt_type": "uber_model", "qkv_bias": False, "query_pre_attn_scalar": 224,
        "response_attention_dropout": 0.0, "response_residual_dropout": 0.0, "rope": True,
        "rope_full_precision": True, "rope_impl": "llama", "rope_theta": 10000.0, "scale_logits": False,
        "system_prompt_kind": "demo_or_style", "unconditioned": False, "use_cls_feature": False,
        "use_col_tokens": True, "use_position_ids": True, "vit_layers": [-2, -9], "vit_load_path": None,
        "vocab_size": 50280, "weight_tying": False,
        "vision_backbone": {
            "attention_dropout": 0.0, "fsdp_wrap": False, "image_default_input_size": [336, 336],
            "image_dropout_rate": 0.0, "image_emb_dim": 1024, "image_head_dim": 64,
            "image_mlp_activations": "quick_gelu", "image_mlp_dim": 4096, "image_model_type": "openai",
            "image_norm_eps": 1e-05, "image_num_heads": 16, "image_num_key_value_heads": 16,
            "image_num_layers": 23, "image_num_pos": 577, "image_patch_size": 14, "image_pos_patch_size": 14,
            "initializer_range": 0.02, "residual_dropout": 0.0, "resize_mode": "default",
        },
    },
    # https://huggingface.co/moonshotai/Moonlight-16B-A3B/blob/main/config.json
    "moonlight-16b-a3b": {
        "model_type": "deepseek_v3", "architectures": ["DeepseekV3ForCausalLM"], "attention_bias": False,
        "first_k_dense_replace": 1, "hidden_act": "silu", "hidden_size": 2048, "intermediate_size": 11264,
        "kv_lora_rank": 512, "max_position_embeddings": 8192, "moe_intermediate_size": 1408,
        "moe_layer_freq": 1, "n_group": 1, "n_routed_experts": 64, "n_shared_experts": 2,
        "norm_topk_prob": True, "num_attention_heads": 16, "num_experts_per_tok": 6, "num_hidden_layers": 27,
        "num_key_value_heads": 16, "num_nextn_predict_layers": 0, "q_lora_rank": None,
        "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "rms_norm_eps": 1e-5, "rope_scaling": None,
        "rope_theta": 50000.0, "routed_scaling_factor": 2.446, "scoring_func": "sigmoid",
        "tie_word_embeddings": False, "topk_group": 1, "topk_method": "noaux_tc", "v_head_dim": 128,
        "vocab_size": 163840,
    },
    # https://huggingface.co/nvidia/Llama-3_3-Nemotron-Super-49B-v1/blob/main/config.json
    "nemotron-super-49b": {
        "model_type": "nemotron-nas", "architectures": ["DeciLMForCausalLM"], "attention_bias": False,
        "block_configs": _chosen(
            (1, 8, 2.625), (5, 8, 5.25), (2, None, 2.625), (3, 8, 5.25), (1, None, 3.28125), (30, 8, 5.25),
            (1, None, 1.3125), (2, None, 2.625), (1, None, 1.3125), (1, None, 5.25), (1, None, 1.3125),
            (1, None, 2.625), (3, None, 1.3125), (1, 8, 5.25), (1, None, 1.3125), (2, None, 1.0),
            (1, None, 1.3125), (3, None, 1.0), (2, None, 1.3125), (2, None, 0.5), (2, None, 1.0),
            (2, None, 0.5), (1, None, 1.0), (2, None, 0.5), (9, 8, 5.25),
        ),
        "hidden_act": "silu", "hidden_size": 8192, "intermediate_size": None,
        "max_position_embeddings": 131072, "mlp_bias": False, "num_attention_heads": 64,
        "num_hidden_layers": 80, "num_key_value_heads": None, "pretraining_tp": 1, "rms_norm_eps": 1e-5,
        "rope_scaling": {
            "factor": 8.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
            "original_max_position_embeddings": 8192, "rope_type": "llama3",
        },
        "rope_theta": 500000.0, "tie_word_embeddings": False, "vocab_size": 128256,
    },
    # https://huggingface.co/microsoft/Phi-3-small-8k-instruct/blob/main/config.json
    "phi-3-small-8k": {
        "model_type": "phi3small", "architectures": ["Phi3SmallForCausalLM"], "blocksparse_block_size": 64,
        "blocksparse_homo_head_pattern": False, "blocksparse_num_local_blocks": 16,
        "blocksparse_triton_kernel_block_size": 64, "blocksparse_vert_stride": 8,
        "dense_attention_every_n_layers": 2, "dummy_token_indices": [100256, 100258],
        "ff_intermediate_size": 14336, "gegelu_limit": 20.0, "gegelu_pad_to_256": True, "hidden_act": "gegelu",
        "hidden_size": 4096, "layer_norm_epsilon": 1e-5, "max_position_embeddings": 8192,
        "mup_attn_multiplier": 1.0, "mup_embedding_multiplier": 10.0, "mup_use_scaling": True,
        "mup_width_multiplier": 8.0, "num_attention_heads": 32, "num_hidden_layers": 32,
        "num_key_value_heads": 8, "rope_embedding_base": 1000000, "rope_position_scale": 1.0,
        "rope_scaling": None, "vocab_size": 100352,
    },
    # https://huggingface.co/Qwen/Qwen-7B/blob/main/config.json, an earlier one
    "qwen-7b-2023-09": {
        "model_type": "qwen", "architectures": ["QWenLMHeadModel"], "hidden_size": 4096,
        "intermediate_size": 22016, "kv_channels": 128, "layer_norm_epsilon": 1e-6,
        "max_position_embeddings": 8192, "no_bias": True, "num_attention_heads": 32, "num_hidden_layers": 32,
        "rotary_emb_base": 10000, "rotary_pct": 1.0, "scale_attn_weights": True, "seq_length": 8192,
        "tie_word_embeddings": False, "use_dynamic_ntk": True, "use_logn_attn": True, "vocab_size": 151936,
    },
    # https://huggingface.co/Snowflake/snowflake-arctic-base/blob/main/config.json
    "snowflake-arctic": {
        "model_type": "arctic", "architectures": ["ArcticForCausalLM"], "hidden_act": "silu",
        "hidden_size": 7168, "intermediate_size": 4864, "max_position_embeddings": 4096,
        "moe_layer_frequency": 1, "num_attention_heads": 56, "num_experts_per_tok": 2,
        "num_hidden_layers": 35, "num_key_value_heads": 8, "num_local_experts": 128,
        "parallel_attn_mlp_res": True, "rms_norm_eps": 1e-5, "rope_theta": 10000,
        "tie_word_embeddings": False, "use_residual": True, "vocab_size": 32000,
    },
    # https://github.com/Tele-AI/Telechat/blob/master/models/7B/config.json
    "telechat-7b": {
        "model_type": "telechat", "architectures": ["TelechatForCausalLM"],
        "apply_residual_connection_post_layernorm": False, "attention_softmax_in_fp32": True,
        "bias_dropout_fusion": True, "embed_layernorm": False, "ffn_hidden_size": 12288, "flash_attn": True,
        "hidden_size": 4096, "layer_norm_epsilon": 1e-5, "masked_softmax_fusion": True, "n_head": 32,
        "n_inner": None, "n_layer": 30, "seq_length": 8192, "skip_bias_add": True,
        "skip_bias_add_qkv": False, "slow_but_exact": False, "training_seqlen": 8192, "unk_token_id": 0,
        "vocab_size": 160256,
    },
    # https://github.com/Tele-AI/Telechat/blob/master/models/12B-V2/config.json
    "telechat-12b-v2": {
        "model_type": "telechat", "architectures": ["TelechatForCausalLM"],
        "apply_residual_connection_post_layernorm": False, "embed_layernorm": False,
        "ffn_hidden_size": 12288, "flash_attn": True, "hidden_size": 5120, "layer_norm_epsilon": 1e-5,
        "logn": False, "n_head": 32, "n_layer": 38, "offset_alibi": 100, "pretraining_tp": 2,
        "semi_causal": False, "seq_length": 8192, "tie_word_embeddings": False, "training_seqlen": 8192,
        "vocab_size": 120000,
    },
    # https://github.com/Tele-AI/TeleChat2/blob/main/model/115B/config.json
    "telechat2-115b": {
        "model_type": "telechat", "architectures": ["TelechatForCausalLM"],
        "apply_residual_connection_post_layernorm": False, "base_seqlen": 8192, "ffn_hidden_size": 40960,
        "flash_attn": True, "hidden_size": 8192, "layer_norm_epsilon": 1e-8, "n_head": 64, "n_layer": 96,
        "num_key_value_heads": 8, "pretraining_tp": 2, "seq_length": 8192, "tie_word_embeddings": False,
        "training_seqlen": 8192, "vocab_size": 131072,
    },
    # https://huggingface.co/Tele-AI/TeleChat3-36B-Thinking/blob/main/config.json
    "telechat3-36b": {
        "model_type": "telechat3", "architectures": ["Telechat3ForCausalLM"], "attention_bias": False,
        "head_dim": 128, "hidden_act": "silu", "hidden_size": 6144, "intermediate_size": 24576,
        "max_position_embeddings": 32768, "mlp_bias": False, "num_attention_heads": 48,
        "num_hidden_layers": 64, "num_key_value_heads": 8, "pretraining_tp": 1, "rms_norm_eps": 1e-5,
        "rope_scaling": {
            "beta_fast": 32.0, "beta_slow": 1.0, "factor": 4.0, "original_max_position_embeddings": 8192,
            "rope_type": "telechat3-yarn", "type": "telechat3-yarn",
        },
        "rope_theta": 1000000.0, "tie_word_embeddings": False, "vocab_size": 131072,
    },
    # https://huggingface.co/ai-forever/rugpt3xl, under the keys of https://huggingface.co/evilfreelancer/ruGPT3XL
    "rugpt3xl": {
        "model_type": "rugpt3xl", "architectures": ["RuGPT3XLForCausalLM"], "attention_dropout": 0.1,
        "embedding_dropout": 0.1, "hidden_act": "gelu_new", "hidden_size": 2048, "intermediate_size": 8192,
        "layer_norm_eps": 1e-5, "max_position_embeddings": 2048, "num_attention_heads": 16,
        "num_hidden_layers": 24, "output_dropout": 0.1, "sparse_block_size": 16,
        "sparse_mode": "alternating", "sparse_num_different_global_patterns": 8,
        "sparse_num_global_blocks": 1, "sparse_num_local_blocks": 8, "tie_word_embeddings": True,
        "vocab_size": 50264,
    },
    # https://huggingface.co/xverse/XVERSE-13B/blob/main/config.json
    "xverse-13b": {
        "model_type": "xverse", "architectures": ["XverseForCausalLM"], "hidden_act": "silu",
        "hidden_size": 5120, "intermediate_size": 13824, "max_position_embeddings": 8192,
        "num_attention_heads": 40, "num_hidden_layers": 40, "rms_norm_eps": 1e-6,
        "tie_word_embeddings": False, "vocab_size": 100278,
    },
    # https://huggingface.co/apple/OpenELM-1_1B/blob/main/config.json
    "openelm-1.1b": {
        "model_type": "openelm", "architectures": ["OpenELMForCausalLM"], "activation_fn_name": "swish",
        "ffn_dim_divisor": 256,
        "ffn_multipliers": [
            0.5, 0.63, 0.76, 0.89, 1.02, 1.15, 1.28, 1.41, 1.54, 1.67, 1.8, 1.93, 2.06, 2.19, 2.31, 2.44, 2.57,
            2.7, 2.83, 2.96, 3.09, 3.22, 3.35, 3.48, 3.61, 3.74, 3.87, 4.0,
        ],
        "ffn_with_glu": True, "head_dim": 64, "max_context_length": 2048, "model_dim": 2048,
        "normalization_layer_name": "rms_norm", "normalize_qk_projections": True, "num_gqa_groups": 4,
        "num_kv_heads": [*3 * [4], *7 * [5], *8 * [6], *6 * [7], *4 * [8]],
        "num_query_heads": [*3 * [16], *7 * [20], *8 * [24], *6 * [28], *4 * [32]],
        "num_transformer_layers": 28, "qkv_multipliers": [0.5, 1.0], "rope_freq_constant": 10000,
        "rope_max_length": 4096, "share_input_output_layers": True, "vocab_size": 32000,
    },
    # https://huggingface.co/pfnet/plamo-13b/blob/main/config.json
    "plamo-13b": {
        "model_type": "plamo", "architectures": ["PlamoForCausalLM"], "hidden_size": 5120,
        "intermediate_size": 16640, "max_position_embeddings": 4096, "n_shared_head": 8,
        "num_attention_heads": 40, "num_hidden_layers": 40, "num_key_value_heads": 40, "rms_norm_eps": 1e-6,
        "tie_word_embeddings": False, "tokenizer_class": "PlamoTokenizer", "vocab_size": 50432,
    },
    # https://huggingface.co/IEITYuan/Yuan2-2B-hf/blob/main/config.json; a copy stands in ipex-llm's examples
    "yuan2-2b": {
        "model_type": "yuan", "architectures": ["YuanForCausalLM"], "_from_model_config": True,
        "causal_mask": True, "dropout": 0.1, "eod_token": 77185, "eod_token_id": 77185, "hidden_act": "silu",
        "hidden_size": 2048, "intermediate_size": 8192, "mask_token_id": 77185,
        "max_position_embeddings": 8192, "num_attention_heads": 32, "num_hidden_layers": 24,
        "reset_attention_mask": True, "reset_position_ids": True, "rms_norm_eps": 1e-6, "sep_token": 77187,
        "sep_token_id": 77185, "tie_word_embeddings": True, "tokenizer_class": "YuanTokenizer",
        "use_flash_attention": False, "use_loss_mask": False, "vocab_size": 135040,
    },
    # https://github.com/IEIT-Yuan/Yuan2.0-M32/blob/main/examples/convert_hf_moe.sh, under the keys of the Hub's class
    "yuan2-m32": {
        "model_type": "yuan", "architectures": ["YuanForCausalLM"], "attention_projection_size": 4096,
        "hidden_act": "silu", "hidden_size": 2048, "intermediate_size": 8192,
        "max_position_embeddings": 4096,
        "moe_config": {
            "ffn_hidden_size": 8192, "gated_linear_unit": True, "moe_num_experts": 32, "moe_top_k": 2,
            "norm_topk_prob": True,
        },
        "num_attention_heads": 16, "num_hidden_layers": 24, "rms_norm_eps": 1e-6,
        "tie_word_embeddings": True, "vocab_size": 135040,
    },
}  # fmt: skip
CONFIGS: Mapping[str, Config] = {entry.id: entry.config for entry in entries()} | dict(RELEASED)
"""Of the catalog's models too, by their ids."""
