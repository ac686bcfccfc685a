"""Gated DeltaNet: a state a head that every token fades, corrects and reads.

Paper: https://arxiv.org/abs/2412.06464
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Value
from llm_gallery.mechanisms import deltanet
from llm_gallery.mechanisms._mechanism import Callout, Names, callout
from llm_gallery.mechanisms.lane_drawing import Convolution, Gate, Lane, LaneDrawing, Norm, Step
from llm_gallery.mechanisms.legend import CORRECTED, FADING
from llm_gallery.mechanisms.matrix_state import (
    TWICE,
    Matrices,
    beta,
    lanes,
    mixer,
    of_length_one,
    symbols,
    tells,
)

MATRICES = Matrices("value_heads")


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their size, how many tokens are convolved."""
    heads = (
        callout(block, "key_heads", "query, key heads"),
        callout(block, "value_heads", "value heads"),
    )
    return [*heads, *deltanet.sizes(block)]


def compared(block: Block) -> dict[str, Value]:
    """The gate's activation is that of its convolution, unless stated."""
    return {"gate": block.value("gate") or block.value("activation")}


DRAWING = LaneDrawing(
    lanes=(
        *lanes("key_heads", "key_heads", values="value_heads"),
        Lane("β", "beta", ("value_heads",)),
        Lane("α", "alpha", ("value_heads",)),
        Lane("gate", "gate", ("value_heads", "value_dim")),
    ),
    rows=(
        Convolution("q k v"),
        beta("value_heads"),
        Step(on="α", words="decay", means="α = exp(−A softplus(a + bias))", facts=("value_heads",)),
        of_length_one(),
    ),
    core=MATRICES.changed(
        "q k v β α",
        "_S_ ← _α S_ + _β_ (_v_ − _α S k_) _k_^T^",
        shared=("key_heads",),
    ),
    after=(Norm(), Gate(function=("gate", "activation"))),
    broadest=112,
    symbols=symbols("_α_: how much of it stays", "_β_: how much is corrected"),
)

MECHANISM = mixer(
    MATRICES,
    "gated_deltanet",
    Names("Gated DeltaNet", field="GDN", proper=True),
    passed=3,  # read by k, write, read by q
    concepts=("gated-deltanet",),
    tells=tells(
        MATRICES,
        "The *delta rule* overwrites the value stored under each key; a *gate* per head decays the rest.",
        TWICE,
    ),
    numbers=numbers,
    legend=(*FADING, CORRECTED),
    drawing=DRAWING,
    compared=compared,
    miniature={
        "linear_num_key_heads": 2,
        "linear_key_head_dim": 8,
        "linear_value_head_dim": 12,
    },
)
