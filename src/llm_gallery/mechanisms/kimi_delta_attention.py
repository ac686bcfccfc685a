"""Kimi Delta Attention: Gated DeltaNet whose decay is its own for every channel of a key.

Paper: https://arxiv.org/abs/2510.26692
"""

from __future__ import annotations

from llm_gallery.mechanisms._mechanism import Mixer, Names, Quantity
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.state import passes, state

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
    drawing=BY_CODE,
    size="{heads} states of {head_dim} × {head_dim}",
    quantity=Quantity("heads", squares=True, words="States, one a head"),
    kept=state("heads", "head_dim", "head_dim"),  # a square matrix a head
    work=passes(3, "heads", "head_dim", "head_dim"),  # read by k, write, read by q
    introduced=(),
    searched=(),
    against_attention=True,
)
