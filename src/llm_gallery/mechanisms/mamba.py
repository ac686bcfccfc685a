"""Mamba: a state space a channel, whose step, input and output depend on the token.

Paper: https://arxiv.org/abs/2312.00752
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names, Quantity
from llm_gallery.mechanisms.bits import state_bytes


def elements(block: Block) -> int:
    """A vector a channel."""
    return block.number("inner") * block.number("state_dim")


def kept(block: Block) -> Kept:
    """The state."""
    return Kept(constant=state_bytes(block, elements(block)))


def work(block: Block, position: int) -> int:
    """Two passes over the state: write and read."""
    return 2 * elements(block)


MECHANISM = Mixer(
    kind="mamba",
    names=Names("Mamba"),
    colour="linear",
    concepts=("mamba",),
    does="",
    numbers=(
        ("inner", "channels"),
        ("state_dim", "state size"),
        ("step_rank", "step rank"),
        ("taps", "convolution taps"),
    ),
    size="{inner} × {state_dim} numbers",
    quantity=Quantity("inner", "Channels", squares=False),
    kept=kept,
    work=work,
    searched=(),
    against_attention=False,
)
