"""Mixtral: Mistral with a mixture of experts in place of every MLP, two of them run for a token.

Reference: transformers/models/mixtral/modular_mixtral.py
Paper: https://arxiv.org/abs/2401.04088
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import experts, gated_mlp, mixture_of_experts, router
from llm_gallery.families._config import Length, Size, at_most, config
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm


@config("mixtral")
class Mixtral(Llama):
    sliding_window: Length | None
    num_local_experts: Size
    num_experts_per_tok: Size


def mixtral(c: Mixtral) -> Block:
    decoder_layer = pre_norm(c, grouped_query(c, window=c.sliding_window), moe(c))
    return decoder(c, [decoder_layer] * c.num_hidden_layers)


def moe(
    c: Mixtral,
    *,
    scoring: str = "softmax",
    normalized: bool = True,
    correction: str | None = None,
) -> Block:
    """Experts under Mixtral's names: w1 gates, w3 widens, w2 narrows; `correction` is stored beside them."""
    at_most(
        c.num_experts_per_tok, c.num_local_experts, ("num_experts_per_tok", "num_local_experts")
    )
    expert = gated_mlp(
        "experts",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("w1", "w3", "w2"),
    )
    return mixture_of_experts(
        "block_sparse_moe",
        router=router("gate", width=c.hidden_size, experts=c.num_local_experts, beside=correction),
        experts=experts(expert, stored=c.num_local_experts, used=c.num_experts_per_tok),
        scoring=scoring,
        normalized=normalized,
    )
