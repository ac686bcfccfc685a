"""Retention: linear attention whose queries and keys are rotated, with a fixed decay a head.

Paper: https://arxiv.org/abs/2307.08621
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Names
from llm_gallery.mechanisms.lane_drawing import Step
from llm_gallery.mechanisms.legend import FADING
from llm_gallery.mechanisms.matrix_state import (
    CONSTANT,
    EACH,
    lanes,
    mixer,
    read_by_head,
    sizes,
    symbols,
    tells,
)
from llm_gallery.mechanisms.written import positions


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their sizes, positions."""
    return sizes(block) + positions(block)


MECHANISM = mixer(
    EACH,
    "retention",
    Names("Retention", label="retention", within="retention"),
    passed=2,  # write and read
    concepts=(),
    does="A matrix a head that takes in each token and fades at a rate of the head's own; queries and keys are rotated.",
    tells=tells(
        EACH,
        "Each head decays it at a *fixed rate*; each token adds the product of its rotated key and value.",
    ),
    numbers=numbers,
    legend=FADING,
    drawing=read_by_head(
        lanes(shared="kv_heads"),
        (Step(on="q k", words="RoPE", facts=("position", "rope_base"), colour="position"),),
        EACH.changed("q k v", "_S_ ← _λ S_ + _v k_^T^", remark=CONSTANT),
        symbols("_λ_: how much of it stays"),
        broadest=132,
    ),
)
