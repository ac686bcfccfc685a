"""RWKV-4's channel mixing: an MLP with a squared ReLU, gated, that also reads the token before.

Paper: https://arxiv.org/abs/2305.13048
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms import mlp
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names, no_work
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.lane_drawing import (
    Gate,
    Lane,
    LaneDrawing,
    Matrix,
    Product,
    Shift,
    Step,
)


def kept(block: Block) -> Kept:
    """The last token's input."""
    return Kept(states=((block.number("width"), "bf16"),), row=False)


DRAWING = LaneDrawing(
    lanes=(Lane("k", "key", ("inner",)), Lane("r", "receptance", ("width",))),
    rows=(
        Step(
            on="k",
            words=lambda block: activation(str(block.value("activation"))),
            means="activation",
            facts=("activation",),
            high=20,
            tight=True,
        ),
    ),
    core=Product("k"),
    after=(
        Matrix("value", "value"),  # what other models call down
        Gate(words="sigmoid", means="receptance", facts=("width",), size=11.5),
    ),
    output=None,
    broadest=190,
    shapes=("{width} → {outputs}", "→ {outputs}", "{outputs}"),
    foot=Shift(),
    title="RWKV channel mixing",
    note="",
    parameters=True,
    symbols=("_r_: how much is let out",),
)

MECHANISM = Mixer(
    kind="receptance_mlp",
    names=Names(
        "Channel mixing", short="channel mixing", label="channel mixing", layer="Channel-mixing"
    ),
    colour="mlp",
    concepts=mlp.concepts,
    does="RWKV's MLP: mixes channels, with a gate from the token before.",
    tells="Mixes each token with *the one before it*, widens that to *{inner} numbers* and back; "
    "a *receptance* says how much is let out.",
    numbers=mlp.numbers,
    drawing=DRAWING,
    size=mlp.size,
    kept=kept,
    work=no_work,
    introduced=(),
    searched=(),
    against_attention=False,
)
