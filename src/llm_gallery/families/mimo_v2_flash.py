"""MiMo-V2-Flash: windowed layers with sinks and heads of their own, values narrower than keys, experts after one dense layer.

transformers passes the windowed layers' own keys over; every published config states the same in both.

Reference: transformers/models/mimo_v2_flash/modular_mimo_v2_flash.py; for the windowed layers' own keys
sglang/srt/models/mimo_v2.py, for prediction sglang/srt/models/mimo_v2_nextn.py
Paper: https://arxiv.org/abs/2601.02780
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Positions,
    Scaling,
    apart,
    experts,
    fused,
    layer,
    linear,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import (
    Length,
    Size,
    config,
    experts_in_groups,
    multiple,
    per_layer,
    same,
    stated,
)
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, kv, norm, pre_norm, swiglu

NEXT_TOKEN_MODULES = 3  # in every release, and no key says so
WINDOWED = ("sliding_attention", "full_attention")
SPARSE = ("sparse", "dense")


@config(
    "mimo_v2_flash",
    unused=(
        "attention_chunk_size",
        "hybrid_block_size",
        "layernorm_epsilon",
    ),
    foreign={
        "swa_num_attention_heads": lambda c: c.num_attention_heads,
        "swa_num_key_value_heads": lambda c: 2 * c.num_key_value_heads,
        "swa_head_dim": lambda c: c.head_dim,
        "swa_v_head_dim": lambda c: c.v_head_dim,
        "add_swa_attention_sink_bias": lambda _: True,
        "add_full_attention_sink_bias": lambda _: False,
        "hybrid_layer_pattern": lambda c: layer_flags(c.layer_types, every_sixth(c), WINDOWED),
        "moe_layer_freq": lambda c: layer_flags(c.mlp_layer_types, after_the_first(c), SPARSE),
        # the tokens before a token's own, as to SGLang; the report's window of as many has that one too
        "sliding_window_size": lambda c: c.sliding_window_size and c.sliding_window_size + 1,
    },
)
class MiMoV2Flash(Llama):
    v_head_dim: Size
    swa_num_attention_heads: Size | None = (
        None  # these are the release's: the reference has none of them
    )
    swa_num_key_value_heads: Size | None = None
    swa_head_dim: Size | None = None
    swa_v_head_dim: Size | None = None
    swa_rope_theta: float | None = None
    sliding_window: Length
    sliding_window_size: Length | None = None  # the same, told twice
    hybrid_layer_pattern: tuple[Literal[0, 1], ...] | None = None  # 1: windowed
    layer_types: tuple[str, ...] | None = None  # the reference's way to say the same
    moe_layer_freq: tuple[Literal[0, 1], ...] | None = None  # 1: experts
    mlp_layer_types: tuple[str, ...] | None = None
    add_swa_attention_sink_bias: bool = True
    add_full_attention_sink_bias: bool = False
    attention_value_scale: float | None
    attention_projection_layout: Literal["split", "fused_qkv"] = "split"
    moe_intermediate_size: Size
    n_routed_experts: Size
    n_shared_experts: None = None
    num_experts_per_tok: Size
    n_group: Size
    topk_group: Size
    norm_topk_prob: bool
    routed_scaling_factor: float | None
    scoring_func: Literal["sigmoid"] = "sigmoid"
    topk_method: Literal["noaux_tc"] = "noaux_tc"


def mimo_v2_flash(c: MiMoV2Flash) -> Block:
    return text(c, windowed=every_sixth(c), sparse=after_the_first(c))


def text(
    c: MiMoV2Flash, *, windowed: Sequence[int] | None = None, sparse: Sequence[int] | None = None
) -> Block:
    """The language model; `windowed` and `sparse` are the layers that a class marks where the config doesn't."""
    count = c.num_hidden_layers
    if c.sliding_window_size is not None:
        names = ("sliding_window_size", "sliding_window")
        same(c.sliding_window_size, c.sliding_window, names)
    pattern = c.hybrid_layer_pattern if c.layer_types else c.hybrid_layer_pattern or windowed
    freq = c.moe_layer_freq if c.mlp_layer_types else c.moe_layer_freq or sparse
    local = flagged_layers(count, pattern, "hybrid_layer_pattern", c.layer_types, WINDOWED)
    with_experts = flagged_layers(count, freq, "moe_layer_freq", c.mlp_layer_types, SPARSE)
    keys = list(zip(local, with_experts, strict=True))
    return decoder(c, each(keys, lambda key: decoder_layer(c, *key)), beside=next_token_modules(c))


def layer_flags(
    types: Sequence[str] | None, otherwise: Sequence[int], words: tuple[str, str]
) -> tuple[int, ...]:
    """1 for each layer to which the reference's list gives the first word; `otherwise` where it has none."""
    return tuple(otherwise) if types is None else tuple(int(word == words[0]) for word in types)


def every_sixth(c: MiMoV2Flash) -> Sequence[int]:
    """The reference's windows where its own list is missing: in all layers but the first and each sixth."""
    return [int(i > 0 and (i + 1) % 6 > 0) for i in range(c.num_hidden_layers)]


