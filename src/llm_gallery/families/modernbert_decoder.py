"""ModernBERT's decoder (Ettin): windows in two of three layers, GeGLU, a norm after the embedding and a transform before the head.

Reference: transformers/models/modernbert_decoder/modular_modernbert_decoder.py
Paper: https://arxiv.org/abs/2507.11412
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Head,
    Heads,
    Names,
    attention,
    gated_mlp,
    head_transform,
    language_model,
    layer,
    layer_norm,
    linear,
    residual,
    stack,
)
from llm_gallery.families._config import Depth, Length, Size, config, shared_among, stated
from llm_gallery.families._layers import each, sliding
from llm_gallery.families._rope import Rotary, rope
from llm_gallery.families._values import Bounds

Window = Annotated[int, Bounds(2, 2**40)]
"""Tokens on both sides, of which a decoder sees half."""


@config(
    "modernbert_decoder",
    unused=("classifier_dropout", "cls_token_id", "initializer_cutoff_factor"),
)
class ModernbertDecoder(Rotary):
    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    hidden_activation: str
    max_position_embeddings: Length
    norm_bias: bool
    attention_bias: bool
    mlp_bias: bool
    decoder_bias: bool
    classifier_bias: bool
    classifier_activation: str
    local_attention: Window
    sliding_window: Length | None = None  # half of it as the reference saves it, or in its place
    layer_types: tuple[str, ...] | None
    global_attn_every_n_layers: Size = 3
    rope_local_base_freq: float
    global_rope_theta: float | None = None
    local_rope_theta: float | None = None
    tie_word_embeddings: bool


def modernbert_decoder(c: ModernbertDecoder) -> Block:
    width, count, nth = c.hidden_size, c.num_hidden_layers, c.global_attn_every_n_layers
    default = ["sliding_attention" if i % nth else "full_attention" for i in range(count)]
    local = sliding(c.layer_types, count, default)
    whole = language_model(
        stack(
            "layers",
            each(
                [(near, i > 0) for i, near in enumerate(local)], lambda key: decoder_layer(c, *key)
            ),
        ),
        Names("model", "embeddings.tok_embeddings", "decoder"),
        vocabulary=c.vocab_size,
        width=width,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        before=(norm(c, "embeddings.norm"),),
        after=(norm(c, "final_norm"),),
        head=Head(bias=stated(c, "decoder_bias")),
    )
    before = head_transform(
        "lm_head",
        linear("dense", width, width, bias=c.classifier_bias),
        norm(c, "norm"),
        activation=c.classifier_activation,
    )
    decoding, scores = whole.inside
    return replace(whole, inside=(decoding, before, scores))


def norm(c: ModernbertDecoder, name: str) -> Block:
    return layer_norm(name, c.hidden_size, bias=c.norm_bias)


def decoder_layer(c: ModernbertDecoder, local: bool, normed: bool) -> Block:
    """What the first layer's attention reads is normed already."""
    channels = gated_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_activation,
        bias=c.mlp_bias,
        fused=True,
        names=("Wi", "Wo"),
    )
    tokens = layer_attention(c, local)
    return layer(
        residual(norm(c, "attn_norm"), tokens) if normed else residual(tokens),
        residual(norm(c, "mlp_norm"), channels),
    )


def layer_attention(c: ModernbertDecoder, local: bool) -> Block:
    """A window reaches back half as far as the encoder's, which sees both ways."""
    width, heads = c.hidden_size, c.num_attention_heads
    dim = shared_among(width, heads, ("hidden_size", "num_attention_heads"))
    names = {"q_proj": "query", "k_proj": "key", "v_proj": "value", "Wo": "output"}
    local_base = c.local_rope_theta if local else c.global_rope_theta
    base = c.rope_local_base_freq if local and local_base is None else local_base
    return attention(
        "attn",
        heads=Heads(heads, heads, dim),
        positions=rope(
            c, dim, layer_type="sliding_attention" if local else "full_attention", base=base
        ),
        inside=[
            linear(name, width, width, role=role, bias=c.attention_bias)
            for name, role in names.items()
        ],
        window=window(c) if local else None,
        bias=stated(c, "attention_bias"),
    )


def window(c: ModernbertDecoder) -> int:
    """What a decoder sees of the encoder's window, unless the file says so itself."""
    half = derived(c.local_attention // 2, "local_attention / 2")
    return half if c.sliding_window is None else c.sliding_window
