"""GPT-2: learned positions, LayerNorm, biases everywhere, a plain GELU MLP; matrices stored as [inputs, outputs].

Reference: transformers/models/gpt2/modeling_gpt2.py
Paper: https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Head,
    Heads,
    Names,
    Positions,
    Scaling,
    joint_attention,
    language_model,
    layer,
    layer_norm,
    learned_positions,
    plain_mlp,
    residual,
    stack,
    with_settings,
)
from llm_gallery.families._config import Depth, Size, config, shared_among, stated

LEARNED = Positions(kind="learned")


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
    channels = mlp(c.n_embd, inner(c), c.activation_function)
    tokens = multi_head(c.n_embd, c.n_head, scaling(c))
    if c.scale_attn_by_inverse_layer_idx:
        tokens = with_settings(tokens, scores_by_layer=True)
    return transformer(c, pre_norm(c, tokens, channels), positions(c))


def transformer(c: Gpt2, block: Block, *before: Block, head_bias: bool = False) -> Block:
    """The whole: embedding, what comes before the stack, equal layers, a last norm and the head."""
    return language_model(
        stack("h", [block] * c.n_layer),
        Names("transformer", "wte"),
        vocabulary=c.vocab_size,
        width=c.n_embd,
        context=c.n_positions,
        tied=stated(c, "tie_word_embeddings"),
        before=before,
        after=(layer_norm("ln_f", c.n_embd),),
        head=Head(bias=head_bias),
    )


def positions(c: Gpt2) -> Block:
    return learned_positions("wpe", c.n_positions, c.n_embd)


def pre_norm(c: Gpt2, tokens: Block, channels: Block) -> Block:
    return layer(
        residual(layer_norm("ln_1", c.n_embd), tokens),
        residual(layer_norm("ln_2", c.n_embd), channels),
    )


def scaling(c: Gpt2) -> Scaling:
    """Scores are divided by the root of a head's width, unless the config says that they aren't."""
    return Scaling() if c.scale_attn_weights else Scaling(scale_dim=1)


def multi_head(width: int, heads: int, scaling: Scaling = Scaling()) -> Block:
    """Attention whose matrices are stored as [inputs, outputs], as GPT-2's are."""
    return joint_attention(
        "attn",
        width=width,
        heads=Heads(heads, heads, shared_among(width, heads, ("n_embd", "n_head"))),
        positions=LEARNED,
        names=("c_attn", "c_proj"),
        bias=True,
        transposed=True,
        scaling=scaling,
    )


def inner(c: Gpt2) -> int:
    """Four times the width where the config doesn't say."""
    return derived(4 * c.n_embd, "4 x n_embd") if c.n_inner is None else c.n_inner


def mlp(
    width: int,
    inner: int,
    activation: str,
    names: tuple[str, str] = ("c_fc", "c_proj"),
    *,
    transposed: bool = True,
) -> Block:
    return plain_mlp(
        "mlp",
        width=width,
        inner=inner,
        activation=activation,
        names=names,
        bias=True,
        transposed=transposed,
    )
