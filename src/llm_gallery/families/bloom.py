"""BLOOM: GPT-2 with positions as slopes on the scores (ALiBi), and a LayerNorm right after the embedding.

Reference: transformers/models/bloom/modeling_bloom.py
Paper: https://arxiv.org/abs/2211.05100
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    Positions,
    joint_attention,
    language_model,
    layer,
    layer_norm,
    plain_mlp,
    residual,
    stack,
)
from llm_gallery.families._config import Depth, Size, config, shared_among, stated

OF_THE_TRAINING_CODE = (
    "attention_softmax_in_fp32", "bias_dropout_fusion", "masked_softmax_fusion", "n_inner",
    "offset_alibi", "seq_length", "skip_bias_add", "skip_bias_add_qkv", "slow_but_exact",
    "unk_token_id", "use_pipeline", "activation_function",
)  # fmt: skip


@config("bloom", unused=OF_THE_TRAINING_CODE)
class Bloom:
    vocab_size: Size
    hidden_size: Size
    n_embed: Size | None = None  # overrides hidden_size
    n_layer: Depth
    n_head: Size
    apply_residual_connection_post_layernorm: Literal[False]  # true in no release
    tie_word_embeddings: bool


def bloom(c: Bloom) -> Block:
    width = c.hidden_size if c.n_embed is None else c.n_embed
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=derived(4 * width, "4 x hidden_size"),
        activation="gelu_rounded",  # the class approximates it by a hyperbolic tangent
        names=("dense_h_to_4h", "dense_4h_to_h"),
        bias=True,
    )
    decoder_layer = layer(
        residual(layer_norm("input_layernorm", width), sloped(width, c.n_head)),
        residual(layer_norm("post_attention_layernorm", width), mlp),
    )
    return language_model(
        stack("h", [decoder_layer] * c.n_layer),
        Names("transformer", "word_embeddings"),
        vocabulary=c.vocab_size,
        width=width,
        tied=stated(c, "tie_word_embeddings"),
        before=(layer_norm("word_embeddings_layernorm", width),),
        after=(layer_norm("ln_f", width),),
    )


def sloped(width: int, heads: int) -> Block:
    return joint_attention(
        "self_attention",
        width=width,
        heads=Heads(heads, heads, shared_among(width, heads, ("hidden_size", "n_head"))),
        positions=Positions(kind="alibi"),
        names=("query_key_value", "dense"),
        grouped=True,
        bias=True,
    )
