"""Mamba."""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts.basic import Convolved, convolution, facts, linear


def mamba(
    name: str,
    *,
    width: int,
    inner: int,
    state_dim: int,
    step_rank: int,
    convolved: Convolved,
    bias: bool | Fact = False,
) -> Block:
    """A selective state space with a decay for each channel and state: S <- exp(-A dt) S + dt x BT, y = S C + D x.

    The step dt passes through a bottleneck of `step_rank`. Paper: https://arxiv.org/abs/2312.00752
    """
    biased = bias.value is True if isinstance(bias, Fact) else bias
    inside = (
        linear("in_proj", width, 2 * inner, role=("x", "gate"), bias=biased, rows=[inner] * 2),
        convolution("conv1d", inner, convolved.taps, bias=convolved.bias),
        linear(
            "x_proj",
            inner,
            step_rank + 2 * state_dim,
            role=("step_down", "B", "C"),
            rows=(step_rank, state_dim, state_dim),
        ),
        linear("dt_proj", step_rank, inner, role="step", bias=True),
        linear("out_proj", inner, width, role="output", bias=biased),
    )
    slots = facts(
        inner=inner,
        state_dim=state_dim,
        step_rank=step_rank,
        taps=convolved.taps,
        activation=convolved.activation,
        bias=bias,
        state_dtype="float32",
    )
    own = (
        Tensor("A_log", (int(inner), int(state_dim)), role="decay"),
        Tensor("D", (int(inner),), role="skip"),
    )
    return Block("mamba", name, slots, own, inside)
