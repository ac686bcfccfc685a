"""The real-gated linear recurrent unit: a number a channel, which each token fades and adds to.

Paper: https://arxiv.org/abs/2402.19427
"""

from __future__ import annotations

from llm_gallery.mechanisms._mechanism import Mixer, Names
from llm_gallery.mechanisms.lane_drawing import (
    Branch,
    Convolution,
    Gate,
    Lane,
    LaneDrawing,
    State,
    Step,
)
from llm_gallery.mechanisms.legend import STATE
from llm_gallery.mechanisms.state import passes, state

DRAWING = LaneDrawing(
    lanes=(
        Lane("x", "x", ("inner",)),
        Lane("i", "input_gate", ("inner",)),
        Lane("α", "alpha", ("inner",)),
        Lane("gate", "gate", ("inner",)),
    ),
    rows=(
        Convolution("x", until="α", broadest=260),
        Branch("x", to="i α"),  # what the convolved token says of its writing and fading
        Step(on="i", words="sigmoid", means="how much is written", facts=("heads",)),
        Step(on="α", words="decay", means="_e_ to −8 sigmoid · softplus _Λ_", facts=("heads",)),
    ),
    core=State(
        across="x i α",
        sizes=("inner",),
        axes=("channels",),
        update="_S_ ← _α S_ + √(1 − _α_²) _i x_",
        reading="_o_ = _S_",
        facts=("inner", "state_dtype"),
        kept=lambda block: f"*{block.number('inner'):,}* numbers kept",
    ),
    after=(Gate(function=("gate",)),),
    broadest=170,
    symbols=(
        "_S_: a number a channel",
        "_x_: input",
        "_i_: how much of it is written",
        "_α_: how much stays",
        lambda block: f"_i_, _α_: of _x_ within each of {block.number('heads'):,} heads",
    ),
)

MECHANISM = Mixer(
    kind="rg_lru",
    names=Names("RG-LRU", proper=True),
    colour="linear",
    concepts=("rg-lru",),
    does="Keeps a number a channel, which each token fades and adds to as much as its own gates say.",
    tells="Keeps *one number* for each of *{inner} channels*, whatever the length of the text. "
    "An *input gate* and a *recurrence gate*, both set by the token, scale what is written and what decays.",
    numbers=(("inner", "channels"), ("heads", "heads"), ("taps", "tokens convolved")),
    drawing=DRAWING,
    size="{inner} numbers",
    kept=state("inner"),
    work=passes(1, "inner"),
    introduced=(),
    searched=(),
    against_attention=True,
    legend=(STATE,),
    miniature={
        "lru_width": 48,
    },
)
