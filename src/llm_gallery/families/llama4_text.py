"""Llama 4, text: chunked attention with positions and full attention without, experts every layer or every other.

Reference: transformers/models/llama4/modeling_llama4.py
Report: https://ai.meta.com/blog/llama-4-multimodal-intelligence/
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Names,
    Scaling,
    Shared,
    mixture_of_experts,
    router,
    stacked_experts,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Count, Length, Size, at_most, config, stated
from llm_gallery.families._layers import each, flagged, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu


@config("llama4_text", computes={"pairs": True})
class Llama4Text(Llama):
    intermediate_size_mlp: Size
    num_local_experts: Size
    num_experts_per_tok: Size
    moe_layers: tuple[Count, ...] | None
    interleave_moe_layer_step: Count
    use_qk_norm: bool
    no_rope_layers: tuple[Count, ...] | None  # 1: rotated, 0: not
    no_rope_layer_interval: Size
    attention_chunk_size: Length | None
    layer_types: tuple[str, ...] | None
    attn_temperature_tuning: bool | Count
    floor_scale: Size = 8192
    attn_scale: float = 0.1


def llama4_text(c: Llama4Text) -> Block:
    return text(c)


def text(c: Llama4Text, names: Names = Names()) -> Block:
    """The decoder; `names` are those of a multimodal checkpoint."""
    count = c.num_hidden_layers
    rotated = flagged(c.no_rope_layers, count, "no_rope_layers", c.no_rope_layer_interval)
    chunked = c.attention_chunk_size is not None
    default = ["chunked_attention" if r and chunked else "full_attention" for r in rotated]
    types = typed(c.layer_types, count, default, ("chunked_attention", "full_attention"))
    sparse = set(
        every(c.interleave_moe_layer_step, count) if c.moe_layers is None else c.moe_layers
    )
    keys = [
        (r, t == "chunked_attention", i in sparse)
        for i, (r, t) in enumerate(zip(rotated, types, strict=True))
    ]
    return decoder(c, each(keys, lambda key: decoder_layer(c, *key)), names)


def every(step: int, layers: int) -> range:
    """The last layer of each `step` layers."""
    if step < 1:
        raise Refusal(
            f"interleave_moe_layer_step is {step}, expected 1 or more where moe_layers doesn't "
            "list the layers with experts; correct it"
        )
    return range(step - 1, layers, step)


def decoder_layer(c: Llama4Text, rotated: bool, chunked: bool, sparse: bool) -> Block:
    said = stated(c, "use_qk_norm")
    attention = grouped_query(
        c,
        positions=rope(c, head_dim(c)) if rotated else NO_POSITION,
        chunk=c.attention_chunk_size if chunked else None,
        qk_norm=Fact("l2" if c.use_qk_norm and rotated else None, said.evidence, said.source),
        scaling=Scaling(
            temperature_tuning=None
            if rotated or not c.attn_temperature_tuning
            else stated(c, "attn_temperature_tuning")
        ),
    )
    if not rotated:
        attention = with_settings(
            attention,
            temperature_from=1,
            temperature_length=int(c.floor_scale),
            temperature_share=float(c.attn_scale),
        )
    dense = swiglu(c, "feed_forward", c.intermediate_size_mlp)
    return pre_norm(c, attention, moe(c) if sparse else dense)


def moe(c: Llama4Text) -> Block:
    """The router's sigmoid weights what an expert reads; one shared expert as wide as the others."""
    at_most(
        c.num_experts_per_tok, c.num_local_experts, ("num_experts_per_tok", "num_local_experts")
    )
    return mixture_of_experts(
        "feed_forward",
        router=router("router", width=c.hidden_size, experts=c.num_local_experts),
        experts=stacked_experts(
            "experts",
            stored=c.num_local_experts,
            used=c.num_experts_per_tok,
            width=c.hidden_size,
            inner=c.intermediate_size,
            activation=c.hidden_act,
        ),
        shared=Shared(swiglu(c, "shared_expert")),
        scoring="sigmoid",
        weights_input=True,
    )
