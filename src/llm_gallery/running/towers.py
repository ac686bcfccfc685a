"""Towers in a small config, of which only the tensors are described: sizes at most, and sizes that must agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OUTPUT, WIDTH = "out_hidden_size", "hidden_size"
OF_ENCODERS: Mapping[str, int] = {
    **dict.fromkeys(("depth", "vt_num_hidden_layers"), 2),
    **dict.fromkeys(("vt_hidden_size", "vt_intermediate_size", "qkv_hidden_size"), 64),
    **dict.fromkeys(("out_hidden_size", "projector_output_dim"), 64),
    **dict.fromkeys(("init_pos_emb_height", "init_pos_emb_width"), 8),
    **dict.fromkeys(("projector_hidden_size", "alignment_intermediate_size"), 48),
    **dict.fromkeys(("encoder_layers", "num_blocks", "conf_num_hidden_layers"), 2),
    **dict.fromkeys(("embed_dim", "encoder_ffn_dim", "output_dim", "max_source_positions", "bias_max_distance"), 64),
    **dict.fromkeys(("downsample_hidden_size", "nemo_conv_channels", "ext_pw_out_channel", "depthwise_separable_out_channel", "depthwise_seperable_out_channel"), 16),
    "conf_num_attention_heads": 4,
    "downsample_ratio": 1,
    "image_size": 112,
    "in_channels": 3,
    **dict.fromkeys(("spatial_merge_size", "temporal_patch_size"), 2),
    "projection_intermediate_size": 40,
    "patch_size": 16,  # Inkling's is 40
    **dict.fromkeys(("input_local_dim", "input_local_intermediate_size"), 64),
    **dict.fromkeys(("mm_embed_dim", "output_proj_dims"), 64),
    "mm_posemb_size": 16,
    "num_position_embeddings": 16,
    "hidden_sizes": 32,
}  # fmt: skip
"""The most that a size of a tower may be."""


def joined(config: Mapping[str, Any], small: dict[str, Any]) -> dict[str, Any]:
    """The small config, whose tower gives vectors as wide as its language model's where it did so before."""
    tower, text = _object(config, "vision_config"), _object(config, "text_config")
    if OUTPUT in tower and tower[OUTPUT] == text.get(WIDTH):
        small["vision_config"][OUTPUT] = small["text_config"][WIDTH]
    if {"width", "layers", "heads"} <= tower.keys():  # Step 3.7's
        small["vision_config"] |= {"width": 64, "layers": 2, "heads": 4}
    for key in ("vision_config", "audio_config"):
        if "adapter_out_dim" in _object(config, key):  # dots3-note's hold the maps to the stream
            part = small[key]
            small[key] = part | {"adapter_out_dim": small["text_config"][WIDTH]}
            own = ("adapter_in_dim", "adapter_input_size")
            small[key] |= {name: part[WIDTH] for name in own if name in part}
    if _object(config, "adaptor_config"):  # Fun-ASR's is the stream's
        width = small["text_config"][WIDTH]
        small["adaptor_config"] |= {WIDTH: width, "intermediate_size": width // 4}
    heard = _object(small, "encoder_config")
    if read := heard.get("cat_hidden_layers"):  # Granite Speech Plus's layers stand side by side
        small["projector_config"]["encoder_hidden_size"] = heard["hidden_dim"] * (len(read) + 1)
    return small


def _object(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The object under a key; an empty one where there is none."""
    held = config.get(key)
    return held if isinstance(held, Mapping) else {}
