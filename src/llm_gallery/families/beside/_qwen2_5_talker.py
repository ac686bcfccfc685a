"""Qwen2.5-Omni's talker: a Qwen2 that reads what the thinker's stream and words give it, and writes codes of sound.

Reference: transformers/models/qwen2_5_omni/modular_qwen2_5_omni.py
Paper: https://arxiv.org/abs/2503.20215
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import gated_mlp, group, layer, linear, rms_norm, stack
from llm_gallery.families._config import Depth, Size, config, multiple
from llm_gallery.families._vision import four_maps, tensor_block

IDS = (
    "tts_codec_end_token_id", "tts_codec_mask_token_id", "tts_codec_pad_token_id", "tts_codec_start_token_id",
    "tts_text_end_token_id", "tts_text_pad_token_id", "tts_text_start_token_id",
)  # fmt: skip
OF_WHAT_IT_READS = (
    "layer_types", "max_position_embeddings", "max_window_layers", "rope_parameters", "rope_scaling", "rope_theta",
    "sliding_window", "use_sliding_window",
)  # fmt: skip
"""How far its layers read and how they are turned: nothing is stored for it."""
PLACES = ("position_id_per_seconds", "seconds_per_chunk", "spatial_merge_size")


@config("qwen2_5_omni_talker", unused=(*IDS, *OF_WHAT_IT_READS, *PLACES, "tie_word_embeddings"))
class Talker:
    vocab_size: Size
    embedding_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size
    head_dim: Size
    hidden_act: str


def talker(c: Talker, name: str) -> Block:
    """Rows of codes as wide as the thinker's stream, a map to the talker's, its layers, and scores of codes."""
    heads, keys = c.num_attention_heads, c.num_key_value_heads
    names = ("talker_config.num_attention_heads", "talker_config.num_key_value_heads")
    multiple(heads, keys, names)
    width, dim = c.hidden_size, c.head_dim
    maps = four_maps(width, heads * dim, keys * dim, output="o_proj", output_bias=False)
    decoder_layer = layer(
        rms_norm("input_layernorm", width),
        group("self_attn", *maps),
        rms_norm("post_attention_layernorm", width),
        gated_mlp("mlp", width=width, inner=c.intermediate_size, activation=c.hidden_act),
    )
    rows = Tensor("weight", (int(c.vocab_size), int(c.embedding_size)))
    inside = (
        tensor_block("model.embed_tokens", rows),
        linear("thinker_to_talker_proj", c.embedding_size, width, bias=True),
        stack("model.layers", [decoder_layer] * c.num_hidden_layers),
        rms_norm("model.norm", width),
        linear("codec_head", width, c.vocab_size),
    )
    return Block("speech_decoder", name, inside=inside)
