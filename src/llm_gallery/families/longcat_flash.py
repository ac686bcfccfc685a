"""LongCat-Flash: layers of two latent attentions and two MLPs with experts on a shortcut across the second half, some of which compute nothing.

Reference: transformers/models/longcat_flash/modular_longcat_flash.py
Reference: sglang/srt/models/longcat_flash_nextn.py (multi-token prediction)
Paper: https://arxiv.org/abs/2509.01322
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    apart,
    embedding,
    experts,
    facts,
    layer,
    linear,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    with_settings,
)
from llm_gallery.families._config import Count, Size, at_most, config, same
from llm_gallery.families.deepseek_v3 import Latent, latent, with_scaled_latents
from llm_gallery.families.llama import decoder, norm, pre_norm, swiglu


@config("longcat_flash")
class LongcatFlash(Latent):
    """Keys that the reference's class lacks are those of the release: both latents are always scaled there."""

    moe_intermediate_size: Size
    n_routed_experts: Size
    moe_topk: Size
    routed_scaling_factor: float
    qk_head_dim: Size | None = None  # what the two parts of a query's head add up to
    zero_expert_num: Count
    zero_expert_type: Literal["identity"] = "identity"
    mla_scale_q_lora: bool = True
    mla_scale_kv_lora: bool = True


def longcat_flash(c: LongcatFlash) -> Block:
    return decoder(c, [decoder_layer(c)] * c.num_hidden_layers, beside=(next_token_module(c),))


def decoder_layer(c: LongcatFlash, *attends: Block) -> Block:
    """The experts read what the first MLP reads, and are added after the second; both attentions are the usual ones if not given."""
    first = rms_norm("post_attention_layernorm.0", c.hidden_size, role="source")
    before, after = attends or (attention(c, latent(c), f"self_attn.{i}") for i in (0, 1))
    return layer(
        residual(norm(c, "input_layernorm.0"), before),
        residual(first, swiglu(c, "mlps.0")),
        residual(norm(c, "input_layernorm.1"), after),
        residual(norm(c, "post_attention_layernorm.1"), swiglu(c, "mlps.1")),
        residual(moe(c)),
    )


def attention(c: LongcatFlash, block: Block, name: str) -> Block:
    """The attention, both of whose latents are scaled by the root of how much wider the stream is."""
    if c.qk_head_dim is not None:
        parts = ("qk_head_dim", "qk_nope_head_dim + qk_rope_head_dim")
        same(c.qk_head_dim, c.qk_nope_head_dim + c.qk_rope_head_dim, parts)
    block = replace(block, name=name)
    return with_scaled_latents(c, block, query=c.mla_scale_q_lora, key_value=c.mla_scale_kv_lora)


def moe(c: LongcatFlash) -> Block:
    stored, used, idle = c.n_routed_experts, c.moe_topk, c.zero_expert_num
    choices = int(stored) + int(idle)
    at_most(used, choices, ("moe_topk", "n_routed_experts + zero_expert_num"))
    at_most(used, stored, ("moe_topk", "n_routed_experts"))
    mixture = mixture_of_experts(
        "mlp",
        router=router(
            "router.classifier",
            width=c.hidden_size,
            experts=choices,
            beside="router.e_score_correction_bias",
        ),
        experts=experts(swiglu(c, "experts", c.moe_intermediate_size), stored=stored, used=used),
        scoring="softmax",
        scale=c.routed_scaling_factor,
        normalized=False,
        identity_experts=idle or None,
    )
    shortcut = facts(shortcut="the norm before the first MLP")
    return with_settings(
        replace(mixture, facts={**mixture.facts, **shortcut}), passes_input=True if idle else None
    )


def next_token_module(c: LongcatFlash, attends: Block | None = None) -> Block:
    """One dense layer with an embedding of its own; no key says so, the released checkpoint stores it."""
    width = c.hidden_size
    attends = attends or attention(c, latent(c), "self_attn")
    return apart(
        "multi_token_prediction",
        "model.mtp",
        (
            embedding("embed_tokens", c.vocab_size, width),
            rms_norm("layers.0.enorm", width, role="token_norm"),
            rms_norm("layers.0.hnorm", width, role="stream_norm"),
            linear("layers.0.eh_proj", 2 * width, width, role="join"),
            replace(
                pre_norm(c, attends, swiglu(c)),
                name="layers.0",
            ),
            rms_norm("norm", width),
        ),
    )
