"""VideoLLaMA 3: SigLIP's layers, rotated in place of learned positions, and two linear maps to the stream's width.

Reference: transformers/models/video_llama_3/modular_video_llama_3.py
Paper: https://arxiv.org/abs/2501.13106
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm, linear
from llm_gallery.families._config import Depth, Size, config, multiple
from llm_gallery.families._vision import encoder, encoder_layer, filters, tower


@config("video_llama_3_vision", unused=("hidden_act", "rope_parameters"))
class VideoVision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_channels: Size
    patch_size: Size


@config("video_llama_3")
class VideoLlama3:
    vision_config: VideoVision


def video_llama_3(c: VideoLlama3, stream: int) -> tuple[Block, ...]:
    joined = (
        linear("readout.0", c.vision_config.hidden_size, stream, bias=True),
        linear("readout.2", stream, stream, bias=True),
    )
    return vision(c.vision_config), Block("projector", "model.projector", inside=joined)


def vision(c: VideoVision) -> Block:
    """Patches of pictures of any size."""
    width, side = c.hidden_size, c.patch_size
    names = ("vision_config.hidden_size", "vision_config.num_attention_heads")
    multiple(width, c.num_attention_heads, names)
    norms = ("layer_norm1", "layer_norm2")
    block = encoder_layer(width, c.intermediate_size, norms=norms, output="out_proj")
    inside = (
        filters("embeddings.patch_embedding", width, c.num_channels, side, side),
        encoder("encoder", block, c.num_hidden_layers),
        layer_norm("post_layernorm", width),
    )
    return tower("model.vision_model", inside)
