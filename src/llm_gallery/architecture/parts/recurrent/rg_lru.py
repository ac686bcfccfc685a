"""The real-gated linear recurrent unit of Griffin."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts.basic import (
    Convolved,
    convolution,
    facts,
    linear,
    settings,
)
from llm_gallery.architecture.roles import roles


def rg_lru(name: str, *, width: int, inner: int, heads: int, convolved: Convolved) -> Block:
    """h <- a h + sqrt(1 - a^2) (i x), a number a channel; what is read is times a gate.

    x passes a convolution first. Both i and the logarithm of a, -8 r softplus(L), follow from it by matrices
    that reach within a head. The activation is the gate's. Paper: https://arxiv.org/abs/2402.19427
    """
    mixed = convolution("conv_1d", inner, convolved.taps, bias=convolved.bias)
    last = facts(kept=int(convolved.taps) - 1)
    inside = (
        linear("linear_y", width, inner, role="gate", bias=True),
        linear("linear_x", width, inner, role="x", bias=True),
        replace(mixed, facts={**mixed.facts, **last}),
        within_heads("rg_lru.input_gate", heads, inner // heads, "input_gate"),
        within_heads("rg_lru.recurrent_gate", heads, inner // heads, "alpha"),
        linear("linear_out", inner, width, role="output", bias=True),
    )
    slots = facts(
        inner=inner,
        heads=heads,
        taps=convolved.taps,
        gate=convolved.activation,
        bias=True,
        state_dtype="float32",
    )
    own = (Tensor("rg_lru.recurrent_param", (int(inner),), role="decay"),)
    return Block("rg_lru", name, slots, own, inside)


def within_heads(name: str, heads: int, channels: int, role: str) -> Block:
    """A map that is a matrix a head, stored as [head, inputs, outputs]."""
    count, size = int(heads), int(channels)
    stored = (
        Tensor(f"{name}_weight", (count, size, size), role="weight"),
        Tensor(f"{name}_bias", (count, size), role="bias"),
    )
    slots = facts(inputs=size, outputs=count * size, bias=True)
    own = settings(transposed=True)
    return Block("linear", "", slots, stored, roles=roles(role), settings=own)
