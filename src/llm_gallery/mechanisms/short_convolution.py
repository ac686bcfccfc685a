"""LFM2's gated short convolution: a few taps a channel between two gates.

Paper: https://arxiv.org/abs/2511.23404
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names, no_work
from llm_gallery.mechanisms.convolution import convolved
from llm_gallery.mechanisms.lane_drawing import Gate, Lane, LaneDrawing, Mixing, Product


def cached(block: Block) -> Kept:
    """Nothing beside what the convolution inside keeps."""
    return Kept()


DRAWING = LaneDrawing(
    lanes=tuple(Lane(name, name, ("channels",)) for name in "BxC"),
    core=Product("x"),
    after=(
        Gate(lane="B"),
        Mixing(
            words=lambda block: convolved(block.number("taps"))[0],
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


MECHANISM = Mixer(
    kind="short_convolution",
    names=Names(
        "Short convolution",
        short="convolution",
        label="LIV convolution",
        field="LIV",
        makers={"LIV": "Liquid AI"},
        within="short convolutions",
        counted="short convolution",
        spelled={"LIV convolution": "short convolutions"},
    ),
    colour="convolution",
    concepts=("short-convolution",),
    does="",
    tells="Convolves only the *last {taps} tokens*, channel by channel, between *two gates* "
    "set by the token. Nothing older is kept.",
    numbers=(("channels", "channels"), ("taps", "tokens read")),
    drawing=DRAWING,
    size="{channels} channels, the last {taps} tokens",
    kept=cached,
    work=no_work,
    introduced=(),
    searched=(),
    against_attention=True,
    formula=lambda block: (
        f"_y_ = _C_ · Σ _w_^i^ ( _B x_ )^t−i^, _i_ from 0 to {block.number('taps') - 1:,}",
    ),
    purposes={
        "x": "what is convolved",
        "B": "what scales it before the convolution",
        "C": "what scales what the convolution gives",
    },
)
