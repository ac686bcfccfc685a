"""The gated memory unit."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts.basic import facts, linear


def gated_memory(
    name: str, *, width: int, inner: int, activation: str, names: tuple[str, str]
) -> Block:
    """out(activation(gate x) * m): m is what an earlier layer read of its state space, before its gate.

    `names` are those of the two matrices. Paper: https://arxiv.org/abs/2507.06607
    """
    gate, out = names
    inside = (
        linear(gate, width, inner, role="gate"),
        linear(out, inner, width, role="output"),
    )
    slots = facts(inner=inner, activation=activation, shared_memory=True)
    return Block("gated_memory", name, slots, (), inside)
