"""Inkling, text: the language model alone, under the reference's own names, gate and up apart or one after the other.

Reference: transformers/models/inkling/modular_inkling.py
Report: https://thinkingmachines.ai/news/introducing-inkling/
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Head,
    facts,
    gated_mlp,
    layer,
    residual,
    stacked_experts,
)
from llm_gallery.families._inkling import short_convolution
from llm_gallery.families._layers import each
from llm_gallery.families.inkling_mm_model import InklingText, biased_attention, layers
from llm_gallery.families.inkling_mm_model import moe as released
from llm_gallery.families.llama import decoder, norm

OF_ATTENTION = {
    "wq_du": "q_proj",
    "wk_dv": "k_proj",
    "wv_dv": "v_proj",
    "wr_du": "r_proj",
    "wo_ud": "o_proj",
    "k_sconv": "k_sconv.conv1d",
    "v_sconv": "v_sconv.conv1d",
}
"""The release's names, and the reference's."""
APART = ("gate_proj", "up_proj", "down_proj")


def inkling_text(c: InklingText) -> Block:
    return decoder(
        c,
        each(layers(c), lambda key: decoder_layer(c, *key)),
        before=(norm(c, "embed_tokens.embed_norm"),),
        head=Head(
            softcap=c.final_logit_softcapping,
            scale=derived(1 / c.logits_mup_width_multiplier, "1 / logits_mup_width_multiplier"),
        ),
    )


def decoder_layer(c: InklingText, local: bool, sparse: bool) -> Block:
    return layer(
        residual(
            norm(c, "input_layernorm"),
            attention(c, local),
            short_convolution(c, "attn_sconv.conv1d", c.hidden_size),
        ),
        residual(
            norm(c, "post_attention_layernorm"),
            moe(c) if sparse else dense(c),
            short_convolution(c, "mlp_sconv.conv1d", c.hidden_size),
        ),
    )


def attention(c: InklingText, local: bool) -> Block:
    mixer = biased_attention(c, local)
    inside = (replace(part, name=OF_ATTENTION.get(part.name, part.name)) for part in mixer.inside)
    return replace(mixer, name="self_attn", inside=tuple(inside))


def dense(c: InklingText) -> Block:
    channels = gated_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.dense_intermediate_size or c.intermediate_size,
        activation=c.hidden_act,
    )
    scale = Tensor("global_scale", (1,), role="scale")
    return replace(
        channels, facts={**channels.facts, **facts(learned_scale=True)}, tensors=(scale,)
    )


def moe(c: InklingText) -> Block:
    """The release's mixture, stored otherwise."""
    block = released(c)
    scores, *mlps = block.inside
    weight, correction, scale = scores.tensors
    tensor = (weight, correction._replace(name="e_score_correction_bias"), scale)
    routed, shared = (
        stacked_experts(
            part.name,
            stored=part.copies,
            used=part.used,
            width=c.hidden_size,
            inner=part.number("inner"),
            activation=c.hidden_act,
            names=names,
            outputs_first=True,
        )
        for part, names in zip(mlps, (("gate_up_proj", "down_proj"), APART), strict=True)
    )
    return replace(block, inside=(replace(scores, tensors=tensor), routed, shared))
