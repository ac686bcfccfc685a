"""Granite Speech: a conformer, and a Q-Former whose queries read windows of its frames.

Reference: transformers/models/granite_speech/modeling_granite_speech.py
Paper: https://arxiv.org/abs/2505.08699
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, linear
from llm_gallery.families._config import Size, at_most, config, multiple
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._conformer import Conformer, conformer
from llm_gallery.families.beside._qformer import Blip2Qformer, norm_and_layers


@config("blip_2_qformer")
class SpeechQformer(Blip2Qformer):
    encoder_hidden_size: Size


@config("granite_speech", unused=("has_lora_adapter",))
class GraniteSpeech:
    encoder_config: Conformer
    projector_config: SpeechQformer
    downsample_rate: Size
    window_size: Size


def granite_speech(c: GraniteSpeech, stream: int) -> tuple[Block, ...]:
    return conformer(c.encoder_config), projector(c, stream)


def projector(c: GraniteSpeech, stream: int) -> Block:
    """As many queries a window as the rate leaves of its frames, and a linear map to the stream's width."""
    projector_config = c.projector_config
    names = ("projector_config.hidden_size", "projector_config.num_attention_heads")
    width = projector_config.hidden_size
    multiple(width, projector_config.num_attention_heads, names)
    at_most(c.downsample_rate, c.window_size, ("downsample_rate", "window_size"))
    queries = Tensor("query", (1, c.window_size // c.downsample_rate, int(width)))
    inside = (
        tensor_block("", queries),
        group(
            "qformer",
            *norm_and_layers(projector_config, int(width), projector_config.encoder_hidden_size),
        ),
        linear("linear", width, stream, bias=True),
    )
    return Block("projector", "projector", inside=inside)
