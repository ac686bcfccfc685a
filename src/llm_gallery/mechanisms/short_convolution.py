"""LFM2's gated short convolution: a few taps a channel between two gates.

Paper: https://arxiv.org/abs/2511.23404
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names, Quantity, no_work
from llm_gallery.mechanisms.lane_drawing import BY_CODE


def kept(block: Block) -> Kept:
    """Nothing beside what the convolution inside keeps."""
    return Kept()


MECHANISM = Mixer(
    kind="short_convolution",
    names=Names(
        "Short convolution",
        short="convolution",
        label="LIV convolution",
        spelled={"LIV convolution": "short convolutions"},
    ),
    colour="convolution",
    concepts=("short-convolution",),
    does="",
    numbers=(("channels", "channels"), ("taps", "taps")),
    drawing=BY_CODE,
    size="{channels} channels, {taps} taps",
    quantity=Quantity("channels", squares=False),
    kept=kept,
    work=no_work,
    introduced=(),
    searched=(),
    against_attention=True,
)
