"""Keys of releases at the top of multimodal configs that say nothing of their language models."""

from __future__ import annotations

OF_MINICPM = (
    "audio_chunk_length", "audio_pool_step", "batch_3d_resampler", "batch_vision_input", "chunk_input",
    "drop_vision_last_layer", "hidden_dropout", "init_audio", "init_tts", "init_vision", "listen_speak_type",
    "max_slice_nums", "mm_use_im_start_end", "patch_size", "query_num", "scale_resolution", "slice_mode",
    "stream_input", "use_image_id", "version", "vision_batch_size",
)  # fmt: skip
"""Keys of MiniCPM-V and -o at the top, beside their language model's."""
OF_LLAVA = (
    "freeze_mm_mlp_adapter", "mm_hidden_size", "mm_patch_merge_type", "mm_projector_lr", "mm_projector_type",
    "mm_resampler_type", "mm_spatial_pool_mode", "mm_use_im_patch_token", "mm_use_im_start_end",
    "mm_tunable_parts", "mm_newline_position", "mm_spatial_pool_out_channels", "mm_spatial_pool_stride",
    "tune_mm_mlp_adapter", "tokenizer_padding_side", "tokenizer_model_max_length", "use_mm_proj", "pos_skipping_range",
    "add_faster_video", "add_time_instruction", "force_sample", "freeze_mm_vision_resampler", "image_aspect_ratio",
    "image_crop_resolution", "image_grid_pinpoints", "image_split_resolution", "mm_vision_select_feature",
    "mm_vision_select_layer", "mm_vision_tower_lr", "tune_mm_vision_resampler", "unfreeze_mm_vision_tower",
    "vision_tower_pretrained", "faster_token_stride", "image_token_index", "mm_use_box_start_end", "tune_entire_model",
    "use_pos_skipping",
)  # fmt: skip
"""Keys of LLaVA's own releases, beside their language model's."""
OF_GOT = (
    "freeze_vision_tower", "im_end_token", "im_patch_token", "im_start_token", "image_token_len", "use_im_start_end",
    "vision_select_layer",
)  # fmt: skip
"""Keys of GOT-OCR 2.0's own release at the top."""
OF_VIDEOCHAT = (
    *OF_LLAVA, "frame_aspect_ratio", "frame_grid_pinpoints", "llm_compress_layer_list", "llm_compress_type",
    "llm_image_token_ratio_list", "max_num_pixels", "min_slow_num_frames", "mm_close_init", "mm_llm_compress",
    "mm_local_num_frames", "mm_num_compress_latents", "mm_num_compress_query_type", "mm_pos_num_frames",
    "vision_encode_type",
)  # fmt: skip
"""Keys of VideoChat-Flash's release: of its frames, and of tokens of pictures that it drops on the way."""
OF_PADDLE = (
    "compression_ratio",
    "ignored_index",
    "max_sequence_length",
    "rope_is_neox_style",
    "use_3d_rope",
    "use_flash_attention",
    "weight_share_add_bias",
)
"""Keys of PaddleOCR-VL's release at the top, which no class reads; of its head's bias `use_bias` says that there is none."""
OF_PHI4 = ("full_attn_mod", "interpolate_factor", "lm_head_bias", "mlp_bias")
"""Keys of Phi-4 multimodal's release at the top; Phi's class has no such biases."""
OF_VIBEVOICE = ("acoustic_vae_dim", "semantic_vae_dim")
"""Keys of VibeVoice's release at the top: channels of what its tokenizers give."""
