"""Gated linear attention: a state a head whose rows fade as each token says.

Paper: https://arxiv.org/abs/2312.06635
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Names, callout
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.lane_drawing import Convolution, Lane, Step
from llm_gallery.mechanisms.legend import FADING
from llm_gallery.mechanisms.matrix_state import (
    EACH,
    lanes,
    mixer,
    read_by_head,
    sizes,
    symbols,
    tells,
)


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their sizes, and through how many channels a token sets its decays."""
    rows = sizes(block)
    if "taps" in block.facts:
        rows.append(callout(block, "taps", "tokens convolved"))
    return [*rows, callout(block, "decay_rank", "rank of the decay")]


def decay(block: Block) -> str:
    """How far each channel of the keys fades; some configs hold it above a floor."""
    floor = block.value("decay_floor")
    least = "" if floor is None else f", at least e^{floor:g}"
    return f"α = sigmoid(a)^(1/16){least}, a number for each channel of the keys"


def mapped(block: Block) -> str:
    """What queries and keys pass, where they pass anything."""
    passed = block.value("feature_map")
    return "" if passed is None else activation(str(passed))


MECHANISM = mixer(
    EACH,
    "gated_linear_attention",
    Names(
        "Gated linear attention",
        label="GLA",
        field="GLA",
        within="gated linear attention",
        counted="gated linear attention",
        spelled={"GLA": "gated linear attention"},
    ),
    passed=2,  # write and read
    concepts=("gated-linear-attention",),
    does="A matrix a head that takes in each token, and of which every row fades as the token says.",
    tells=tells(
        EACH,
        "Each token adds the product of its key and value, and *gates* the decay of every key channel.",
    ),
    numbers=numbers,
    legend=FADING,
    drawing=read_by_head(
        (*lanes(shared="kv_heads"), Lane("α", "alpha", ("kv_heads", "key_dim"), rank="decay_rank")),
        (
            Convolution("q k v"),
            Step(on="q k", words=mapped, facts=("feature_map",)),
            Step(on="α", words="decay", means=decay, facts=("decay_rank", "decay_floor")),
        ),
        EACH.changed("q k v α", "_S_ ← _S_ diag(_α_) + _v k_^T^"),
        symbols("_α_: how much of each channel stays"),
    ),
)
