"""LFM2's gated short convolution: a few taps a channel between two gates.

Paper: https://arxiv.org/abs/2511.23404
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names, Quantity, no_work
from llm_gallery.mechanisms.lane_drawing import Gate, Lane, LaneDrawing, Mixing, Product


def kept(block: Block) -> Kept:
    """Nothing beside what the convolution inside keeps."""
    return Kept()


DRAWING = LaneDrawing(
    lanes=tuple(Lane(name, name, ("channels",)) for name in "BxC"),
    core=Product("x"),
    after=(
        Gate(lane="B"),
        Mixing(
            words=lambda block: f"convolution, last {block.number('taps')} tokens",
            kept=lambda block: f"last {block.number('taps')} kept",
        ),
        Gate(lane="C"),
    ),
    broadest=150,
    width="channels",
    shapes=("{width} → {outputs}", "→ {outputs}", "{outputs}"),
    foot=lambda block: "all with bias" if block.value("bias") else "",
    note="two gates, no softmax",
    sees=lambda block: f"last {block.number('taps')}",
    symbols=("_B_, _C_: gates", "_x_: what is mixed"),
)


def tells(block: Block) -> str:
    """How far it reaches."""
    return (
        f"Reads only the *last {block.number('taps')} tokens*, a weight for each and channel, "
        "between two gates that the token sets itself."
    )


MECHANISM = Mixer(
    kind="short_convolution",
    names=Names(
        "Short convolution",
        short="convolution",
        label="LIV convolution",
        spelled={"LIV convolution": "short convolutions"},
    ),
    colour="convolution",
    concepts=("short-convolution",),
    does="",
    tells=tells,
    numbers=(("channels", "channels"), ("taps", "taps")),
    drawing=DRAWING,
    size="{channels} channels, {taps} taps",
    quantity=Quantity("channels", squares=False),
    kept=kept,
    work=no_work,
    introduced=(),
    searched=(),
    against_attention=True,
)
