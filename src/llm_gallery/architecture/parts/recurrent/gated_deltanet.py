"""Gated DeltaNet."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts.attention import QUERY_KEY_VALUE
from llm_gallery.architecture.parts.basic import (
    convolution,
    facts,
    linear,
    rms_norm,
    with_settings,
)
from llm_gallery.architecture.parts.recurrent._apart import convolved, projected


def gated_deltanet(
    name: str,
    *,
    width: int,
    key_heads: int,
    value_heads: int,
    key_dim: int,
    value_dim: int,
    taps: int,
    activation: str,
    gate: str | None = None,
    fused: bool = True,
    negative_eigenvalues: Fact | None = None,
) -> Block:
    """Linear attention by the gated delta rule: S <- a S + b (v - a S k) kT, o = S q, in float32.

    `gate` is the output gate's activation, where it isn't that of the convolution.
    `fused` is how Qwen3-Next stores it: q, k, v, z in one projection, beta and alpha in another;
    Qwen3.5 keeps z, beta and alpha apart. With `negative_eigenvalues` b goes up to 2.
    Paper: https://arxiv.org/abs/2412.06464
    """
    keys, values = key_heads * key_dim, value_heads * value_dim
    each = value_heads // key_heads
    if fused:
        projections = [
            linear(
                "in_proj_qkvz",
                width,
                2 * keys + 2 * values,
                role=(*QUERY_KEY_VALUE, "gate"),
                rows=(key_dim, key_dim, each * value_dim, each * value_dim),
                groups=key_heads,
            ),
            linear(
                "in_proj_ba",
                width,
                2 * value_heads,
                role=("beta", "alpha"),
                rows=(each, each),
                groups=key_heads,
            ),
        ]
    else:
        projections = [
            linear(
                "in_proj_qkv",
                width,
                2 * keys + values,
                role=QUERY_KEY_VALUE,
                rows=(keys, keys, values),
            ),
            linear("in_proj_z", width, values, role="gate"),
            linear("in_proj_b", width, value_heads, role="beta"),
            linear("in_proj_a", width, value_heads, role="alpha"),
        ]
    inside = (
        *projections,
        convolution("conv1d", 2 * keys + values, taps),
        rms_norm("norm", value_dim, role="output_norm", offset=0.0),
        linear("out_proj", values, width, role="output"),
    )
    slots = facts(
        key_heads=key_heads,
        value_heads=value_heads,
        key_dim=key_dim,
        value_dim=value_dim,
        taps=taps,
        activation=activation,
        gate=gate,
        negative_eigenvalues=negative_eigenvalues,
        state_dtype="float32",
    )
    own = (
        Tensor("dt_bias", (int(value_heads),), role="step_bias"),
        Tensor("A_log", (int(value_heads),), role="decay"),
    )
    return Block("gated_deltanet", name, slots, own, inside)


def stored_apart(made: Block, width: int, taps: int, eps: float | None = None) -> Block:
    """The same, every projection and each of three convolutions stored by itself; `eps` is the output norm's."""
    values, value_dim = made.number("value_heads"), made.number("value_dim")
    keys = made.number("key_heads") * made.number("key_dim")
    channels = (keys, keys, values * value_dim)
    inside = (
        *projected(width, *channels),
        *convolved(taps, *channels),
        linear("b_proj", width, values, role="beta"),
        linear("a_proj", width, values, role="alpha"),
        linear("g_proj", width, values * value_dim, role="gate"),
        rms_norm("o_norm", value_dim, role="output_norm", eps=eps),
        linear("o_proj", values * value_dim, width, role="output"),
    )
    return with_settings(replace(made, inside=inside), convolved_apart=True)
