"""Fun-ASR-Nano: an encoder whose attention has a convolution over the values beside it, and layers between it and the stream.

Reference: transformers/models/fun_asr_nano/modular_fun_asr_nano.py
Paper: https://arxiv.org/abs/2509.12508
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, stack
from llm_gallery.families._config import Count, Depth, Size, config, multiple, same
from llm_gallery.families._vision import filters, four_maps, pre_norm


@config("fun_asr_nano_encoder", unused=("max_position_embeddings",))
class FunAsrEncoder:
    num_mel_bins: Size
    num_stacked_frames: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_timestamp_prediction_layers: Count
    fsmn_kernel_size: Size
    hidden_act: str


@config("fun_asr_nano_adaptor", unused=("projector_hidden_act",))
class FunAsrAdaptor:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    projector_hidden_size: Size
    hidden_act: str


@config("fun_asr_nano")
class FunAsrNano:
    audio_config: FunAsrEncoder
    adaptor_config: FunAsrAdaptor


def fun_asr_nano(c: FunAsrNano, stream: int) -> tuple[Block, ...]:
    """The reference asks that the adaptor be as wide as the stream, and its MLPs a quarter of that."""
    here, width = c.adaptor_config, c.audio_config.hidden_size
    names = ("adaptor_config.hidden_size", "text_config.hidden_size")
    same(here.hidden_size, stream, names)
    names = ("adaptor_config.intermediate_size", "text_config.hidden_size // 4")
    same(here.intermediate_size, stream // 4, names)
    names = ("adaptor_config.hidden_size", "adaptor_config.num_attention_heads")
    multiple(stream, here.num_attention_heads, names)
    inner = here.projector_hidden_size
    joined = (
        linear("linear_1", width, inner, bias=True),
        linear("linear_2", inner, stream, bias=True),
        stack("layers", [encoder_layer(here, stream)] * here.num_hidden_layers),
    )
    return encoder(c.audio_config), Block("projector", "model.multi_modal_projector", inside=joined)


def encoder(c: FunAsrEncoder) -> Block:
    """The first layer reads several frames at once; a norm follows the layers for the words, and those for their times."""
    width, depth = c.hidden_size, c.num_hidden_layers
    names = ("audio_config.hidden_size", "audio_config.num_attention_heads")
    multiple(width, c.num_attention_heads, names)
    taps = c.fsmn_kernel_size
    first = encoder_layer(c, c.num_mel_bins * c.num_stacked_frames, taps=taps)
    other = encoder_layer(c, width, taps=taps)
    ends = (depth - c.num_timestamp_prediction_layers - 1, depth - 1)
    after = layer_norm("final_layernorm", width)
    layers = [
        layer(*block.inside, after) if i in ends else block
        for i, block in enumerate([first, *[other] * (depth - 1)])
    ]
    return Block("audio_tower", "model.audio_tower", inside=(stack("layers", layers),))


def encoder_layer(c: FunAsrEncoder | FunAsrAdaptor, inputs: int, *, taps: int = 0) -> Block:
    """Pre-norm attention and a two-matrix MLP with all biases; where there are `taps`, each channel's over the values."""
    width = c.hidden_size
    *three, output = four_maps(inputs, width, gives=width, output="o_proj")
    mixed = [filters("fsmn.conv", width, 1, taps, bias=False)] if taps else []
    attention = group("self_attn", *three, *mixed, output)
    return pre_norm(attention, width, c.intermediate_size, activation=c.hidden_act, reads=inputs)
