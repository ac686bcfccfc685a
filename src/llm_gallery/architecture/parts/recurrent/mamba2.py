"""Mamba-2."""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts.basic import Convolved, convolution, facts, linear, rms_norm


def mamba2(
    name: str,
    *,
    width: int,
    heads: int,
    head_dim: int,
    state_dim: int,
    groups: int,
    convolved: Convolved,
    bias: bool = False,
    output_bias: bool | None = None,
    normed: bool = True,
    state_dtype: str | Fact = "float32",
) -> Block:
    """A selective state space whose decay is one number a head: S <- a S + dt x BT, y = S C + D x.

    `output_bias` is stated where it differs from `bias`; `normed` is false where only a gate follows.
    Paper: https://arxiv.org/abs/2405.21060
    """
    inner = heads * head_dim
    mixed = inner + 2 * groups * state_dim  # x, B and C pass through the convolution
    biased = bias if output_bias is None else output_bias
    streams = ("gate", "x", "B", "C", "step")
    inside = (
        linear(
            "in_proj",
            width,
            inner + mixed + heads,
            role=streams,
            bias=bias,
            rows=(inner, inner, groups * state_dim, groups * state_dim, heads),
        ),
        convolution("conv1d", mixed, convolved.taps, bias=convolved.bias),
        *((rms_norm("norm", inner, role="output_norm"),) if normed else ()),
        linear("out_proj", inner, width, role="output", bias=biased),
    )
    slots = facts(
        heads=heads,
        head_dim=head_dim,
        state_dim=state_dim,
        groups=groups,
        taps=convolved.taps,
        activation=convolved.activation,
        state_dtype=state_dtype,
    )
    per_head = (int(heads),)
    own = (
        Tensor("dt_bias", per_head, role="step_bias"),
        Tensor("A_log", per_head, role="decay"),
        Tensor("D", per_head, role="skip"),
    )
    return Block("mamba2", name, slots, own, inside)
