"""Grok 1: norms before and after each branch, bounded scores, and two of eight experts in every layer; one matrix embeds and predicts.

Reference: https://github.com/xai-org/grok-1/blob/main/model.py (JAX)
Model: https://huggingface.co/hpcai-tech/grok-1 (the names of tensors and keys)

Its GELU is JAX's, which approximates by a hyperbolic tangent where no argument says otherwise.
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Head,
    Scaling,
    experts,
    gated_mlp,
    layer,
    mixture_of_experts,
    renamed,
    residual,
    router,
)
from llm_gallery.families._config import Size, at_most, config
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, norm

BASE = 10000.0
"""Of the rotation, which no key states."""


@config("grok-1")
class FirstGrok(Llama):
    hidden_act: str = "gelu_pytorch_tanh"  # as the reference computes
    num_experts: Size
    num_experts_per_tok: Size
    attn_output_multiplier: float
    max_attn_value: float
    embedding_multiplier_scale: float
    output_multiplier_scale: float


def grok_1(c: FirstGrok) -> Block:
    mixer = grouped_query(c, positions=rope(c, head_dim(c), base=BASE), scaling=scaling(c))
    decoder_layer = layer(
        residual(
            norm(c, "pre_attn_norm"),
            renamed(mixer, {"self_attn": "attn"}),
            norm(c, "post_attn_norm"),
        ),
        residual(norm(c, "pre_moe_norm"), moe(c), norm(c, "post_moe_norm")),
    )
    return decoder(
        c,
        [decoder_layer] * c.num_hidden_layers,
        head=Head(scale=c.output_multiplier_scale),
        embedding_scale=c.embedding_multiplier_scale,
    )


def scaling(c: FirstGrok) -> Scaling:
    """The release multiplies by one over the root of a head's width, and says so in a key."""
    if c.attn_output_multiplier == head_dim(c) ** -0.5:
        return Scaling(softcap=c.max_attn_value)
    return Scaling(softcap=c.max_attn_value, scale_dim=1, score_scale=c.attn_output_multiplier)


def moe(c: FirstGrok) -> Block:
    """The weights are a softmax over all experts, of which the chosen keep theirs."""
    stored, used = c.num_experts, c.num_experts_per_tok
    at_most(used, stored, ("num_experts_per_tok", "num_experts"))
    expert = gated_mlp(
        "experts",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("linear", "linear_v", "linear_1"),
    )
    return mixture_of_experts(
        "moe_block",
        router=router("gate", width=c.hidden_size, experts=stored),
        experts=experts(expert, stored=stored, used=used),
        scoring="softmax",
        normalized=False,
    )
