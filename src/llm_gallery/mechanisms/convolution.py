"""The causal convolution inside of a mixer, or at the end of a branch: a few taps a channel."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mechanism, Names
from llm_gallery.mechanisms.shapes import shape


def cached(block: Block) -> Kept:
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
    kept=cached,
    work=work,
    formula=lambda block: (f"_y_ = Σ _w_^i^ _x_^t−i^, _i_ from 0 to {block.number('taps') - 1:,}",),
    shapes=lambda block, _: (
        ("in", shape(block.number("channels"))),
        ("out", shape(block.tensors[0].shape[0])),
    ),
    miniature={
        **dict.fromkeys(
            (
                "conv_kernel",
                "linear_conv_kernel_dim",
                "short_conv_kernel_size",
                "mamba_d_conv",
                "conv_L_cache",
                "conv_kernel_size",
                "conv_kernel_dim",
                "conv1d_width",
            ),
            5,
        ),
    },
)


def convolved(taps: int | str, first: str = "convolution") -> tuple[str, ...]:
    """What a convolution is called wherever it stands, in more words and in fewer: "convolution, last 4 tokens"."""
    return (
        f"{first}, last {taps} tokens",
        f"{first}, last {taps}",
        first,
        first.replace("convolution", "conv."),
    )


def convolution_of(block: Block) -> Block | None:
    """The convolution inside a block, if there is one."""
    return block.child(MECHANISM.kind)
