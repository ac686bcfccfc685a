"""Ling 2.0: DeepSeek V3's experts on grouped queries with normed, half-rotated heads, q, k and v stored as one matrix.

The first Ling is its type too: routed by a softmax, without groups, norms of heads and a correction (_old_names.py).

Reference: https://github.com/inclusionAI/Ling-V2/blob/main/models/modeling_bailing_moe_v2.py
Reference: https://github.com/inclusionAI/Ling/blob/master/models/modeling_bailing_moe.py
Paper: https://arxiv.org/abs/2510.22115
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Names,
    experts,
    fused,
    mixture_of_experts,
    renamed,
    rms_norm,
    router,
    with_settings,
)
from llm_gallery.families._config import Count, Few, Size, at_most, config, multiple, same, stated
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    head_dim,
    next_token_layers,
    norm,
    pre_norm,
    shared_experts,
    swiglu,
    switched_norm,
)

OF_THE_PUBLISHED_CODE = (
    "embedding_dropout", "max_window_layers", "moe_router_enable_expert_bias", "mtp_loss_scaling_factor",
    "norm_softmax", "output_dropout", "router_dtype", "use_rmsnorm",
)  # fmt: skip
"""Keys of earlier Lings and of training: the class keeps them and computes nothing with them."""


@config("bailing_moe", unused=OF_THE_PUBLISHED_CODE, classes=("BailingMoeV2ForCausalLM",))
class BailingMoe(Llama):
    """Defaults are those of configuration_bailing_moe_v2.py beside the reference."""

    num_experts: Size
    num_shared_experts: Size
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    first_k_dense_replace: Count
    n_group: Size
    topk_group: Size
    routed_scaling_factor: float
    use_qk_norm: bool = True
    use_qkv_bias: bool = False
    use_bias: bool = False
    rotary_dim: Size | None = None
    num_nextn_predict_layers: Few | None = 0
    score_function: Literal["sigmoid", "softmax"] = "sigmoid"  # the second is the first Ling's
    norm_head: bool = False  # read by the first Ling's class alone, as is the next
    norm_topk_prob: bool = True


def bailing_moe(c: BailingMoe) -> Block:
    prefix = min(c.first_k_dense_replace, c.num_hidden_layers)
    mixer, channels = attention(c), moe(c)
    sparse = pre_norm(c, mixer, channels)
    layers = [pre_norm(c, mixer, swiglu(c))] * prefix + [sparse] * (c.num_hidden_layers - prefix)
    after = next_token_layers(c, c.num_nextn_predict_layers, sparse, norm(c, "final_layernorm"))
    whole = decoder(c, layers, Names(table="word_embeddings"), beside=after)
    return _columns_normed(whole) if c.norm_head and c.score_function == "softmax" else whole


def _columns_normed(whole: Block) -> Block:
    """The first Ling divides each column of its head by the column's length: nothing is stored of it, nothing runs it."""
    stack, head, *beside = whole.inside
    odd = with_settings(head, unknown="each column of its head is divided by its length")
    return replace(whole, inside=(stack, odd, *beside))


def attention(c: BailingMoe) -> Block:
    dim = head_dim(c)
    positions = rope(c, dim)
    if c.rotary_dim is not None and positions.rotated is not None:
        same(c.rotary_dim, positions.rotated, ("rotary_dim", "head_dim x partial_rotary_factor"))
    mixer = grouped_query(
        c,
        positions=positions,
        qk_norm=switched_norm(c, "use_qk_norm", "per head"),
        norms=[
            rms_norm("query_layernorm", dim, role="query_norm"),
            rms_norm("key_layernorm", dim, role="key_norm"),
        ],
        bias=stated(c, "use_qkv_bias"),
        output_bias=stated(c, "use_bias"),
    )
    return renamed(fused(mixer, "query_key_value", "dense"), {"self_attn": "attention"})


def moe(c: BailingMoe) -> Block:
    """Whatever norm_topk_prob says, Ling 2.0 makes the weights of several experts sum to one."""
    stored, used, first = c.num_experts, c.num_experts_per_tok, c.score_function == "softmax"
    multiple(stored, c.n_group, ("num_experts", "n_group"))
    at_most(c.topk_group, c.n_group, ("topk_group", "n_group"))
    at_most(used, stored, ("num_experts_per_tok", "num_experts"))
    expert = swiglu(c, "experts", c.moe_intermediate_size)
    return mixture_of_experts(
        "mlp",
        router=router(
            "gate",
            width=c.hidden_size,
            experts=stored,
            correction=None if first else "expert_bias",
        ),
        experts=experts(expert, stored=stored, used=used),
        shared=shared_experts(
            c, c.num_shared_experts, c.moe_intermediate_size, "num_shared_experts"
        ),
        scoring=c.score_function,
        groups=None if first else (c.n_group, c.topk_group),
        scale=None if first else c.routed_scaling_factor,
        normalized=used > 1 and (c.norm_topk_prob or not first),
    )
