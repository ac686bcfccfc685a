"""Config keys that somebody reviewed: they say nothing about the architecture."""

TRAINING = {
    "attention_dropout", "attn_pdrop", "embd_pdrop", "resid_pdrop", "hidden_dropout",
    "initializer_range", "initializer_factor", "router_aux_loss_coef", "router_jitter_noise",
    "output_router_logits", "aux_loss_alpha", "seq_aux", "ep_size", "pretraining_tp",
    "rescale_prenorm_residual", "residual_in_fp32", "gradient_checkpointing", "rms_norm_eps",
    "layer_norm_epsilon", "layer_norm_eps", "norm_eps", "time_step_floor", "time_step_max",
    "time_step_min", "time_step_limit", "chunk_size", "attention_probs_dropout_prob",
    "hidden_dropout_prob", "embed_dropout", "embedding_dropout", "residual_dropout", "mlp_dropout", "tf_legacy_loss",
    "norm_epsilon", "ignore_index", "init_std", "dropout", "activation_dropout", "dropout_rate", "layerdrop", "encoder_layerdrop",
}  # fmt: skip
"""Dropout, losses, initialization, numerics, parallelism."""

SERVING = {
    "use_cache", "torch_dtype", "dtype", "transformers_version", "_name_or_path", "architectures",
    "auto_map", "cache_implementation", "num_logits_to_keep", "use_mamba_kernels", "output_past",
    "transformers.js_config", "unsloth_fixed", "unsloth_version", "for_llm_compressor", "quantization_config", "quantization",
    "reorder_and_upcast_attn", "add_cross_attention", "return_dict", "output_attentions", "output_hidden_states",
    "_attn_implementation", "attn_implementation", "is_decoder", "is_encoder_decoder",
    "cross_attention_hidden_size", "tie_encoder_decoder", "torchscript", "use_bfloat16",
    "pruned_heads", "chunk_size_feed_forward", "finetuning_task", "model_type",
    "_attn_implementation_autoset", "compression_config", "_flash_attn_2_enabled",
    "_attn_implementation_internal", "_experts_implementation", "use_grouped_mm", "use_return_dict",
    "_commit_hash",
}  # fmt: skip
"""How a program loads and runs the model."""

TOKENIZER = {
    "bos_token_id", "eos_token_id", "end_token_id", "pad_token_id", "sep_token_id", "decoder_start_token_id",
    "boi_token_index", "eoi_token_index", "image_token_index", "image_token_id", "bos_token",
    "task_specific_params", "tokenizer_class", "prefix", "bad_words_ids", "forced_bos_token_id",
    "forced_eos_token_id", "suppress_tokens", "begin_suppress_tokens", "eoi_token_id",
    "boi_token_id", "video_token_id", "vision_start_token_id", "vision_end_token_id",
    "unk_token_id", "mask_token_id", "eos_token", "pad_token", "unk_token", "model_max_length",
    "num_image_tokens", "image_start_token_id", "image_end_token_id", "video_start_token_id", "video_end_token_id",
    "video_token_index", "audio_token_id", "audio_token_index", "audio_start_token_id", "audio_end_token_id",
    "timestamp_token_id", "vision_token_id", "boa_token_id", "eoa_token_id", "user_token_id",
}  # fmt: skip
"""Which ids the tokenizer uses."""

GENERATION = {
    "max_length", "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups",
    "diversity_penalty", "temperature", "top_k", "top_p", "typical_p", "repetition_penalty",
    "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size",
    "num_return_sequences", "remove_invalid_values", "exponential_decay_length_penalty",
    "return_dict_in_generate", "output_scores",
}  # fmt: skip
"""Sampling."""

CLASSIFICATION = {
    "id2label", "label2id", "num_labels", "problem_type", "summary_type", "summary_use_proj",
    "summary_activation", "summary_proj_to_labels", "summary_first_dropout", "_num_labels",
}  # fmt: skip
"""Heads that the language model doesn't have."""

IGNORED = frozenset(TRAINING | SERVING | TOKENIZER | GENERATION | CLASSIFICATION)

MARKS_OF_FLA = frozenset(
    {"fuse_cross_entropy", "fuse_linear_cross_entropy", "fuse_norm", "fuse_swiglu", "use_l2warp"}
)
"""Keys of Flash Linear Attention's classes alone: a file with one is theirs, and where it is silent they fill in."""

KEPT = frozenset(
    {
        "model_type",
        "architectures",
        "quantization_config",
        "quantization",
        "expert_dtype",
        "dtype",
        "torch_dtype",
    }
    | {"image_token_id"}
    | {"rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon", "norm_eps", "norm_epsilon"}
    | {"layernorm_epsilon", "rms_norm_epsilon"}
    | MARKS_OF_FLA
)
"""What the catalog keeps though no number is made of it: which class it is, how it is stored, and the epsilon that a run needs."""
