"""Qwen3.5, text: Qwen3-Next's layers with dense MLPs, the linear attention's projections stored apart.

Reference: transformers/models/qwen3_5/modular_qwen3_5.py
Model: https://huggingface.co/Qwen/Qwen3.5-27B
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import Names
from llm_gallery.families._config import Few, config
from llm_gallery.families._layers import each
from llm_gallery.families.llama import decoder, swiglu
from llm_gallery.families.qwen3_next import DeltaHybrid, decoder_layer, next_token_module, schedule


@config("qwen3_5_text", unused=("mamba_ssm_dtype", "mlp_only_layers", "output_gate_type"))
class Qwen35Text(DeltaHybrid):
    attn_output_gate: Literal[True] = True
    mtp_num_hidden_layers: Few = 0
    mtp_use_dedicated_embeddings: Literal[False] = False


def qwen3_5_text(c: Qwen35Text) -> Block:
    return text(c)


def text(c: Qwen35Text, body: str = "model", tied: Fact | None = None) -> Block:
    """The decoder; `body` is where a multimodal checkpoint stores it, `tied` what that one states."""
    return hybrid(c, swiglu(c), body, tied)


def hybrid(c: Qwen35Text, channels: Block, body: str, tied: Fact | None) -> Block:
    layers = each(schedule(c), lambda kind: decoder_layer(c, kind, channels, fused=False))
    return decoder(c, layers, Names(body), tied=tied, beside=next_token_modules(c, channels))


def next_token_modules(c: Qwen35Text, channels: Block) -> Sequence[Block]:
    last = decoder_layer(c, "full_attention", channels, fused=False)
    count = c.mtp_num_hidden_layers
    return [next_token_module(c, *[last] * count)] if count else []
