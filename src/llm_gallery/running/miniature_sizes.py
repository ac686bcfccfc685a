"""How large a small config's sizes are at most, and which keys of configs say sizes, depths and lists of layers."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.running.towers import OF_ENCODERS

HEAD = 16
"""Channels of a small head."""
ALONE = 128
"""A width that no heads share; xLSTM's keys and values are some multiples of 64."""
WIDTHS = ("hidden_size", "n_embd", "d_model", "n_embed", "dim")
HEADS = ("num_attention_heads", "n_head", "n_heads", "attention_heads", "encoder_attention_heads")
KEYS = (
    "num_key_value_heads", "num_kv_heads", "multi_query_group_num", "num_attention_groups", "n_kv_heads",
    "n_head_kv", "num_query_groups",
)  # fmt: skip
OF_WINDOWS = "swa_num_attention_heads"
"""The same where a config states the same of both."""
OF_LINEAR = "num_kv_heads_for_linear_attn"
"""As many as all heads, where a config states it."""
OF_NOISE = "num_noise_heads"
"""Heads that others are less, one a key at most."""
CONTEXTS = (
    "max_position_embeddings", "max_position_embedding", "max_sequence_length", "n_positions", "n_ctx",
    "max_seq_len", "seq_length", "model_max_length",
)  # fmt: skip
BEFORE = ("original_max_position_embeddings", "initial_context_length")
WARMED = ("llama_4_scaling_beta", "llama_4_scaling")
"""Where one is stated, beside the context of old or in the config, queries grow after each such context."""
DEPTHS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "num_blocks")
INDICES = "hybrid_layer_ids"
"""A list of layers by number, the first of which is 0."""
NUMBERED = ("full_attn_layers", "kda_layers", "ple_layer_ids")
"""Lists of layers by number, the first of which is 1."""
SINGLE = "per_layer_config"
"""Sizes of single layers by number, the first of which is 0."""
OF_SINGLE = {"head_dim": "global_head_dim", "num_key_value_heads": "num_global_key_value_heads"}
"""Sizes of those that the config states of all such layers, too."""
LETTERS = ("hybrid_override_pattern", "index_topk_pattern")
"""A letter a layer."""
RUNS = "attention_types"
"""GPT-Neo's layers: kinds one after another, and how often they come."""
OF_PARTS = ("ssm_multipliers", "mlp_multipliers")
"""Lists of as many numbers as a projection has parts, whatever the number of layers."""
BORROWING = "num_kv_shared_layers"
"""How many of the last layers have another's keys and values."""
MODULES = "num_nextn_predict_layers"
"""How many modules after the last layer predict tokens."""
LEADING = "first_k_dense_replace"
"""How many of the first layers have no experts."""

