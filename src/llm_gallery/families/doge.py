"""Doge: Llama with attention that adds what each value says of itself to its scores, and learned scales on the stream.

Of a text longer than a window only the tokens that say most are attended to.

Reference: transformers/models/doge/modular_doge.py
Paper: https://arxiv.org/abs/2412.11834
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import connection, facts, layer, linear, residual, stack
from llm_gallery.families._config import Length, config
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, kv, norm, swiglu


@config(
    "doge",
    unused=(
        "hidden_dropout", "norm_topk_prob", "num_experts", "num_experts_per_tok", "dynamic_mask_ratio",
    ),
)  # fmt: skip
class Doge(Llama):
    sliding_window: Length | None
    keep_window_size: Length
    is_moe: Literal[False]  # the reference mixes the experts' scores of different tokens


def doge(c: Doge) -> Block:
    one = layer(
        residual(norm(c, "input_layernorm"), attends(c), scale(c, "input_residual")),
        residual(
            norm(c, "post_attention_layernorm"), swiglu(c), scale(c, "post_attention_residual")
        ),
    )
    return decoder(c, stack("layers", [one] * c.num_hidden_layers, residual="learned scales"))


def scale(c: Doge, name: str) -> Block:
    """A scale for each channel of the stream, beside which a branch is added as it is."""
    return connection("", own=[Tensor(name, (int(c.hidden_size),), role="stream_scale")])


def attends(c: Doge) -> Block:
    """Attention with what its mask is made of, from the values of all heads."""
    made = grouped_query(c, qk_norm="per head", window=c.sliding_window)
    heads = kv(c)
    step = linear(
        "dt_proj", heads * head_dim(c), heads, role="mask_step", bias=bool(c.attention_bias)
    )
    own = (*made.tensors, Tensor("A", (int(heads),), role="mask_rate"))
    told = {**made.facts, **facts(dynamic_mask=c.keep_window_size)}
    return replace(made, facts=told, tensors=own, inside=(*made.inside, step))
