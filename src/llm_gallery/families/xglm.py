"""XGLM: OPT's layers with positions of sines, for many languages, and the embedding scaled by the root of its width.

Reference: transformers/models/xglm/modeling_xglm.py
Paper: https://arxiv.org/abs/2112.10668
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Positions,
    language_model,
    layer,
    layer_norm,
    plain_mlp,
    residual,
    sinusoidal_positions,
    stack,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Depth, Size, config, shared_among, stated
from llm_gallery.families.opt import PADDED, separate_projections

SINES = Positions(kind="sinusoidal")


@config(
    "xglm",
    unused=("activation_dropout", "dropout", "init_std", "layerdrop"),
)
class Xglm:
    vocab_size: Size
    d_model: Size
    ffn_dim: Size
    num_layers: Depth
    attention_heads: Size
    activation_function: str
    max_position_embeddings: Size
    scale_embedding: bool
    tie_word_embeddings: bool
    add_cross_attention: Literal[False] = False  # true only inside an encoder-decoder


def xglm(c: Xglm) -> Block:
    width, heads = c.d_model, c.attention_heads
    if width % 2 or width < 4:
        raise Refusal(
            f"d_model is {width}, expected an even width of 4 or more: half is for sines; correct it"
        )
    dim = shared_among(width, heads, ("d_model", "attention_heads"))
    channels = plain_mlp(
        "",
        width=width,
        inner=c.ffn_dim,
        activation=c.activation_function,
        names=("fc1", "fc2"),
        bias=True,
    )
    decoder_layer = layer(
        residual(
            layer_norm("self_attn_layer_norm", width),
            separate_projections(width, heads, dim, SINES),
        ),
        residual(layer_norm("final_layer_norm", width), channels),
    )
    places = sinusoidal_positions(
        "embed_positions",
        c.max_position_embeddings,
        width,
        first=PADDED,
        steps=width // 2 - 1,  # so that the slowest wave is 10,000 times as long as the first
    )
    whole = language_model(
        stack("layers", [decoder_layer] * c.num_layers),
        vocabulary=c.vocab_size,
        width=width,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        before=(places,),
        after=(layer_norm("layer_norm", width),),
        embedding_scale=derived(float(width) ** 0.5, "sqrt(d_model)")
        if c.scale_embedding
        else None,
    )
    return with_settings(whole, eps=1e-5)  # the class has no key for it
