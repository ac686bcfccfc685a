"""OLMoE: Llama with q and k normed over all heads, and 64 narrow softmax-routed experts in every layer.

Reference: transformers/models/olmoe/modular_olmoe.py
Paper: https://arxiv.org/abs/2409.02060
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Scaling, experts, mixture_of_experts, router
from llm_gallery.families._config import Size, at_most, config, same, stated
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu


@config("olmoe")
class RoutedMlps(Llama):
    """The keys of the experts, which FlexOlmo takes over."""

    num_experts: Size
    num_experts_per_tok: Size
    norm_topk_prob: bool


@config("olmoe")
class Olmoe(RoutedMlps):
    clip_qkv: float | None


def olmoe(c: Olmoe) -> Block:
    wide = c.num_attention_heads * head_dim(c)  # the norm of all heads has the stream's width
    same(wide, c.hidden_size, ("num_attention_heads x head_dim", "hidden_size"))
    attention = grouped_query(c, qk_norm="all heads", scaling=Scaling(clip=c.clip_qkv))
    decoder_layer = pre_norm(c, attention, moe(c))
    return decoder(c, [decoder_layer] * c.num_hidden_layers)


def moe(c: RoutedMlps) -> Block:
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=c.num_experts),
        experts=experts(swiglu(c, "experts"), stored=c.num_experts, used=c.num_experts_per_tok),
        scoring="softmax",
        normalized=stated(c, "norm_topk_prob"),
    )
