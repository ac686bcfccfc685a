"""DeepSeek V3: latent attention, a dense prefix, then sigmoid-routed experts in groups with one shared.

Reference: transformers/models/deepseek_v3/modular_deepseek_v3.py
Paper: https://arxiv.org/abs/2412.19437
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import (
    LatentHeads,
    Positions,
    embedding,
    experts,
    facts,
    group,
    head,
    latent_attention,
    mixture_of_experts,
    rms_norm,
    router,
    with_settings,
)
from llm_gallery.families._config import (
    Count,
    Few,
    Size,
    computed,
    config,
    experts_in_groups,
    shared_among,
    stated,
)
from llm_gallery.families._rope import rope
from llm_gallery.families._rope_scale import scale_of_all
from llm_gallery.families.llama import (
    Llama,
    decoder,
    next_token_layers,
    pre_norm,
    shared_experts,
    swiglu,
)


@config("deepseek_v3")
class GroupedExperts(Llama):
    """The keys of the experts and of what follows the stack, which GLM-4.5 takes over."""

    first_k_dense_replace: Count
    n_routed_experts: Size
    n_shared_experts: Size
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    n_group: Size
    topk_group: Size
    norm_topk_prob: bool
    routed_scaling_factor: float
    num_nextn_predict_layers: Few | None


@config("deepseek_v3", computes={"pairs": True})
class Latent(Llama):
    """The keys of multi-head latent attention."""

    q_lora_rank: Size | None
    kv_lora_rank: Size
    qk_nope_head_dim: Size
    qk_rope_head_dim: Size
    v_head_dim: Size | None


@config("deepseek_v3", unused=("qk_head_dim",))
class AnyDeepseekV3(GroupedExperts, Latent):
    """The keys of all whose layers are DeepSeek V3's, whichever of them have experts."""

    scoring_func: Literal["sigmoid"] = "sigmoid"  # what the reference computes, whatever it says
    topk_method: Literal["noaux_tc"] = "noaux_tc"


@config("deepseek_v3", computes={"copied_ends": True})  # DeepSeek-V3/README_WEIGHTS.md
class DeepseekV3(AnyDeepseekV3):
    moe_layer_freq: Literal[1] = 1
    rope_interleave: bool = True


def deepseek_v3(c: DeepseekV3) -> Block:
    return dense_then_sparse(c, decoder_layer(c, swiglu(c)), decoder_layer(c, moe(c)))


def decoder_layer(c: Latent, channels: Block) -> Block:
    return pre_norm(c, latent(c), channels)


def dense_then_sparse(
    c: GroupedExperts,
    dense: Block,
    sparse: Block,
) -> Block:
    """Some dense layers, experts in all others, and what predicts the tokens after the next."""
    first = min(c.first_k_dense_replace, c.num_hidden_layers)
    layers = [dense] * first + [sparse] * (c.num_hidden_layers - first)
    return decoder(c, layers, beside=next_token_modules(c, sparse))


def latent(
    c: Latent,
    *,
    positions: Positions | None = None,
    score_scale: float | None = None,
    gate: Block | None = None,
    indexer: Block | None = None,
    selected: int | None = None,
    temperature_tuning: Fact | None = None,
) -> Block:
    return latent_attention(
        "self_attn",
        width=c.hidden_size,
        heads=LatentHeads(
            c.num_attention_heads, c.qk_nope_head_dim, c.qk_rope_head_dim, value_dim(c)
        ),
        query_rank=c.q_lora_rank,
        kv_rank=c.kv_lora_rank,
        positions=rope(c, c.qk_rope_head_dim) if positions is None else positions,
        score_scale=scale_of_all(c) if positions is None else score_scale,
        bias=c.attention_bias,
        gate=gate,
        indexer=indexer,
        selected=selected,
        temperature_tuning=temperature_tuning,
    )


def with_model_epsilon(attention: Block) -> Block:
    """The same attention, whose latents' norms have the model's epsilon in place of one of their own."""
    latents = ("query_latent_norm", "latent_norm")
    inside = (
        replace(part, settings={k: v for k, v in part.settings.items() if k != "eps"})
        if {*part.roles} & {*latents}
        else part
        for part in attention.inside
    )
    return replace(attention, inside=tuple(inside))


def with_scaled_latents(c: Latent, block: Block, *, query: bool, key_value: bool) -> Block:
    """The same attention, each latent that is said times the root of how much wider the stream is."""
    wider = {
        "query_latent_scale": query and c.q_lora_rank,
        "latent_scale": key_value and c.kv_lora_rank,
    }
    factors = {key: (c.hidden_size / rank) ** 0.5 for key, rank in wider.items() if rank}
    added_facts = facts(scaled_latents=query or key_value or None)
    return with_settings(replace(block, facts={**block.facts, **added_facts}), **factors)


def value_dim(c: Latent) -> int:
    """The size of a head's values: an even share of the width where the config doesn't say."""
    if c.v_head_dim is not None:
        return c.v_head_dim
    return shared_among(
        c.hidden_size, c.num_attention_heads, ("hidden_size", "num_attention_heads")
    )


def limited(mlp: Block, limit: float | None) -> Block:
    """The same MLP, whose gate goes up to a limit at most, and whose other half stays within it on both sides."""
    return replace(mlp, facts={**mlp.facts, **facts(limit=limit)})


def moe(
    c: GroupedExperts,
    correction: str = "e_score_correction_bias",
    *,
    limit: float | None = None,
) -> Block:
    """Experts chosen within the best groups; `correction` is the checkpoint's name for the balancing bias."""
    experts_in_groups(c.n_routed_experts, c.num_experts_per_tok, c.n_group, c.topk_group)
    expert = limited(swiglu(c, "experts", c.moe_intermediate_size), limit)
    shared = shared_experts(c, c.n_shared_experts, c.moe_intermediate_size, "n_shared_experts")
    return mixture_of_experts(
        "mlp",
        router=router(
            "gate",
            width=c.hidden_size,
            experts=c.n_routed_experts,
            correction=correction,
        ),
        experts=experts(expert, stored=c.n_routed_experts, used=c.num_experts_per_tok),
        shared=replace(shared, expert=limited(shared.expert, limit)),
        scoring="sigmoid",
        groups=(c.n_group, c.topk_group),
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob"),
    )


def next_token_modules(c: GroupedExperts, block: Block) -> Sequence[Block]:
    """Multi-token prediction: each module a layer after the last, with embedding and head stored once more.

    Of DeepSeek's own they share their parameters with the model's, which others don't say of theirs.
    The report writes the stream first (equation 21), the checkpoint's matrix takes the token first:
    vllm/model_executor/models/deepseek_mtp.py, sglang/srt/models/deepseek_nextn.py.
    """
    width = c.hidden_size
    last = group("shared_head", rms_norm("norm", width), head("head", c.vocab_size, width))
    table = (embedding("embed_tokens", c.vocab_size, width),)
    blocks = next_token_layers(c, c.num_nextn_predict_layers, block, last, table=table)
    computed_settings = {"copied_ends": True} if computed(c, "copied_ends") else {}
    return [with_settings(module, token_first=True, **computed_settings) for module in blocks]
