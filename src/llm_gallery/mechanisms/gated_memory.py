"""The gated memory unit: what an earlier layer read of its state space, gated anew by this one.

Paper: https://arxiv.org/abs/2507.06607
"""

from __future__ import annotations

from llm_gallery.mechanisms._mechanism import Mixer, Names, keeps_nothing, no_work
from llm_gallery.mechanisms.activation import function
from llm_gallery.mechanisms.lane_drawing import Lane, LaneDrawing, Product, Step

DRAWING = LaneDrawing(
    lanes=(Lane("gate", "gate", ("inner",)),),
    rows=(
        Step(
            on="gate",
            words=lambda block: function(str(block.value("activation"))),
            means="activation",
            facts=("activation",),
        ),
        Step(
            on="gate",
            words="× memory",
            means="what an earlier layer read of its state",
            facts=("shared_memory",),
            chip=True,
        ),
    ),
    core=Product("gate"),
    broadest=150,
    note="reads another layer’s state",
    symbols=("memory: read from an earlier state", "before that layer’s own gate"),
)

MECHANISM = Mixer(
    kind="gated_memory",
    names=Names(
        "Gated memory unit",
        short="memory unit",
        label="gated memory",
        field="GMU",
        makers={"GMU": "Microsoft"},
        full="Gated memory units",
        within="gated memory units",
        counted="gated memory units",
        spelled={"gated memory": "gated memory units"},
    ),
    colour="linear",
    concepts=("gated-memory",),
    does="",
    tells="The token gates *{inner} channels* of an *earlier layer's* output; nothing is cached.",
    numbers=(("inner", "channels"),),
    drawing=DRAWING,
    size="{inner} channels of an earlier layer's",
    kept=keeps_nothing,
    work=no_work,
    introduced=(),
    searched=(),
    against_attention=True,
    purposes={"gate": "what scales the memory"},
    reads=("memory",),
)
