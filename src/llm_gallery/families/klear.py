"""Klear: Qwen3 MoE with sigmoid scores that a bias balances, and a shared expert that a learned share of each token goes to.

What the routed experts give and what the shared one does are weighed by a softmax over two numbers, whatever
routed_scaling_factor says, which no code reads.

Reference: mlx_lm/models/Klear.py, which reads the release (transformers has no such type)
Model: https://huggingface.co/Kwai-Klear/Klear-46B-A2.5B-Instruct
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    SHARES,
    experts,
    linear,
    mixture_of_experts,
    router,
)
from llm_gallery.families._config import Count, Size, at_most, config, stated
from llm_gallery.families._layers import each, sparse
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    head_dim,
    pre_norm,
    shared_experts,
    swiglu,
)


@config(
    "Klear",
    unused=("moe_aux_loss_coeff", "routed_scaling_factor", "sliding_window"),
    classes=("KlearMoeForCausalLM",),
)
class Klear(Llama):
    """Defaults are those of the published readers; heads share the width, and no rotation is stretched."""

    num_key_value_heads: Size
    head_dim: None = None
    hidden_act: Literal["silu"] = "silu"
    rope_theta: float = 500000.0
    rope_scaling: None = None
    attention_bias: bool = False
    mlp_bias: Literal[False] = False
    tie_word_embeddings: bool = False
    use_sliding_window: Literal[False] = False
    num_experts: Count
    num_experts_per_tok: Size
    n_shared_experts: Size
    moe_intermediate_size: Size
    norm_topk_prob: bool = True
    decoder_sparse_step: Size = 1
    mlp_only_layers: tuple[Count, ...] | None = None


def klear(c: Klear) -> Block:
    attention = grouped_query(c, positions=rope(c, head_dim(c)), qk_norm="per head")
    has_experts = sparse(
        c.num_hidden_layers, c.decoder_sparse_step, c.mlp_only_layers, c.num_experts
    )
    return decoder(
        c,
        each(has_experts, lambda with_experts: pre_norm(c, attention, channels(c, with_experts))),
    )


def channels(c: Klear, with_experts: bool) -> Block:
    if not with_experts:
        return swiglu(c)
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    width, inner = c.hidden_size, c.moe_intermediate_size
    weighed = replace(linear("coefficient", width, 2, bias=True), kind="shared_gate")
    always = shared_experts(c, c.n_shared_experts, inner, "n_shared_experts")
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=width, experts=c.num_experts, beside="expert_bias"),
        experts=experts(
            swiglu(c, "experts", inner), stored=c.num_experts, used=c.num_experts_per_tok
        ),
        shared=replace(always, gate=weighed, combined=SHARES),
        scoring="sigmoid",
        normalized=stated(c, "norm_topk_prob"),
    )
