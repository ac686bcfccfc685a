"""Gemma 2: Gemma with norms before and after each sublayer, a window every other layer, and soft-capped scores.

Reference: transformers/models/gemma2/modular_gemma2.py
Paper: https://arxiv.org/abs/2408.00118
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Head, Scaling, layer, residual
from llm_gallery.families._config import Length, Size, config
from llm_gallery.families._layers import every_nth, sliding
from llm_gallery.families.gemma import root_of_width
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm, swiglu


@config("gemma2", computes={"offset": 1.0})
class Gemma2(Llama):
    hidden_act: str = ""  # the reference reads hidden_activation alone
    hidden_activation: str
    query_pre_attn_scalar: Size
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None
    attn_logit_softcapping: float | None
    final_logit_softcapping: float | None
    use_bidirectional_attention: bool | None
    sliding_window_size: Length | None = None  # an older name for sliding_window


def gemma2(c: Gemma2) -> Block:
    return alternating(c, decoder_layer(c, c.sliding_window), decoder_layer(c, None))


def alternating(c: Gemma2, local: Block, full: Block) -> Block:
    """A window in every other layer, or where the list says."""
    default = every_nth(2, c.num_hidden_layers)
    pattern = sliding(c.layer_types, c.num_hidden_layers, default)
    return decoder(
        c,
        [local if is_local else full for is_local in pattern],
        head=Head(softcap=c.final_logit_softcapping),
        embedding_scale=root_of_width(c),
    )


def decoder_layer(c: Gemma2, window: int | None) -> Block:
    return layer(
        residual(
            norm(c, "input_layernorm"),
            attention(c, window),
            norm(c, "post_attention_layernorm"),
        ),
        residual(
            norm(c, "pre_feedforward_layernorm"), swiglu(c), norm(c, "post_feedforward_layernorm")
        ),
    )


def attention(c: Gemma2, window: int | None) -> Block:
    return grouped_query(
        c,
        window=window,
        scaling=Scaling(scale_dim=c.query_pre_attn_scalar, softcap=c.attn_logit_softcapping),
    )
