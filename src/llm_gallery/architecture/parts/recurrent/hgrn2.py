"""The hierarchically gated recurrence of HGRN 2, whose state is a matrix a head."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts.basic import convolution, facts, linear, rms_norm, settings


def hgrn2(
    name: str,
    *,
    width: int,
    heads: int,
    head_dim: int,
    taps: int | None = None,
    floored: bool = False,
    learned: bool = True,
    norm_eps: float,
) -> Block:
    """S <- diag(f) S + (1 - f) iT, o = SiLU(q) S / sqrt(head_dim), a head's own in float32, then a norm over all heads.

    f is a sigmoid of the token, and with `floored` above what a table says for the layer and channel. With `taps`
    q, i and what f is made of pass short convolutions; `learned` is whether the norm has a scale, `norm_eps` its
    epsilon. Paper: https://arxiv.org/abs/2404.07904
    """
    inner = heads * head_dim
    streams = {"q": "query", "f": "alpha", "i": "value"}
    inside = (
        *(linear(f"{letter}_proj", width, inner, role=role) for letter, role in streams.items()),
        *(
            convolution(f"{letter}_conv1d", int(inner), taps or 1, role=f"{role}_convolution")
            for letter, role in streams.items()
            if taps
        ),
        rms_norm("g_norm", inner, role="output_norm", learned=learned, eps=norm_eps),
        linear("o_proj", inner, width, role="output"),
    )
    slots = facts(heads=heads, head_dim=head_dim, taps=taps, state_dtype="float32")
    own = settings(floored=floored or None)
    return Block("hgrn2", name, slots, (), inside, settings=own)
