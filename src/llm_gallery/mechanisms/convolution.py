"""The causal convolution inside of a mixer, or at the end of a branch: a few taps a channel."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mechanism, Names


def kept(block: Block) -> Kept:
    """The last inputs: `kept`, or as many as there are taps.

    In the model's dtype (bf16), but where the reference convolves in another (Inkling).
    """
    taps = block.number("kept" if "kept" in block.facts else "taps")
    dtype = str(block.value("state_dtype", "bf16"))
    return Kept(states=((block.number("channels") * taps, dtype),), row=False)


def work(block: Block, position: int) -> int:
    """Each tap once."""
    return block.tensors[0].elements


MECHANISM = Mechanism(
    kind="convolution",
    wired="convolved",
    names=Names("convolution", counted="Short convolutions"),
    colour="convolution",
    concepts=(),
    does="A weighted sum over the last few tokens, channel by channel.",
    kept=kept,
    work=work,
)
