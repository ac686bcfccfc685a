"""Gated slot attention: attention to a fixed number of slots a head, which fade as each token says.

Paper: https://arxiv.org/abs/2409.07146
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Kept, Mixer, Names, callout
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.lane_drawing import (
    Convolution,
    Lane,
    LaneDrawing,
    Matrix,
    Norm,
    State,
    Step,
)
from llm_gallery.mechanisms.legend import STATE
from llm_gallery.mechanisms.matrix_state import lanes, sizes
from llm_gallery.mechanisms.state import PURPOSES, state_dtype


def elements(block: Block) -> int:
    """Of the keys and values in all slots."""
    each = block.number("key_dim") + block.number("value_dim")
    return block.number("heads") * block.number("slots") * each


def cached(block: Block) -> Kept:
    """A key and a value for each slot of a head."""
    return Kept(states=((elements(block), state_dtype(block)),))


def work(block: Block, position: int) -> int:
    """Two passes over the slots, written and read."""
    return 2 * elements(block)


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their sizes, and their slots."""
    return [callout(block, "slots", "slots a head"), *sizes(block)]


DRAWING = LaneDrawing(
    lanes=(
        Lane("f", "alpha", ("kv_heads", "slots")),
        *lanes(shared="kv_heads"),
    ),
    rows=(
        Convolution("q k v"),
        Step(
            on="q k",
            words=lambda block: activation(str(block.value("feature_map"))),
            facts=("feature_map",),
        ),
        Step(on="v", words="SiLU", facts=("value_dim",)),
        Step(
            on="f",
            words=lambda block: f"ln σ ÷ {block.number('decay_divisor')}",
            means=lambda block: f"f = sigmoid(a)^(1/{block.number('decay_divisor')})",
            facts=("slots", "decay_divisor"),
        ),
    ),
    core=State(
        across="f q k v",
        states="heads",
        sizes=("slots", "key_dim value_dim"),
        axes=("slots", "keys and values"),
        update="_K_ ← diag(_f_) _K_ + (1 − _f_) _k_^T^",
        reading="_o_ = softmax(_K q_) _V_",
        facts=("heads", "slots", "key_dim", "value_dim", "state_dtype"),
        name="slots",
        remark="_V_ ← diag(_f_) _V_ + (1 − _f_) _v_^T^",
    ),
    after=(Norm(note="of SiLU, all heads"),),
    output=Matrix(inputs=("heads", "value_dim")),
    broadest=120,
    symbols=(
        "_K_, _V_: keys and values of a head’s slots",
        "_f_: how much of each slot stays",
        "_o_: what is read",
    ),
)

MECHANISM = Mixer(
    kind="gated_slot_attention",
    names=Names(
        "Gated slot attention",
        label="GSA",
        field="GSA",
        within="gated slot attention",
        counted="gated slot attention",
        spelled={"GSA": "gated slot attention"},
    ),
    colour="linear",
    concepts=(),
    does="Attention to a fixed number of slots: each keeps a key and a value, which fade and take in a token as it says.",
    tells="Keeps *{slots} keys and values* for each of *{heads} heads*, whatever the length of the text. "
    "Each token *gates* what every slot forgets and takes in; a *softmax over the slots* reads them.",
    numbers=numbers,
    drawing=DRAWING,
    size="{heads} heads of {slots} slots, {key_dim} + {value_dim} numbers each",
    kept=cached,
    work=work,
    introduced=(),
    searched=(),
    against_attention=True,
    purposes=PURPOSES,
    legend=(STATE,),
)
