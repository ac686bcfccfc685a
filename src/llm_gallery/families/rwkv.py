"""RWKV-4: a decaying average in place of attention, and an MLP gated by what the token is ready to receive.

Reference: transformers/models/rwkv/modeling_rwkv.py
Paper: https://arxiv.org/abs/2305.13048
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Names,
    language_model,
    layer,
    layer_norm,
    receptance_mlp,
    residual,
    stack,
)
from llm_gallery.architecture.parts import rwkv as time_mixing
from llm_gallery.families._config import Depth, Length, Size, config, stated


@config("rwkv", unused=("rescale_every",))
class Rwkv:
    vocab_size: Size
    hidden_size: Size
    num_hidden_layers: Depth
    context_length: Length
    attention_hidden_size: Size | None
    intermediate_size: Size | None
    tie_word_embeddings: bool


def rwkv(c: Rwkv) -> Block:
    width, tied = c.hidden_size, stated(c, "tie_word_embeddings")
    inner = c.attention_hidden_size or derived(width * 1, "hidden_size")
    wide = c.intermediate_size or derived(width * 4, "hidden_size x 4")
    decoder_layer = layer(
        residual(layer_norm("ln1", width), time_mixing("attention", width=width, inner=inner)),
        residual(layer_norm("ln2", width), receptance_mlp("feed_forward", width=width, inner=wide)),
    )
    return language_model(
        stack("blocks", [decoder_layer] * c.num_hidden_layers),
        Names("rwkv", "embeddings", "head"),
        vocabulary=c.vocab_size,
        width=width,
        context=c.context_length,
        tied=tied,
        before=(layer_norm("blocks.0.pre_ln", width),),
        after=(layer_norm("ln_out", width, eps=1e-5),),
    )