MOST: Mapping[str, int] = {
    "multiple_of": 8,
    **dict.fromkeys(("head_dim", "swa_head_dim", "kv_channels", "head_size", "lightning_head_dim", "hidden_size_per_head"), HEAD),
    **dict.fromkeys(("v_head_dim", "swa_v_head_dim"), 12),
    **dict.fromkeys(("vocab_size", "padded_vocab_size", "embedding_size", "vocab_size_per_layer_input"), 96),
    **dict.fromkeys(("intermediate_size", "ffn_hidden_size", "intermediate_size_mlp", "mlp_hidden_size", "ffn_dim", "hidden_dim", "dff"), 40),
    **dict.fromkeys(("dense_intermediate_size", "prefix_dense_intermediate_size", "n_inner"), 36),
    **dict.fromkeys(("moe_intermediate_size", "expert_ffn_hidden_size", "share_expert_dim"), 24),
    **dict.fromkeys(("shared_expert_intermediate_size", "shared_intermediate_size"), 28),
    **dict.fromkeys(("num_experts", "mova_num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts"), 16),
    **dict.fromkeys(("n_shared_experts", "num_shared_experts", "moe_num_shared_experts"), 4),
    **dict.fromkeys(("num_experts_per_tok", "mova_num_experts_per_tok", "num_experts_per_token", "experts_top_k", "experts_per_token", "moe_k", "moe_top_k", "moe_topk"), 3),
    **dict.fromkeys(("sliding_window", "sliding_window_size", "attention_chunk_size", "window_size", "attention_window_size", "sliding_windows"), 5),
    "keep_window_size": 4,
    **dict.fromkeys(("floor_scale", "attn_temperature_len"), 4),
    **dict.fromkeys(CONTEXTS, 64),
    **dict.fromkeys(BEFORE, 4096),
    **dict.fromkeys(("blocksparse_block_size", "blocksparse_triton_kernel_block_size"), 2),
    "blocksparse_num_local_blocks": 2,
    "blocksparse_vert_stride": 3,
    "ff_intermediate_size": 40,
    **dict.fromkeys(("output_vocab_size", "unpadded_vocab_size"), 64),
    **dict.fromkeys(("adapter_rank", "decay_low_rank_dim", "a_low_rank_dim"), 6),
    "gate_low_rank_dim": 10,
    **dict.fromkeys(("laurel_rank", "v_low_rank_dim"), 5),
    "local_attention": 10,
    "n_group": 4,
    **dict.fromkeys(("q_lora_rank", "share_q_dim"), 24),
    **dict.fromkeys(("num_hash_layers", "index_init_tokens"), 1),
    "kv_lora_rank": 20,
    **dict.fromkeys(("qk_nope_head_dim", "swa_qk_nope_head_dim"), 16),
    **dict.fromkeys(("swa_q_lora_rank", "swa_kv_lora_rank"), 28),
    "qk_rope_head_dim": 8,
    "rotary_dim": 8,
    **dict.fromkeys(("linear_num_key_heads", "n_groups", "mamba_n_groups", "mamba_ngroups"), 2),
    **dict.fromkeys(("linear_key_head_dim", "ssm_state_size", "mamba_d_state", "state_size"), 8),
    **dict.fromkeys(("mamba_num_heads", "mamba_n_heads", "n_mamba_heads"), 8),
    **dict.fromkeys(("linear_value_head_dim", "mamba_head_dim"), 12),
    **dict.fromkeys(("moe_shared_expert_intermediate_size", "block_ff_dim"), 28),
    "moe_latent_size": 20,
    "router_hidden_size": 20,
    "lru_width": 48,
    "indexer_compress_ratio": 2,
    "hc_lowrank": 20,
    "ple_embed_dim": 48,
    "num_heads": 4,
    **dict.fromkeys(("attention_hidden_size", "embedding_dim"), ALONE),
    "time_step_rank": 5,
    "expand": 2,
    **dict.fromkeys(("conv_kernel", "linear_conv_kernel_dim", "short_conv_kernel_size"), 5),
    **dict.fromkeys(("mamba_d_conv", "conv_L_cache", "conv_kernel_size", "conv_kernel_dim", "conv1d_width"), 5),
    "hidden_size_per_layer_input": 12,
    **dict.fromkeys(("index_kpool", "index_local_tokens"), 2),
    "hc_sinkhorn_iters": 20,
    **dict.fromkeys(("d_rel", "rel_extent", "log_scaling_n_floor"), 4),
    **dict.fromkeys(("index_topk_blocks", "sparse_topk_blocks"), 2),
    **dict.fromkeys(("index_block_size", "sparse_block_size"), 3),
    "sparse_index_dim": 16,
    "sparse_num_index_heads": 2,
    **dict.fromkeys(("o_groups", "n_shared_head"), 2),
    **dict.fromkeys(("linear_head_dim", "linear_num_heads"), 8),
    **dict.fromkeys(("index_head_dim", "index_n_heads"), 16),
    "global_head_dim": 32,
    **dict.fromkeys(("num_global_key_value_heads", "top_k_experts"), 2),
    "block_multiple_of": 8,
    **dict.fromkeys(("attn_res_block_size", "n_layers_per_attn_res_block"), 2),
    "query_pre_attn_scalar": 24,
    MODULES: 1,
    # Tables that n-grams look up: the releases' have hundreds of millions of rows.
    **dict.fromkeys(("engram_num_embeddings", "ngram_vocab_size_base"), 400),
    **dict.fromkeys(("engram_head_dim", "make_ngram_vocab_size_divisible_by"), 8),
    "split_ngram_parts": 4,
    **dict.fromkeys(("emb_neighbor_num", "oe_neighbor_num"), 3),
    **dict.fromkeys(("emb_split_num", "oe_split_num"), 2),
    "ngram_vocab_size_ratio": 4,
    "zero_expert_num": 8,
    **dict.fromkeys(("o_lora_rank", "routed_expert_hidden_size", "moe_hidden_size"), 16),
    **dict.fromkeys(("dspark_n_routed_experts", "dspark_markov_rank"), 8),
    **OF_ENCODERS,
}  # fmt: skip
"""The most that a size may be; a smaller one stays."""
