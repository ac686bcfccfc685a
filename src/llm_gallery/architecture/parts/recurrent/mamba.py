"""Mamba."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts.basic import Convolved, convolution, facts, linear
from llm_gallery.architecture.parts.wiring import matrix


def mamba(
    name: str,
    *,
    width: int,
    inner: int,
    state_dim: int,
    step_rank: int,
    convolved: Convolved,
    bias: bool | Fact = False,
    heads: int | None = None,
) -> Block:
    """A selective state space with a decay for each channel and state: S <- exp(-A dt) S + dt x BT, y = S C + D x.

    The step dt passes through a bottleneck of `step_rank`. With `heads`, each share of the channels has a
    bottleneck, B and C of its own, and the projection gives x and gate by turns, channel by channel (Zamba).
    Paper: https://arxiv.org/abs/2312.00752
    """
    biased = bias.value is True if isinstance(bias, Fact) else bias
    first = linear(
        "in_proj",
        width,
        2 * inner,
        role=("x", "gate"),
        bias=biased,
        rows=[inner] * 2 if heads is None else [1, 1],
        groups=1 if heads is None else inner,
    )
    rows = (step_rank, state_dim, state_dim)
    down = ("step_down", "B", "C")
    if heads is None:
        chosen = (
            linear("x_proj", inner, sum(rows), role=down, rows=rows),
            linear("dt_proj", step_rank, inner, role="step", bias=True),
        )
    else:
        each = inner // heads
        chosen = (
            _of_heads(matrix("x_proj_weight", each, sum(rows), role=down, rows=rows), heads),
            _of_heads(matrix("dt_proj_weight", step_rank, each, role="step"), heads),
        )
    inside = (
        first,
        convolution("conv1d", inner, convolved.taps, bias=convolved.bias),
        *chosen,
        linear("out_proj", inner, width, role="output", bias=biased),
    )
    slots = facts(
        heads=heads,
        inner=inner,
        state_dim=state_dim,
        step_rank=step_rank,
        taps=convolved.taps,
        activation=convolved.activation,
        bias=bias,
        state_dtype="float32",
    )
    channels = (int(inner),) if heads is None else (int(heads), int(inner // heads))
    own: tuple[Tensor, ...] = (
        Tensor("A_log", (*channels, int(state_dim)), role="decay"),
        Tensor("D", channels, role="skip"),
    )
    if heads is not None:
        own += (Tensor("dt_proj_bias", channels, role="step_bias"),)
    return Block("mamba", name, slots, own, inside)


def _of_heads(part: Block, heads: int) -> Block:
    """A matrix of each head, all in one tensor."""
    return replace(part, copies=int(heads), used=int(heads), stacked=True)
