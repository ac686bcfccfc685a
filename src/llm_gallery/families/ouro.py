"""Ouro: Llama with norms before and after each sublayer, whose stack runs four times; a gate says when to stop.

The final norm ends each pass: the next one and the gate read what it gives.

Reference: https://huggingface.co/ByteDance/Ouro-2.6B-Thinking/blob/main/modeling_ouro.py
Paper: https://arxiv.org/abs/2510.25741
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer, linear, residual, stack
from llm_gallery.families._config import Passes, config
from llm_gallery.families._layers import each
from llm_gallery.families.llama import decoder, grouped_query, norm, swiglu
from llm_gallery.families.qwen2 import Qwen2, windows


@config("ouro", unused=("early_exit_threshold",))  # which pass is read; all of them run
class Ouro(Qwen2):
    total_ut_steps: Passes


def ouro(c: Ouro) -> Block:
    gate = replace(linear("early_exit_gate", c.hidden_size, 1, bias=True), kind="exit_gate")
    layers = each(windows(c), lambda window: decoder_layer(c, window))
    looped = stack("layers", layers, passes=c.total_ut_steps, pass_norm=True)
    return decoder(c, looped, after=(norm(c, "norm"), gate))


def decoder_layer(c: Ouro, window: int | None) -> Block:
    return layer(
        residual(
            norm(c, "input_layernorm"),
            grouped_query(c, window=window),
            norm(c, "input_layernorm_2"),
        ),
        residual(
            norm(c, "post_attention_layernorm"), swiglu(c), norm(c, "post_attention_layernorm_2")
        ),
    )
