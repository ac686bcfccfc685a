"""Families that transformers lacks, each with a second, naive writing of what the published code computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tests.truth.naive import grok1
from tests.truth.naive.parts import Array, Config, Weights


class Naive(NamedTuple):
    """A model of the catalog, its second writing, and what its small config may state besides."""

    model: str
    scores: Callable[[Config, Weights, Sequence[int]], Array]
    variants: Mapping[str, Config] = {}


NAIVE = {
    "grok1": Naive(
        "grok-2.5-270b",
        grok1.scores,
        {
            "low bounds": {
                "attn_logit_softcapping": 1.0,
                "router_logit_softcapping": 0.5,
                "final_logit_softcapping": 2.0,
            },
            "one expert": {"num_experts_per_tok": 1},
            "a later temperature": {"attn_temperature_len": 9},
        },
    ),
}
