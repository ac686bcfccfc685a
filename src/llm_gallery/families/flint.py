"""Flint: Qwen3 MoE with sinks, rotation in its windowed layers alone, experts scored by sigmoids, and a shared one.

Reference: transformers/models/flint/modular_flint.py
Model: https://huggingface.co/RecursiveSI/flint
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Shared,
    experts,
    mixture_of_experts,
    router,
)
from llm_gallery.families._config import Count, Length, Size, at_most, config, stated
from llm_gallery.families._layers import each, sliding, sparse
from llm_gallery.families.llama import decoder, grouped_query, pre_norm, swiglu
from llm_gallery.families.qwen2_moe import SharedExpert

SINKS = "softmax_offset"
"""The checkpoint's name for them."""


@config("flint")
class Flint(SharedExpert):
    decoder_sparse_step: Size
    mlp_only_layers: tuple[Count, ...] | None
    sliding_window: Length
    layer_types: tuple[str, ...] | None


def flint(c: Flint) -> Block:
    count = c.num_hidden_layers
    full = {0, 1, count - 1, *range(1, count, 4)}
    default = ["full_attention" if i in full else "sliding_attention" for i in range(count)]
    dense = (0, 1) if c.mlp_only_layers is None else c.mlp_only_layers
    kinds = list(
        zip(
            sliding(c.layer_types, count, default),
            sparse(count, c.decoder_sparse_step, dense, c.num_experts),
            strict=True,
        )
    )
    return decoder(
        c,
        each(kinds, lambda key: pre_norm(c, attention(c, key[0]), moe(c) if key[1] else swiglu(c))),
    )


def attention(c: Flint, local: bool) -> Block:
    mixer = grouped_query(
        c,
        qk_norm="per head",
        sinks=True,
        window=c.sliding_window if local else None,
        positions=None if local else NO_POSITION,
    )
    return replace(mixer, tensors=tuple(tensor._replace(name=SINKS) for tensor in mixer.tensors))


def moe(c: Flint) -> Block:
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    expert = swiglu(c, "experts", c.moe_intermediate_size)
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=c.num_experts),
        experts=experts(expert, stored=c.num_experts, used=c.num_experts_per_tok),
        shared=Shared(swiglu(c, "shared_expert", c.shared_expert_intermediate_size)),
        scoring="sigmoid",
        normalized=stated(c, "norm_topk_prob"),
    )
