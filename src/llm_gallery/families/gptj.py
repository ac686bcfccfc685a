"""GPT-J: GPT-2's width keys, attention without biases and an MLP side by side after one LayerNorm, a part of each head rotated.

Reference: transformers/models/gptj/modeling_gptj.py
Model: https://huggingface.co/EleutherAI/gpt-j-6b
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Positions,
    added,
    attention,
    language_model,
    layer,
    layer_norm,
    linear,
    plain_mlp,
    residual,
    stack,
)
from llm_gallery.families._config import Depth, Size, at_most, config, multiple, stated


@config("gptj", unused=("n_ctx", "rotary", "scale_attn_weights"))
class GptJ:
    vocab_size: Size
    n_positions: Size
    n_embd: Size
    n_layer: Depth
    n_head: Size
    rotary_dim: Size | None
    n_inner: Size | None
    activation_function: str
    tie_word_embeddings: bool


def gptj(c: GptJ) -> Block:
    width = c.n_embd
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=derived(4 * width, "4 x n_embd") if c.n_inner is None else c.n_inner,
        activation=c.activation_function,
        names=("fc_in", "fc_out"),
        bias=True,
    )
    one = layer(residual(layer_norm("ln_1", width), added(multi_head(c), mlp)))
    return language_model(
        stack("h", [one] * c.n_layer),
        body="transformer",
        table="wte",
        vocabulary=c.vocab_size,
        width=width,
        context=c.n_positions,
        tied=stated(c, "tie_word_embeddings"),
        after=(layer_norm("ln_f", width),),
        head_bias=True,
    )


def multi_head(c: GptJ) -> Block:
    dim = derived(multiple(c.n_embd, c.n_head, ("n_embd", "n_head")), "n_embd / n_head")
    rotated = dim if c.rotary_dim is None else c.rotary_dim
    at_most(rotated, dim, ("rotary_dim", "n_embd / n_head"))
    return attention(
        "attn",
        heads=c.n_head,
        kv_heads=c.n_head,
        head_dim=dim,
        positions=Positions(kind="rope", rotated=rotated, base=10000.0),
        inside=[
            linear(name, c.n_embd, c.n_embd) for name in ("q_proj", "k_proj", "v_proj", "out_proj")
        ],
        bias=False,
    )
