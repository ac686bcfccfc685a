"""HGRN 2: a state a head whose rows fade as each token says, which writes to them as much as it lets fade.

Paper: https://arxiv.org/abs/2404.07904
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.mechanisms._mechanism import Names
from llm_gallery.mechanisms.hgrn import decay, floors, least
from llm_gallery.mechanisms.lane_drawing import Convolution, Lane, LaneDrawing, Matrix, Norm, Step
from llm_gallery.mechanisms.legend import STATE
from llm_gallery.mechanisms.matrix_state import SQUARE, mixer, symbols, tells

WRITTEN = SQUARE._replace(axes=("input", "1 − f"))
"""Of the heads' matrices: no key says where the input goes, but what was forgotten."""
DRAWING = LaneDrawing(
    lanes=(
        Lane("q", "query", ("heads", "head_dim")),
        Lane("f", "alpha", ("heads", "head_dim")),
        Lane("i", "value", ("heads", "head_dim")),
    ),
    rows=(
        Convolution("q f i"),
        Step(on="q", words="SiLU", facts=("heads",)),
        Step(on="f", words="sigmoid", means=decay, facts=("heads",)),
    ),
    core=WRITTEN.changed("q f i", "_S_ ← _S_ diag(_f_) + _i_ (1 − _f_)^T^", remark=least),
    after=(Norm(note="all heads"),),
    output=Matrix(inputs=("heads", "head_dim")),
    broadest=132,
    symbols=symbols("_f_: how much of each channel stays", "_i_: input"),
)

MECHANISM = replace(
    mixer(
        SQUARE,
        "hgrn2",
        Names("HGRN 2", proper=True),
        passed=2,  # write and read
        concepts=(),
        does="A matrix a head, of which every row fades as the token says, and takes in as much of the token.",
        tells=tells(
            SQUARE,
            "A *forget gate* decays every channel, and its complement takes the place of the key.",
        ),
        numbers=(("heads", "heads"), ("head_dim", "head size"), ("taps", "tokens convolved")),
        legend=(STATE,),
        drawing=DRAWING,
    ),
    reads=floors,
)
