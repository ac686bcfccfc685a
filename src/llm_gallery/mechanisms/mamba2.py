"""Mamba-2: a matrix a head that one number fades, written by B and read by C.

Paper: https://arxiv.org/abs/2405.21060
"""

from __future__ import annotations

from llm_gallery.mechanisms._mechanism import Mixer, Names, Quantity
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.state import passes, state

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
    drawing=BY_CODE,
    size="{heads} states of {head_dim} × {state_dim}",
    quantity=Quantity("heads", squares=True, words="States, one a head"),
    kept=state("heads", "head_dim", "state_dim"),  # a matrix a head
    work=passes(2, "heads", "head_dim", "state_dim"),  # write and read
    introduced=(),
    searched=(),
    against_attention=True,
)
