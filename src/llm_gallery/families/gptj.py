"""GPT-J: GPT-2's width keys, attention without biases and an MLP side by side after one LayerNorm, a part of each head rotated.

Reference: transformers/models/gptj/modeling_gptj.py
Model: https://huggingface.co/EleutherAI/gpt-j-6b
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Heads,
    Positions,
    added,
    attention,
    layer,
    layer_norm,
    linear,
    residual,
)
from llm_gallery.families._config import Size, at_most, config, shared_among
from llm_gallery.families.gpt2 import Gpt2, inner, mlp, transformer


@config("gptj", unused=("n_ctx", "rotary", "scale_attn_weights"))
class GptJ(Gpt2):
    scale_attn_weights: bool = True
    scale_attn_by_inverse_layer_idx: bool = False
    rotary_dim: Size


def gptj(c: GptJ) -> Block:
    return parallel(c, multi_head(c))


def parallel(c: GptJ, attention: Block) -> Block:
    """Attention and MLP read the same norm, and both are added to the stream."""
    names = ("fc_in", "fc_out")
    branch = mlp(c.n_embd, inner(c), c.activation_function, names, transposed=False)
    block = layer(residual(layer_norm("ln_1", c.n_embd), added(attention, branch)))
    return transformer(c, block, head_bias=True)


def multi_head(c: GptJ) -> Block:
    width, dim = c.n_embd, shared_among(c.n_embd, c.n_head, ("n_embd", "n_head"))
    at_most(c.rotary_dim, dim, ("rotary_dim", "n_embd / n_head"))
    return attention(
        "attn",
        heads=Heads(c.n_head, c.n_head, dim),
        positions=Positions(kind="rope", rotated=c.rotary_dim, base=10000.0, pairs=True),
        inside=[
            linear("q_proj", width, width, role="query"),
            linear("k_proj", width, width, role="key"),
            linear("v_proj", width, width, role="value"),
            linear("out_proj", width, width, role="output"),
        ],
        bias=False,
    )
