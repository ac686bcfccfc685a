"""GLM-ASR: Whisper's encoder with rotated positions, and two linear maps from several frames at once.

Reference: transformers/models/glmasr/modular_glmasr.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group, layer_norm, linear, stack
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import four_maps, pre_norm
from llm_gallery.families.beside._whisper import checked, frames


@config(
    "glmasr_encoder", unused=("max_position_embeddings", "partial_rotary_factor", "rope_parameters")
)
class GlmAsrEncoder:
    num_mel_bins: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size | None
    head_dim: Size | None = None
    hidden_act: str


@config("glmasr", unused=("projector_hidden_act",))
class GlmAsr:
    audio_config: GlmAsrEncoder


def glmasr(c: GlmAsr, stream: int) -> tuple[Block, ...]:
    """The frames that are joined are as wide together as the encoder's MLP."""
    joined = (
        linear("linear_1", c.audio_config.intermediate_size, 2 * stream, bias=True),
        linear("linear_2", 2 * stream, stream, bias=True),
    )
    return (
        encoder(c.audio_config),
        Block("projector", "multi_modal_projector", inside=joined),
    )


def encoder(c: GlmAsrEncoder) -> Block:
    """Keys have no bias, all else has."""
    width, heads = c.hidden_size, c.num_attention_heads
    dim = c.head_dim or checked(width, heads, ("hidden_size", "num_attention_heads"))
    queries, keys = heads * dim, (c.num_key_value_heads or heads) * dim
    maps = four_maps(width, queries, keys, key_bias=False, output="o_proj")
    attention = group("self_attn", *maps)
    decoder_layer = pre_norm(attention, width, c.intermediate_size, activation=c.hidden_act)
    inside = (
        *frames(width, c.num_mel_bins),
        stack("layers", [decoder_layer] * c.num_hidden_layers),
        layer_norm("norm", width),
    )
    return Block("audio_tower", "audio_tower", inside=inside)
