"""Kimi Delta Attention: Gated DeltaNet whose decay is its own for every channel of a key.

Paper: https://arxiv.org/abs/2510.26692
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Names
from llm_gallery.mechanisms.lane_drawing import Convolution, Gate, Lane, LaneDrawing, Norm, Step
from llm_gallery.mechanisms.legend import CORRECTED, FADING
from llm_gallery.mechanisms.matrix_state import (
    OF_ONE_SIZE,
    SQUARE,
    TWICE,
    beta,
    mixer,
    of_length_one,
    symbols,
    tells,
)


def decay(block: Block) -> str:
    """How far each channel of the keys fades; some models hold it above a floor."""
    floor = block.value("decay_floor")
    fades = "−A softplus(f)" if floor is None else f"{floor:g} sigmoid(A f)"
    return f"α = exp({fades}), a number for each channel of the keys"


DRAWING = LaneDrawing(
    lanes=(
        *OF_ONE_SIZE,
        Lane("β", "beta", ("heads",)),
        Lane("α", "alpha", ("heads", "head_dim"), rank="decay_rank"),
        Lane("gate", "gate", ("heads", "head_dim"), rank="gate_rank"),
    ),
    rows=(
        Convolution("q k v"),
        beta("heads", "decay_floor", means="β: how much is written"),
        Step(
            on="α",
            words="decay",
            means=decay,
            facts=("heads", "decay_floor", "negative_eigenvalues"),
        ),
        of_length_one("head_dim"),
    ),
    core=SQUARE.changed("q k v β α", "_S_ ← _S_ diag(_α_) + _β_ (_v_ − _S_ diag(_α_) _k_) _k_^T^"),
    after=(
        Norm(note="per head"),
        Gate(words="sigmoid", means="output gate", facts=("gate_rank",)),
    ),
    broadest=112,
    symbols=symbols("_α_: how much of each channel stays", "_β_: how much is corrected"),
)

MECHANISM = mixer(
    SQUARE,
    "kimi_delta_attention",
    Names(
        "Kimi Delta Attention",
        label="KDA",
        field="KDA",
        counted="Kimi Delta Attention",
        proper=True,
        spelled={"KDA": "Kimi Delta Attention"},
    ),
    passed=3,  # read by k, write, read by q
    concepts=("kimi-delta-attention",),
    tells=tells(
        SQUARE,
        "The *delta rule* overwrites the value stored under each key; every key channel decays at *its own rate*.",
        TWICE,
    ),
    numbers=(
        ("heads", "heads"),
        ("head_dim", "head size"),
        ("taps", "tokens convolved"),
        ("decay_rank", "rank of the decay"),
    ),
    legend=(*FADING, CORRECTED),
    drawing=DRAWING,
)
