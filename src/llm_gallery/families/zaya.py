"""ZAYA1: attention whose q and k pass two short convolutions and whose values come half from the last token, then experts chosen by a small MLP that remembers the last layer's choice.

The second convolution keeps what the first gave, where transformers keeps the first one's inputs for both: as many
numbers.

Reference: transformers/models/zaya/modular_zaya.py
Paper: https://arxiv.org/abs/2605.05365
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Head,
    Heads,
    attention,
    connection,
    convolution,
    facts,
    layer,
    linear,
    mixture_of_experts,
    residual,
    rms_norm,
    stack,
    stacked_experts,
)
from llm_gallery.families._config import Depth, Json, Length, Size, config, multiple, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, head_dim, kv, norm


@config("zaya")
class Zaya(Llama):
    intermediate_size: Size = 1  # no layer has a dense MLP
    num_hidden_layers: Depth
    lm_head_bias: bool
    layer_types: tuple[str, ...] | None
    sliding_window: Length | None
    cca_time0: Size
    cca_time1: Size
    router_hidden_size: Size
    num_experts: Size
    num_experts_per_tok: Literal[1]
    moe_intermediate_size: Size


def zaya(c: Zaya) -> Block:
    count = c.num_hidden_layers
    allowed = ("hybrid", "hybrid_sliding")
    types = typed(c.layer_types, count, ["hybrid"] * count, allowed)
    keys = [(kind, index > 0) for index, kind in enumerate(types)]
    return decoder(
        c,
        stack("layers", each(keys, lambda key: decoder_layer(c, *key)), residual="learned scales"),
        before=(scales(c, "", "input_hidden_states"),),
        head=Head(bias=stated(c, "lm_head_bias")),
    )


def decoder_layer(c: Zaya, kind: str, after_another: bool) -> Block:
    return layer(
        residual(
            norm(c, "input_layernorm"),
            compressed(c, kind),
            scales(c, "post_attention_residual_scale", "hidden_states", "residual"),
        ),
        residual(
            norm(c, "post_attention_layernorm"),
            *((router_state_share(c),) if after_another else ()),
            moe(c),
            scales(c, "post_mlp_residual_scale", "hidden_states", "residual"),
        ),
    )


def scales(c: Zaya, name: str, *what: str) -> Block:
    """A scale and a shift for each channel."""
    shape = (int(c.hidden_size),)
    return connection(
        name,
        own=[
            Tensor(f"{stem}_{part}", shape, role=f"{prefix}{role}")
            for stem, prefix in zip(what, ("", "stream_"), strict=False)
            for part, role in (("scale", "scale"), ("bias", "shift"))
        ],
    )


def compressed(c: Zaya, kind: str) -> Block:
    """q and k, convolved by channel and then by head, plus what they were; half of v is delayed by a token."""
    heads, kv_heads, dim = c.num_attention_heads, kv(c), head_dim(c)
    multiple(heads, kv_heads, ("num_attention_heads", "num_key_value_heads"))
    width, bias = c.hidden_size, c.attention_bias
    half = multiple(kv_heads * dim, 2, ("num_key_value_heads x head_dim", "2"))
    channels = (heads + kv_heads) * dim
    first = convolution("conv_qk_depthwise", channels, c.cca_time0, bias=True)
    second = Block(
        "convolution",
        "conv_qk_grouped",
        facts(channels=channels, taps=c.cca_time1, kept=c.cca_time1 - 1, bias=True),
        (
            Tensor("weight", (channels, int(dim), int(c.cca_time1)), role="weight"),
            Tensor("bias", (channels,), role="bias"),
        ),
        roles=("head_convolution",),
        settings={"convolved_heads": int(heads + kv_heads)},
    )
    inputs = (
        linear("q_proj", width, heads * dim, role="query", bias=bias),
        linear("k_proj", width, kv_heads * dim, role="key", bias=bias),
        linear("v_proj_current", width, half, role="value", bias=bias),
        linear("v_proj_delayed", width, half, role="delayed_value", bias=bias),
        replace(first, facts={**first.facts, **facts(kept=c.cca_time0 - 1)}),
        second,
    )
    projections = [replace(part, name=f"qkv_proj.{part.name}") for part in inputs]
    temperatures = Block(
        "key_scale", "qk_norm", {}, (Tensor("temp", (int(kv_heads),), role="temperature"),)
    )
    mixer = attention(
        "self_attn",
        heads=Heads(heads, kv_heads, dim),
        positions=rope(c, dim, layer_type=kind),
        inside=[
            *projections,
            temperatures,
            linear("o_proj", heads * dim, width, role="output", bias=bias),
        ],
        window=c.sliding_window if kind == "hybrid_sliding" else None,
        qk_norm="without weights",
        bias=stated(c, "attention_bias"),
    )
    delayed = derived(half, "num_key_value_heads x head_dim / 2")
    added_facts = facts(convolved="queries and keys", delayed=delayed)
    return replace(
        mixer,
        facts={**mixer.facts, **added_facts},
        settings={**mixer.settings, "floored": True},
    )


def router_state_share(c: Zaya) -> Block:
    """How much of the last layer's router state is added to this one's."""
    share = Tensor("router_states_scale", (int(c.router_hidden_size),), role="memory")
    return connection("mlp.gate", own=[share])


def moe(c: Zaya) -> Block:
    """One expert of many, or none: the last choice of the router runs nothing and adds nothing."""
    inner, choices = c.router_hidden_size, int(c.num_experts) + 1
    scores = Block(
        "router",
        "gate",
        facts(inputs=c.hidden_size, outputs=choices),
        (Tensor("balancing_biases", (choices,), role="correction"),),
        (
            linear("down_proj", c.hidden_size, inner, role="down", bias=True),
            rms_norm("router_mlp.norm", inner, role="state_norm"),
            linear("router_mlp.fc1", inner, inner, role="first_layer", bias=True),
            linear("router_mlp.fc2", inner, inner, role="second_layer", bias=True),
            linear("router_mlp.out_proj", inner, choices, role="scores"),
        ),
    )
    mixture = mixture_of_experts(
        "mlp",
        router=scores,
        experts=stacked_experts(
            "experts",
            stored=c.num_experts,
            used=c.num_experts_per_tok,
            width=c.hidden_size,
            inner=c.moe_intermediate_size,
            activation=c.hidden_act,
            outputs_first=True,
        ),
        scoring="softmax",
        identity_experts=1,
        correction=True,
    )
    return replace(mixture, facts={**mixture.facts, **facts(router_inner=c.router_hidden_size)})


def fit(config: Json, small: dict[str, Any]) -> None:
    """Of so few experts, some tokens choose none."""
    if "router_hidden_size" in config:
        small["num_experts"] = min(config["num_experts"], 4)
