"""RWKV-4's time mixing: a weighted mean of all values so far, channel by channel.

Paper: https://arxiv.org/abs/2305.13048
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names, Quantity
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.state import bytes_of, state_bytes


def kept(block: Block) -> Kept:
    """Numerator, denominator and largest exponent of each channel, and the last token's input."""
    states = state_bytes(block, 3 * block.number("inner"))
    return Kept(constant=states + bytes_of(block.number("width"), "bf16"))


def work(block: Block, position: int) -> int:
    """Two passes over numerator and denominator: write and read."""
    return 2 * 2 * block.number("inner")


MECHANISM = Mixer(
    kind="rwkv",
    names=Names("Time mixing", short="RWKV", label="RWKV"),
    colour="linear",
    concepts=("rwkv", "token-shift"),
    does="",
    numbers=(("inner", "channels"),),
    drawing=BY_CODE,
    size="{inner} channels",
    quantity=Quantity("inner", squares=False),
    kept=kept,
    work=work,
    introduced=(),
    searched=(),
    against_attention=False,
)
