"""Trinity: sandwich norms, gated attention rotated only where it is windowed, sigmoid-routed experts after a dense prefix.

Reference: transformers/models/afmoe/modular_afmoe.py
Paper: https://arxiv.org/abs/2602.17004
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    NO_POSITION,
    experts,
    layer,
    linear,
    mixture_of_experts,
    residual,
    router,
)
from llm_gallery.families._config import Count, Length, Size, at_most, config
from llm_gallery.families._layers import each, every_nth, sliding
from llm_gallery.families._rope import rope
from llm_gallery.families.gemma import root_of_width
from llm_gallery.families.llama import (
    Gate,
    Llama,
    decoder,
    grouped_query,
    head_dim,
    norm,
    shared_experts,
    swiglu,
)

OF_THE_PUBLISHED_CODE = (
    "load_balance_coeff", "n_group", "num_expert_groups", "num_limited_groups", "route_norm",
    "score_func", "topk_group", "use_grouped_mm",
)  # fmt: skip


@config("afmoe", unused=OF_THE_PUBLISHED_CODE)
class Afmoe(Llama):
    moe_intermediate_size: Size
    num_dense_layers: Count
    num_experts: Size
    num_experts_per_tok: Size
    num_shared_experts: Count
    route_scale: float
    global_attn_every_n_layers: Size
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None
    mup_enabled: bool


def afmoe(c: Afmoe) -> Block:
    count = c.num_hidden_layers
    local = sliding(c.layer_types, count, every_nth(c.global_attn_every_n_layers, count))
    keys = [(is_local, i >= c.num_dense_layers) for i, is_local in enumerate(local)]
    scale = root_of_width(c) if c.mup_enabled else None
    return decoder(c, each(keys, lambda key: decoder_layer(c, *key)), embedding_scale=scale)


def decoder_layer(c: Afmoe, local: bool, sparse: bool) -> Block:
    channels = moe(c) if sparse else swiglu(c)
    return layer(
        residual(
            norm(c, "input_layernorm"), attention(c, local), norm(c, "post_attention_layernorm")
        ),
        residual(norm(c, "pre_mlp_layernorm"), channels, norm(c, "post_mlp_layernorm")),
    )


def attention(c: Afmoe, local: bool) -> Block:
    """A sigmoid of a projection of the input gates every channel of the output."""
    dim = head_dim(c)
    return grouped_query(
        c,
        qk_norm="per head",
        window=c.sliding_window if local else None,
        positions=rope(c, dim) if local else NO_POSITION,
        gate=Gate(linear("gate_proj", c.hidden_size, c.num_attention_heads * dim, role="gate")),
    )


def moe(c: Afmoe) -> Block:
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    expert = swiglu(c, "experts", c.moe_intermediate_size)
    return mixture_of_experts(
        "mlp",
        router=router(
            "router.gate", width=c.hidden_size, experts=c.num_experts, beside="expert_bias"
        ),
        experts=experts(expert, stored=c.num_experts, used=c.num_experts_per_tok),
        shared=shared_experts(
            c, c.num_shared_experts, c.moe_intermediate_size, "num_shared_experts"
        )
        if c.num_shared_experts
        else None,
        scoring="sigmoid",
        scale=c.route_scale,
        normalized=True,
    )
