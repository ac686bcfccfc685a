"""HGRN: a number a channel, which fades as each token says, at the least as far as the layer's floor lets it.

Paper: https://arxiv.org/abs/2311.04823
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Beside, Mixer, Names
from llm_gallery.mechanisms.lane_drawing import (
    Convolution,
    Gate,
    Lane,
    LaneDrawing,
    Norm,
    State,
    Step,
)
from llm_gallery.mechanisms.legend import STATE
from llm_gallery.mechanisms.state import PURPOSES, passes, state


def floors(block: Block) -> tuple[Beside, ...]:
    """The row of a table of floors, where the model has one."""
    return ("row",) if block.settings.get("floored") else ()


def least(block: Block) -> str:
    """What a decay is at the least."""
    return "_f_ above the layer’s floor" if floors(block) else ""


def decay(block: Block) -> str:
    """How much of the state stays."""
    return "f = floor + (1 − floor) sigmoid(a)" if floors(block) else "f = sigmoid(a)"


DRAWING = LaneDrawing(
    lanes=(
        Lane("i", "value", ("inner",)),
        Lane("f", "alpha", ("inner",)),
        Lane("gate", "gate", ("inner",)),
    ),
    rows=(
        Convolution("i f"),
        Step(on="i", words="SiLU", facts=("inner",)),
        Step(on="f", words="sigmoid", means=decay, facts=("inner",)),
    ),
    core=State(
        across="i f",
        sizes=("inner",),
        axes=("channels",),
        update="_S_ ← _f S_ + (1 − _f_) _i_",
        reading="_o_ = _S_",
        facts=("inner", "state_dtype"),
        remark=least,
        kept=lambda block: f"*{block.number('inner'):,}* numbers kept",
    ),
    after=(Norm(), Gate(function=("gate",))),
    broadest=150,
    symbols=("_S_: a number a channel", "_i_: input", "_f_: how much stays"),
)

MECHANISM = Mixer(
    kind="hgrn",
    names=Names("HGRN", proper=True),
    colour="linear",
    concepts=(),
    does="Keeps a number a channel: a mean in which each token says how much it counts against all before it.",
    tells="Keeps *one number* for each of *{inner} channels*, whatever the length of the text. "
    "A *forget gate* decays it; the input is scaled by its complement.",
    numbers=(("inner", "channels"), ("taps", "tokens convolved")),
    drawing=DRAWING,
    size="{inner} numbers",
    kept=state("inner"),
    work=passes(1, "inner"),
    introduced=(),
    searched=(),
    against_attention=True,
    purposes=PURPOSES,
    legend=(STATE,),
    reads=floors,
)
