"""Jais: GPT-2 with slopes on the scores (ALiBi), a gated MLP, and what muP multiplies embedding, scores and logits by.

Its class is that of Cerebras' BTLM. Checkpoints also store the slopes, a number a head, which are computed here.

No config of the first Jais was at hand: its sizes are the paper's, with an MLP of 8/3 the width.

Reference: vllm/model_executor/models/jais.py, which reads the releases (transformers has no such type), and modeling_btlm.py
Model: https://huggingface.co/inceptionai/jais-13b, https://huggingface.co/inceptionai/jais-family-30b-16k
Paper: https://arxiv.org/abs/2308.16149, https://arxiv.org/abs/2309.11568 (BTLM)
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Head,
    Heads,
    Names,
    Positions,
    Scaling,
    gated_mlp,
    joint_attention,
    language_model,
    layer,
    layer_norm,
    linear,
    residual,
    stack,
    with_settings,
)
from llm_gallery.families._config import Depth, Length, Size, config, shared_among, stated
from llm_gallery.families._values import Bounds
from llm_gallery.families.gpt2 import mlp

Multiplier = Annotated[float, Bounds(1e-6, 10**6)]
SWIGLU = "swiglu"


@config("jais", classes=("JAISLMHeadModel",))
class Jais:
    """Defaults are those of configuration_jais.py. Learned positions, its default, and stretched slopes no release has."""

    vocab_size: Size
    n_positions: Length
    n_embd: Size
    n_layer: Depth
    n_head: Size
    n_inner: Size | None = None
    activation_function: str = "gelu_new"
    position_embedding_type: Literal["alibi"]
    alibi_scaling: None = None
    tie_word_embeddings: bool = True
    scale_attn_weights: bool = True
    scale_attn_by_inverse_layer_idx: bool = False
    mup_embeddings_scale: Multiplier = 1.0
    mup_output_alpha: Multiplier = 1.0
    mup_width_scale: Multiplier = 1.0
    mup_scale_qk_dot_by_d: bool = False
    embeddings_scale: Multiplier | None = None  # the 13B's names of the same
    width_scale: Multiplier | None = None  # of both factors of the logits
    scale_qk_dot_by_d: bool | None = None


def jais(c: Jais) -> Block:
    decoder_layer = layer(
        residual(layer_norm("ln_1", c.n_embd), sloped(c)),
        residual(layer_norm("ln_2", c.n_embd), channels(c)),
    )
    embedded, scored = embedding_scale(c), logit_scale(c)
    return language_model(
        stack("h", [decoder_layer] * c.n_layer),
        Names("transformer", "wte"),
        vocabulary=c.vocab_size,
        width=c.n_embd,
        context=c.n_positions,
        tied=stated(c, "tie_word_embeddings"),
        after=(layer_norm("ln_f", c.n_embd),),
        head=Head(scale=None if scored == 1 else scored),
        embedding_scale=None if embedded == 1 else embedded,
    )


def embedding_scale(c: Jais) -> float:
    return c.mup_embeddings_scale if c.embeddings_scale is None else c.embeddings_scale


def logit_scale(c: Jais) -> float:
    if c.width_scale is not None:
        return c.width_scale
    return derived(c.mup_output_alpha * c.mup_width_scale, "mup_output_alpha x mup_width_scale")


def sloped(c: Jais) -> Block:
    """GPT-2's attention with slopes for positions; the scores are over a head's width, or its root, or as they are."""
    dim = shared_among(c.n_embd, c.n_head, ("n_embd", "n_head"))
    whole = c.mup_scale_qk_dot_by_d if c.scale_qk_dot_by_d is None else c.scale_qk_dot_by_d
    divisor = derived(dim * dim, "head_dim^2: the scores are over the whole of a head's width")
    scaling = Scaling(scale_dim=divisor if whole else None) if c.scale_attn_weights else Scaling(1)
    mixer = joint_attention(
        "attn",
        width=c.n_embd,
        heads=Heads(c.n_head, c.n_head, dim),
        positions=Positions(kind="alibi"),
        names=("c_attn", "c_proj"),
        bias=True,
        transposed=True,
        scaling=scaling,
    )
    by_layer = c.scale_attn_by_inverse_layer_idx
    return with_settings(mixer, scores_by_layer=True) if by_layer else mixer


def channels(c: Jais) -> Block:
    """c_proj(c_fc x * SiLU(c_fc2 x)), matrices as [inputs, outputs]; GPT-2's MLP under any other activation."""
    inner = derived(4 * c.n_embd, "4 x n_embd") if c.n_inner is None else c.n_inner
    if c.activation_function != SWIGLU:
        return mlp(c.n_embd, inner, c.activation_function)
    channels = gated_mlp(
        "mlp",
        width=c.n_embd,
        inner=inner,
        activation="silu",
        bias=True,
        names=("c_fc2", "c_fc", "c_proj"),
    )
    stored = [
        linear(
            part.name,
            part.number("inputs"),
            part.number("outputs"),
            role=part.roles,
            bias=True,
            transposed=True,
        )
        for part in channels.inside
    ]
    return replace(channels, inside=tuple(stored))
