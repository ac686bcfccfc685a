"""The short convolution between two gates."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts.basic import convolution, facts, linear


def short_convolution(
    name: str, *, width: int, taps: int, kernel: str = "conv", bias: bool | Fact = False
) -> Block:
    """out(C * convolution(B * x)) with B, C and x projected from the input: a gate before and one after.

    `kernel` is the checkpoint's name for the convolution. Paper: https://arxiv.org/abs/2511.23404
    """
    biased = bias.value is True if isinstance(bias, Fact) else bias
    inside = (
        linear("in_proj", width, 3 * width, role=("B", "C", "x"), bias=biased, rows=[width] * 3),
        convolution(kernel, int(width), taps, bias=biased),
        linear("out_proj", width, width, role="output", bias=biased),
    )
    return Block("short_convolution", name, facts(channels=width, taps=taps, bias=bias), (), inside)
