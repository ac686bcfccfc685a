"""IQuest-Q1: after the first layer attention is added to what its norm gives, and a learned key stands for nothing.

The learned keys carry no rotation, so the scores of nothing depend on the position. The entry has the classes'
defaults.

Reference: sglang/srt/models/iquest_q1.py, sglang/srt/configs/iquest_q1.py, vllm/models/iquest_q1/model.py
Model: https://huggingface.co/IQuestLab/IQuest-Q1

The draft layer that guesses tokens is a checkpoint of its own, which is no part of this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Head,
    Positions,
    Scaling,
    layer,
    mixture_of_experts,
    residual,
    router,
    sink_keys,
    stacked_experts,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Count, Json, Length, Pieces, Size, at_most, config
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, norm, swiglu

FULL, LOCAL = "full_attention", "sliding_attention"


@config(
    "iquest_q1",
    unused=(
        "attention_bias", "enable_lm_head_fp32", "hybrid_layer_pattern", "is_hybrid_swa", "layer_types",
        "moe_router_dtype", "num_mtp_layers", "shared_kv_source_begin", "shared_kv_target_begin",
    ),
)  # fmt: skip
class IQuestQ1(Llama):
    """Defaults are those of sglang/srt/configs/iquest_q1.py; `layer_types` is made anew of the four keys below."""

    hidden_act: str = "silu"
    tie_word_embeddings: bool = False
    dense_intermediate_size: Size
    num_experts: Size
    num_experts_per_tok: Size
    rotary_dim: Size | None = 32
    swa_rope_theta: float = 10000.0
    no_rope_layers: tuple[Count, ...] | None = None
    sliding_window: Length | None = 4096
    use_sliding_window: bool = True
    use_hybrid_layers: bool = True
    first_layers_types: tuple[str, ...] | None = None
    hybrid_layers_types_block: tuple[str, ...] | None = None
    num_hybrid_layers_block: Pieces = 21
    last_layers_types: tuple[str, ...] | None = None
    mlp_only_layers: tuple[Count, ...] | None = None
    enable_sink_attention: bool = True
    use_over_encoding: Literal[False] = False  # no published code has it
    shared_kv_num_layers: Literal[0] = 0  # vLLM's class has it, no release
    first_layer_attn_out_scale: float = 1.0
    first_layer_ffn_out_scale: float = 1.0
    attn_out_scale: float = 1.0
    ffn_out_scale: float = 0.53881590608
    softmax_scale: float | None = None
    logit_scale: float = 1.0


def iquest_q1(c: IQuestQ1) -> Block:
    dense = (0,) if c.mlp_only_layers is None else c.mlp_only_layers
    unturned = set(c.no_rope_layers or ())
    keys = [(i == 0, local, i in dense, i in unturned) for i, local in enumerate(are_windowed(c))]
    return decoder(
        c,
        each(keys, lambda key: decoder_layer(c, *key)),
        head=Head(scale=c.logit_scale),
        residual_scale=branch_factor(c),
    )


def are_windowed(c: IQuestQ1) -> list[bool]:
    """Layers at the front, a block of them many times over, and layers at the end; or all see everything."""
    count = c.num_hidden_layers
    if not c.use_hybrid_layers:
        return [False] * count
    block = kinds(c, "hybrid_layers_types_block", (FULL, LOCAL, LOCAL, LOCAL))
    types = [
        *kinds(c, "first_layers_types", (FULL,)),
        *[*block] * c.num_hybrid_layers_block,
        *kinds(c, "last_layers_types", (FULL, FULL, FULL)),
    ]
    if len(types) != count:
        raise Refusal(
            f"first_layers_types, hybrid_layers_types_block times num_hybrid_layers_block and last_layers_types "
            f"are {len(types):,} layers, expected {count:,} (num_hidden_layers); make them agree"
        )
    windowed = c.use_sliding_window and c.sliding_window is not None
    return [windowed and kind == LOCAL for kind in types]


def kinds(c: IQuestQ1, key: str, default: Sequence[str]) -> Sequence[str]:
    """The kinds of layers that a key lists, or those of the class."""
    stated: Sequence[str] | None = getattr(c, key)
    types = default if stated is None else stated
    return typed(types, len(types), types, (FULL, LOCAL), key)


def branch_factor(c: IQuestQ1) -> float | str:
    """The factor of all branches, or each one's in words."""
    later, first = (
        (c.attn_out_scale, c.ffn_out_scale),
        (c.first_layer_attn_out_scale, c.first_layer_ffn_out_scale),
    )
    if {*later, *first} == {c.attn_out_scale}:
        return c.attn_out_scale
    said = [f"attention {later[0]:.4g}, experts {later[1]:.4g}"]
    if later != first:
        same = first[0] == first[1]
        of_first = f"{first[0]:.4g}" if same else f"{first[0]:.4g} and {first[1]:.4g}"
        said.append(f"in the first layer {of_first}")
    return ", ".join(said)


