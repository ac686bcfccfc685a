"""gpt-oss: biased attention with learned sinks, windowed every other layer, and clamped SwiGLU experts.

Reference: transformers/models/gpt_oss/modular_gpt_oss.py
Report: https://arxiv.org/abs/2508.10925
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    mixture_of_experts,
    router,
    stacked_experts,
    with_settings,
)
from llm_gallery.families._config import Length, Size, at_most, config
from llm_gallery.families._layers import sliding
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm


@config("gpt_oss")
class GptOss(Llama):
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None
    num_local_experts: Size
    num_experts_per_tok: Size
    swiglu_limit: float
    swiglu_alpha: float  # the gain of the sigmoid in the activation
    experts_per_token: Size | None = None  # the first release's name for num_experts_per_tok
    initial_context_length: Length | None = None  # also stated in rope_scaling


def gpt_oss(c: GptOss) -> Block:
    full, local = (
        pre_norm(c, grouped_query(c, window=window, sinks=True), moe(c))
        for window in (None, c.sliding_window)
    )
    default = [
        "full_attention" if i % 2 else "sliding_attention" for i in range(c.num_hidden_layers)
    ]
    pattern = sliding(c.layer_types, c.num_hidden_layers, default)
    return decoder(c, [local if is_local else full for is_local in pattern])


def moe(c: GptOss) -> Block:
    """Router and experts with biases; the softmax runs over the chosen experts only."""
    at_most(
        c.num_experts_per_tok, c.num_local_experts, ("num_experts_per_tok", "num_local_experts")
    )
    experts = stacked_experts(
        "experts",
        stored=c.num_local_experts,
        used=c.num_experts_per_tok,
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        bias=True,
        limit=c.swiglu_limit,
        gain=c.swiglu_alpha,
        shift=1,
    )
    return mixture_of_experts(
        "mlp",
        router=router("router", width=c.hidden_size, experts=c.num_local_experts, bias=True),
        # Each row of gate is followed by its row of up.
        experts=with_settings(experts, rows=[1, 1], groups=int(c.intermediate_size)),
        scoring="softmax",
        normalized=True,
    )
