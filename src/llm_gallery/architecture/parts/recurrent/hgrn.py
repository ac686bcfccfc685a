"""The hierarchically gated recurrence of HGRN."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts.basic import convolution, facts, linear, rms_norm, settings


def hgrn(
    name: str,
    *,
    width: int,
    inner: int,
    taps: int | None = None,
    floored: bool = False,
    learned: bool = True,
) -> Block:
    """h <- f h + (1 - f) SiLU(i), a number a channel in float32; what is read is normed, and times SiLU of a gate.

    f is a sigmoid of the token, and with `floored` above what a table says for the layer and channel. With `taps`
    i and what f is made of pass short convolutions; `learned` is whether the norm has a scale.
    Paper: https://arxiv.org/abs/2311.04823
    """
    convolutions = (
        convolution("i_conv1d", int(inner), taps or 1, role="value_convolution"),
        convolution("f_conv1d", int(inner), taps or 1, role="alpha_convolution"),
    )
    inside = (
        linear("i_proj", width, inner, role="value"),
        linear("f_proj", width, inner, role="alpha"),
        linear("g_proj", width, inner, role="gate"),
        *(convolutions if taps else ()),
        rms_norm("g_norm", inner, role="output_norm", learned=learned),
        linear("o_proj", inner, width, role="output"),
    )
    slots = facts(inner=inner, taps=taps, gate="silu", state_dtype="float32")
    own = settings(floored=floored or None)
    return Block("hgrn", name, slots, (), inside, settings=own)
