"""OPT: GPT-2's parts with ReLU; the smallest also with norms after the sums, or an embedding narrower than the stream.

Reference: transformers/models/opt/modeling_opt.py
Paper: https://arxiv.org/abs/2205.01068
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact, derived, fact
from llm_gallery.architecture.parts import (
    Heads,
    Names,
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
    with_settings,
)
from llm_gallery.families._config import Depth, Size, config, multiple, stated
from llm_gallery.families.gpt2 import LEARNED

PADDED = 2
"""Rows of the position table before the first token's."""


@config(
    "opt",
    unused=("dropout", "init_std", "layerdrop", "activation_dropout", "output_projection"),
)
class Opt:
    vocab_size: Size
    hidden_size: Size
    ffn_dim: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    max_position_embeddings: Size
    word_embed_proj_dim: Size | None
    activation_function: str
    do_layer_norm_before: bool
    enable_bias: bool
    layer_norm_elementwise_affine: bool
    tie_word_embeddings: bool
    _remove_final_layer_norm: bool


def opt(c: Opt) -> Block:
    width = c.hidden_size
    narrow = width if c.word_embed_proj_dim is None else c.word_embed_proj_dim
    projected = narrow != width
    places = learned_positions(
        "embed_positions", c.max_position_embeddings + PADDED, width, first=PADDED
    )
    final = c.do_layer_norm_before and not c._remove_final_layer_norm
    whole = language_model(
        stack("layers", [decoder_layer(c)] * c.num_hidden_layers),
        Names("model.decoder"),
        vocabulary=c.vocab_size,
        width=width,
        table_width=narrow,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        before=(*([linear("project_in", narrow, width)] if projected else ()), places),
        after=(
            *([norm(c, "final_layer_norm")] if final else ()),
            *([linear("project_out", width, narrow)] if projected else ()),
        ),
    )
    return with_settings(whole, eps=1e-5)  # the class has no key for it


def decoder_layer(c: Opt) -> Block:
    """OPT 350M norms what a branch and the stream add up to; the others what the branch reads."""
    branches: Sequence[tuple[Block, Block]] = (
        (norm(c, "self_attn_layer_norm"), multi_head(c)),
        (norm(c, "final_layer_norm"), mlp(c)),
    )
    if c.do_layer_norm_before:
        return layer(*(residual(first, branch) for first, branch in branches))
    return layer(*(part for then, branch in branches for part in (residual(branch), then)))


def norm(c: Opt, name: str) -> Block:
    return layer_norm(name, c.hidden_size, learned=c.layer_norm_elementwise_affine)


def mlp(c: Opt) -> Block:
    return plain_mlp(
        "",
        width=c.hidden_size,
        inner=c.ffn_dim,
        activation=c.activation_function,
        names=("fc1", "fc2"),
        bias=c.enable_bias,
    )


def multi_head(c: Opt) -> Block:
    width, heads = c.hidden_size, c.num_attention_heads
    even = multiple(width, heads, ("hidden_size", "num_attention_heads"))
    dim = derived(even, "hidden_size / num_attention_heads")
    return separate_projections(width, heads, dim, bias=stated(c, "enable_bias"))


def separate_projections(
    width: int, heads: int, dim: int, positions: Positions = LEARNED, *, bias: bool | Fact = True
) -> Block:
    """BART's attention, as many decoders have it: four projections of the whole width, the last called out_proj."""
    biased = fact(bias).value is True
    names = {"q_proj": "query", "k_proj": "key", "v_proj": "value", "out_proj": "output"}
    return attention(
        "self_attn",
        heads=Heads(heads, heads, dim),
        positions=positions,
        inside=[linear(name, width, width, role=role, bias=biased) for name, role in names.items()],
        bias=bias,
    )
