"""Granite Speech: a conformer, and a Q-Former whose queries read windows of its frames.

Reference: transformers/models/granite_speech/modeling_granite_speech.py
Paper: https://arxiv.org/abs/2505.08699
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import Size, at_most, config
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._conformer import Conformer, conformer
from llm_gallery.families.beside._qformer import QFormer, qformer


@config("granite_speech", unused=("has_lora_adapter",))
class GraniteSpeech:
    encoder_config: Conformer
    projector_config: QFormer
    downsample_rate: Size
    window_size: Size


def granite_speech(c: GraniteSpeech, stream: int) -> tuple[Block, ...]:
    return conformer(c.encoder_config), projector(c, stream)


def projector(c: GraniteSpeech, stream: int) -> Block:
    """As many queries a window as the rate leaves of its frames, and a linear map to the stream's width."""
    width = c.projector_config.hidden_size
    at_most(c.downsample_rate, c.window_size, ("downsample_rate", "window_size"))
    queries = Tensor("query", (1, c.window_size // c.downsample_rate, int(width)))
    inside = (
        tensor_block("", queries),
        qformer(c.projector_config, "qformer"),
        linear("linear", width, stream, bias=True),
    )
    return Block("projector", "projector", inside=inside)