def decoder_layer(c: IQuestQ1, first: bool, local: bool, dense: bool, unturned: bool) -> Block:
    """The first layer adds to the stream as it is, and norms what both branches add."""
    mixer = attention(c, local, unturned)
    channels = swiglu(c, "mlp", c.dense_intermediate_size) if dense else moe(c)
    before, after = norm(c, "attention_norm"), norm(c, "attn_out_norm")
    read = norm(c, "feed_forward_norm")
    if first:
        return layer(
            scaled_branch(residual(before, mixer, after), c.first_layer_attn_out_scale),
            scaled_branch(
                residual(read, channels, norm(c, "ffn_out_norm")), c.first_layer_ffn_out_scale
            ),
        )
    return layer(
        before,
        scaled_branch(residual(mixer, after), c.attn_out_scale),
        scaled_branch(residual(read, channels), c.ffn_out_scale),
    )


def scaled_branch(branch: Block, scale: float) -> Block:
    """The branch, of which so much is added."""
    return with_settings(branch, residual_scale=scale)


def attention(c: IQuestQ1, local: bool, unturned: bool) -> Block:
    mixer = grouped_query(
        c,
        qk_norm="per head",
        bias=False,
        window=c.sliding_window if local else None,
        positions=NO_POSITION if unturned else positions(c, local),
        scaling=Scaling()
        if c.softmax_scale is None
        else Scaling(scale_dim=1, score_scale=c.softmax_scale),
    )
    return sink_keys(mixer) if c.enable_sink_attention else mixer


def positions(c: IQuestQ1, local: bool) -> Positions:
    """`rotary_dim` says how many channels of a head turn, and windowed layers have a base of their own."""
    dim = head_dim(c)
    whole = rope(c, dim, base=c.swa_rope_theta if local else None)
    if c.rotary_dim is None:
        return whole
    if c.rotary_dim > dim or c.rotary_dim % 2:
        raise Refusal(
            f"rotary_dim is {quoted(c.rotary_dim)}, expected an even number up to {dim:,} (head_dim); correct it"
        )
    return whole._replace(rotated=c.rotary_dim)


def moe(c: IQuestQ1) -> Block:
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    return mixture_of_experts(
        "mlp",
        router=router("router", width=c.hidden_size, experts=c.num_experts),
        experts=stacked_experts(
            "experts",
            stored=c.num_experts,
            used=c.num_experts_per_tok,
            width=c.hidden_size,
            inner=c.intermediate_size,
            activation=c.hidden_act,
            names=("fc", "proj"),
            outputs_first=True,
        ),
        scoring="softmax",
        normalized=True,
    )


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """All layers in one list, none over again."""
    if config.get("hybrid_layers_types_block"):
        lists = ("first_layers_types", "hybrid_layers_types_block", "last_layers_types")
        first, block, last = (config.get(key) or () for key in lists)
        spelled = [*first, *[*block] * config["num_hybrid_layers_block"], *last]
        small |= dict(zip(lists, (spelled[:depth], [], []), strict=True))
