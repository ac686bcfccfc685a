"""Mamba: a state space a channel, whose step, input and output depend on the token.

Paper: https://arxiv.org/abs/2312.00752
"""

from __future__ import annotations

from llm_gallery.mechanisms._mechanism import Mixer, Names, Quantity
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.state import passes, state

MECHANISM = Mixer(
    kind="mamba",
    names=Names("Mamba"),
    colour="linear",
    concepts=("mamba",),
    does="",
    numbers=(
        ("inner", "channels"),
        ("state_dim", "state size"),
        ("step_rank", "step rank"),
        ("taps", "convolution taps"),
    ),
    drawing=BY_CODE,
    size="{inner} × {state_dim} numbers",
    quantity=Quantity("inner", squares=False),
    kept=state("inner", "state_dim"),  # a vector a channel
    work=passes(2, "inner", "state_dim"),  # write and read
    introduced=(),
    searched=(),
    against_attention=False,
)
