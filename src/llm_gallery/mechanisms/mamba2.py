"""Mamba-2: a matrix a head that one number fades, written by B and read by C.

Paper: https://arxiv.org/abs/2405.21060
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names, Quantity
from llm_gallery.mechanisms.bits import state_bytes


def elements(block: Block) -> int:
    """A matrix a head."""
    return block.number("heads") * block.number("head_dim") * block.number("state_dim")


def kept(block: Block) -> Kept:
    """The state."""
    return Kept(constant=state_bytes(block, elements(block)))


def work(block: Block, position: int) -> int:
    """Two passes over the state: write and read."""
    return 2 * elements(block)


MECHANISM = Mixer(
    kind="mamba2",
    names=Names("Mamba-2"),
    colour="linear",
    concepts=("mamba-2",),
    does="",
    numbers=(
        ("heads", "heads"),
        ("head_dim", "head size"),
        ("state_dim", "state size"),
        ("groups", "groups of B, C"),
        ("taps", "convolution taps"),
    ),
    size="{heads} states of {head_dim} × {state_dim}",
    quantity=Quantity("heads", "States, one a head", squares=True),
    kept=kept,
    work=work,
    searched=(),
    against_attention=True,
)
