"""LAuReL: beside a branch, what it reads and a map of low rank of that join the stream.

Paper: https://arxiv.org/abs/2411.07501
"""

from __future__ import annotations

from llm_gallery.mechanisms._mechanism import Names, inert
from llm_gallery.mechanisms.linear import OF_LOW_RANK

MECHANISM = inert(
    kind="low_rank_residual",
    names=Names(
        "LAuReL",
        label="low-rank residual",
        within="a low-rank residual",
        counted="Low-rank residuals",
        proper=True,
    ),
    colour="norm",
    does="Adds what a branch reads to the stream, with a map of low rank beside it: a residual connection that learns.",
    concepts=("learned-residual",),
    purposes=OF_LOW_RANK,
    miniature={
        "laurel_rank": 5,
    },
)
