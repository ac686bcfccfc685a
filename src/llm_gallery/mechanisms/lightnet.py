"""LightNet: a state a head that is a mean of values, whose shares are softmaxed over all tokens so far.

Paper: https://arxiv.org/abs/2405.21022
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Kept, Names, callout
from llm_gallery.mechanisms.lane_drawing import Convolution, Gate, Lane, LaneDrawing, Norm, Step
from llm_gallery.mechanisms.legend import STATE
from llm_gallery.mechanisms.matrix_state import EACH, lanes, mixer, sizes, symbols, tells
from llm_gallery.mechanisms.state import state_dtype


def cached(block: Block) -> Kept:
    """A matrix a head, and of every channel of its keys the logarithm of a sum."""
    elements = block.number("heads") * block.number("key_dim") * (block.number("value_dim") + 1)
    return Kept(states=((elements, state_dtype(block)),))


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their sizes, the rank of the gate."""
    return [*sizes(block), callout(block, "gate_rank", "rank of the gate")]


WRITTEN = EACH._replace(axes=("value", "1 − α"))
"""Of the heads' matrices: a value goes by its share of the sum of keys so far."""
DRAWING = LaneDrawing(
    lanes=(*lanes(), Lane("gate", "gate", ("heads", "value_dim"), rank="gate_rank")),
    rows=(
        Convolution("q k v"),
        Step(on="q", words="SiLU", facts=("heads",)),
        Step(on="k", words="exp", facts=("key_dim",)),
    ),
    core=WRITTEN.changed(
        "q k v",
        "_S_ ← _S_ diag(_α_) + _v_ (1 − _α_)^T^",
        remark="_α_ = _Z_ / (_Z_ + _k_), _Z_ ← _Z_ + _k_",
    )._replace(beside_each=lambda block: f"beside each: Z of {block.number('key_dim'):,}"),
    after=(Norm(note="all heads"), Gate(function=("gate",), facts=("gate_rank",))),
    broadest=132,
    symbols=symbols("_Z_: sum of keys so far", "_α_: how much of each channel stays"),
)

MECHANISM = replace(
    mixer(
        EACH,
        "lightnet",
        Names("LightNet", proper=True),
        passed=2,  # write and read
        concepts=(),
        does="A matrix a head that is a mean of values: in each channel of a key a token counts by a softmax over all so far.",
        tells=tells(
            EACH,
            "It is a *mean* of all values so far: a softmax *over time*, in each channel of a key, says how much a token counts.",
        ),
        numbers=numbers,
        legend=(STATE,),
        drawing=DRAWING,
    ),
    kept=cached,
)
