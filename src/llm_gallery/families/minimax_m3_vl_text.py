"""MiniMax M3, text: the language model alone, under the reference's own names, all experts of a layer in two tensors.

Reference: transformers/models/minimax_m3_vl/modular_minimax_m3_vl.py
Paper: https://arxiv.org/abs/2606.13392
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Shared, mixture_of_experts, router, stacked_experts
from llm_gallery.families._config import at_most
from llm_gallery.families._layers import each
from llm_gallery.families.llama import decoder, grouped_query, pre_norm
from llm_gallery.families.minimax_m2 import positions
from llm_gallery.families.minimax_m3_vl import SPARSE, MiniMaxM3Text, block_selection, layers, mlp

FUSED = ("gate_up_proj", "down_proj")


def minimax_m3_vl_text(c: MiniMaxM3Text) -> Block:
    return decoder(c, each(layers(c), lambda key: decoder_layer(c, *key)))


def decoder_layer(c: MiniMaxM3Text, attends: str, mixes: str) -> Block:
    channels = moe(c) if mixes == "sparse" else mlp(c, "mlp", c.dense_intermediate_size, FUSED)
    attention = grouped_query(c, qk_norm="per head", bias=False, positions=positions(c))
    return pre_norm(c, indexed(c, attention) if attends == SPARSE else attention, channels)


def indexed(c: MiniMaxM3Text, attention: Block) -> Block:
    """The same choice of blocks, the indexer a module of its own."""
    block = block_selection(c, attention)
    *blocks, indexer = block.inside
    parts = (replace(part, name=part.name.removeprefix("index_")) for part in indexer.inside)
    return replace(block, inside=(*blocks, replace(indexer, name="indexer", inside=tuple(parts))))


def moe(c: MiniMaxM3Text) -> Block:
    stored, used = c.num_local_experts, c.num_experts_per_tok
    at_most(used, stored, ("num_experts_per_tok", "num_local_experts"))
    return mixture_of_experts(
        "mlp",
        router=router(
            "gate", width=c.hidden_size, experts=stored, correction="e_score_correction_bias"
        ),
        experts=stacked_experts(
            "experts",
            stored=stored,
            used=used,
            width=c.hidden_size,
            inner=c.intermediate_size,
            activation="silu",
            limit=c.swiglu_limit,
            gain=c.swiglu_alpha,
            shift=1,
            outputs_first=True,
        ),
        shared=Shared(mlp(c, "shared_experts", c.shared_intermediate_size, FUSED)),
        scoring="sigmoid",
        scale=c.routed_scaling_factor,
        normalized=True,
    )
