"""GPT-2: learned positions, LayerNorm, biases everywhere, a plain GELU MLP; matrices stored as [inputs, outputs].

Reference: transformers/models/gpt2/modeling_gpt2.py
Paper: https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Positions,
    attention,
    language_model,
    layer,
    layer_norm,
    learned_positions,
    linear,
    plain_mlp,
    residual,
    stack,
)
from llm_gallery.families._config import Depth, Size, config, multiple, stated


@config("gpt2")
class Gpt2:
    vocab_size: Size
    n_positions: Size
    n_embd: Size
    n_layer: Depth
    n_head: Size
    n_inner: Size | None
    activation_function: str
    tie_word_embeddings: bool
    scale_attn_weights: bool
    scale_attn_by_inverse_layer_idx: bool
    add_cross_attention: Literal[False] = False  # true only inside an encoder-decoder
    n_ctx: Size | None = None  # an older name for n_positions


def gpt2(c: Gpt2) -> Block:
    width = c.n_embd
    inner = derived(4 * width, "4 x n_embd") if c.n_inner is None else c.n_inner
    one = layer(
        residual(layer_norm("ln_1", width), fused_attention(width, c.n_head)),
        residual(layer_norm("ln_2", width), mlp(width, inner, c.activation_function)),
    )
    return language_model(
        stack("h", [one] * c.n_layer),
        body="transformer",
        table="wte",
        vocabulary=c.vocab_size,
        width=width,
        context=c.n_positions,
        tied=stated(c, "tie_word_embeddings"),
        before=(learned_positions("wpe", c.n_positions, width),),
        after=(layer_norm("ln_f", width),),
    )


def fused_attention(width: int, heads: int) -> Block:
    """Multi-head attention whose q, k and v are one matrix."""
    dim = derived(
        multiple(width, heads, ("n_embd", "n_head")),
        "n_embd / n_head",
    )
    return attention(
        "attn",
        heads=heads,
        kv_heads=heads,
        head_dim=dim,
        positions=Positions(kind="learned"),
        inside=(
            linear("c_attn", width, 3 * width, bias=True, transposed=True),
            linear("c_proj", width, width, bias=True, transposed=True),
        ),
        bias=True,
    )


def mlp(width: int, inner: int, activation: str) -> Block:
    return plain_mlp(
        "mlp",
        width=width,
        inner=inner,
        activation=activation,
        names=("c_fc", "c_proj"),
        bias=True,
        transposed=True,
    )