def after_the_first(c: MiMoV2Flash) -> Sequence[int]:
    """The reference's experts where its own list is missing: in all layers but the first."""
    return [int(i > 0) for i in range(c.num_hidden_layers)]


def flagged_layers(
    count: int,
    marks: Sequence[int] | None,
    key: str,
    types: Sequence[str] | None,
    words: tuple[str, str],
) -> list[bool]:
    """True for each layer that the hub's list marks with 1, or the reference's with the first word."""
    listed = per_layer(marks, count, key)
    if listed is not None:
        return [bool(mark) for mark in listed]
    if types is None:
        raise Refusal(f"{key} is missing, expected 0 or 1 for each of {count} layers; add it")
    return [kind == words[0] for kind in typed(types, count, (), words, f"types beside {key}")]


def decoder_layer(c: MiMoV2Flash, local: bool, sparse: bool) -> Block:
    return pre_norm(c, attention(c, local), moe(c) if sparse else swiglu(c))


def attention(c: MiMoV2Flash, local: bool) -> Block:
    """Windowed and full layers differ in heads, sizes, base and sinks; values are scaled by a constant."""
    if c.head_dim is None:
        raise Refusal("head_dim is null, expected an integer; correct it in the config")
    heads = windowed_heads(c, c.head_dim) if local else full_heads(c, c.head_dim)
    sinks = c.add_swa_attention_sink_bias if local else c.add_full_attention_sink_bias
    block = grouped_query(
        c,
        heads=heads,
        window=c.sliding_window if local else None,
        positions=positions(c, heads.width, local),
        output_bias=False,
        sinks=sinks,
        scaling=Scaling(value_scale=c.attention_value_scale),
    )
    stored = tuple(t._replace(name="attention_sink_bias") for t in block.tensors)
    block = replace(block, tensors=stored)
    if c.attention_projection_layout == "split":
        return block
    return fused(block, "qkv_proj", "o_proj", groups=shards(c))


def full_heads(c: MiMoV2Flash, dim: int) -> Heads:
    """The heads of layers that see everything."""
    return Heads(c.num_attention_heads, kv(c), dim, c.v_head_dim)


def windowed_heads(c: MiMoV2Flash, dim: int) -> Heads:
    """The heads of windowed layers: the release states them, the reference has as many, and twice the keys."""
    full = full_heads(c, dim)
    return Heads(
        stated_or(c.swa_num_attention_heads, full.query, "num_attention_heads"),
        stated_or(c.swa_num_key_value_heads, 2 * full.key_value, "2 x num_key_value_heads"),
        stated_or(c.swa_head_dim, dim, "head_dim"),
        stated_or(c.swa_v_head_dim, c.v_head_dim, "v_head_dim"),
    )


def stated_or(stated: int | None, other: int, of: str) -> int:
    """What the config states, else what the reference takes in its place."""
    return derived(other * 1, of) if stated is None else stated


def shards(c: MiMoV2Flash) -> int:
    """In how many pieces, each with its heads' q, k and v, one matrix is stored: of full layers one a key."""
    many = kv(c)
    multiple(c.num_attention_heads, many, ("num_attention_heads", "num_key_value_heads"))
    windowed = windowed_heads(c, c.head_dim or 1)
    multiple(windowed.query, many, ("swa_num_attention_heads", "num_key_value_heads"))
    multiple(windowed.key_value, many, ("swa_num_key_value_heads", "num_key_value_heads"))
    return many


def positions(c: MiMoV2Flash, dim: int, local: bool) -> Positions:
    """The hub's two keys, or one rotation for each type of layer as the reference states them."""
    kind = "sliding_attention" if local else "full_attention"
    if c.rope_theta is None:
        return rope(c, dim, layer_type=kind)
    if c.swa_rope_theta is None:
        raise Refusal("swa_rope_theta is missing, expected a number beside rope_theta; add it")
    return rope(c, dim, layer_type=kind, base=c.swa_rope_theta if local else None)


def moe(c: MiMoV2Flash) -> Block:
    experts_in_groups(c.n_routed_experts, c.num_experts_per_tok, c.n_group, c.topk_group)
    expert = swiglu(c, "experts", c.moe_intermediate_size)
    return mixture_of_experts(
        "mlp",
        router=router(
            "gate",
            width=c.hidden_size,
            experts=c.n_routed_experts,
            correction="e_score_correction_bias",
        ),
        experts=experts(expert, stored=c.n_routed_experts, used=c.num_experts_per_tok),
        scoring="sigmoid",
        groups=(c.n_group, c.topk_group),
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob"),
    )


def next_token_modules(c: MiMoV2Flash) -> Sequence[Block]:
    """Windowed layers with a dense MLP that share embedding and head."""
    width = c.hidden_size
    return [
        apart(
            "multi_token_prediction",
            f"model.mtp.layers.{i}",
            (
                rms_norm("enorm", width, role="token_norm"),
                rms_norm("hnorm", width, role="stream_norm"),
                linear("eh_proj", 2 * width, width, role="join"),
                layer(
                    residual(norm(c, "input_layernorm"), attention(c, True)),
                    residual(norm(c, "pre_mlp_layernorm"), swiglu(c)),
                ),
                rms_norm("final_layernorm", width),
            ),
        )
        for i in range(NEXT_TOKEN_MODULES)
    ]
