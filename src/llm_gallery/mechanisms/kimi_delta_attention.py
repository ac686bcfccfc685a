"""Kimi Delta Attention: Gated DeltaNet whose decay is its own for every channel of a key.

Paper: https://arxiv.org/abs/2510.26692
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names, Quantity
from llm_gallery.mechanisms.bits import state_bytes


def elements(block: Block) -> int:
    """A square matrix a head."""
    return block.number("heads") * block.number("head_dim") ** 2


def kept(block: Block) -> Kept:
    """The state."""
    return Kept(constant=state_bytes(block, elements(block)))


def work(block: Block, position: int) -> int:
    """Three passes over the state: read by k, write, read by q."""
    return 3 * elements(block)


MECHANISM = Mixer(
    kind="kimi_delta_attention",
    names=Names(
        "Kimi Delta Attention", short="KDA", label="KDA", spelled={"KDA": "Kimi Delta Attention"}
    ),
    colour="linear",
    concepts=("kimi-delta-attention",),
    does="",
    numbers=(
        ("heads", "heads"),
        ("head_dim", "head size"),
        ("taps", "convolution taps"),
        ("decay_rank", "rank of the decay"),
    ),
    size="{heads} states of {head_dim} × {head_dim}",
    quantity=Quantity("heads", "States, one a head", squares=True),
    kept=kept,
    work=work,
    searched=(),
    against_attention=True,
)
