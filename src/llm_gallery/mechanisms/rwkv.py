"""RWKV-4's time mixing: a weighted mean of all values so far, channel by channel.

Paper: https://arxiv.org/abs/2305.13048
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names
from llm_gallery.mechanisms.lane_drawing import Gate, Lane, LaneDrawing, Shift, State
from llm_gallery.mechanisms.legend import STATE
from llm_gallery.mechanisms.state import shifts, state_dtype


def cached(block: Block) -> Kept:
    """Numerator, denominator and largest exponent of each channel, and the last token's input."""
    sums = (3 * block.number("inner"), state_dtype(block))
    return Kept(states=(sums, (block.number("width"), "bf16")) if shifts(block) else (sums,))


def concepts(block: Block) -> Iterator[str]:
    """What it is, and that it mixes tokens."""
    yield "rwkv"
    if shifts(block):
        yield "token-shift"


def work(block: Block, position: int) -> int:
    """Two passes over numerator and denominator: write and read."""
    return 2 * 2 * block.number("inner")


DRAWING = LaneDrawing(
    lanes=(
        Lane("k", "key", ("inner",)),
        Lane("v", "value", ("inner",)),
        Lane("r", "receptance", ("inner",)),
    ),
    core=State(
        across="k v",
        sizes=("inner",),
        axes=("channels",),
        update="_a_ ← _e_^−w^_ a_ + _e_^k^_ v_, _b_ ← _e_^−w^_ b_ + _e_^k^",
        reading="_o_ = (_a_ + _e_^u+k^_ v_) / (_b_ + _e_^u+k^)",
        facts=("inner", "state_dtype"),
        name="average",
        kept=lambda block: f"*3 × {block.number('inner'):,}* numbers kept",
    ),
    after=(Gate(words="sigmoid", means="receptance", facts=("width",), size=11.5),),
    broadest=170,
    shapes=("{width} → {outputs}", "→ {outputs}", "{outputs}"),
    foot=Shift(),
    title="RWKV time mixing",
    symbols=(
        "_a_, _b_: sums over the past",
        "_w_: how fast they fade",
        "_u_: for the token itself",
        "_r_: how much is let out",
    ),
)

MECHANISM = Mixer(
    kind="rwkv",
    names=Names(
        "Time mixing",
        short="time mixing",
        label="RWKV",
        counted="time mixing",
        compared="RWKV-4",
    ),
    colour="linear",
    concepts=concepts,
    does="",
    tells="Keeps a *weighted mean* of past values for each of *{inner} channels*, whatever the length of the text. "
    "The weight of a token decays with distance, at a learned rate per channel.",
    numbers=(("inner", "channels"),),
    drawing=DRAWING,
    size="{inner} channels",
    kept=cached,
    work=work,
    introduced=(("inner", "a mean of values in {} channels"),),
    searched=(),
    against_attention=False,
    purposes={"key": "how much a value counts", "receptance": "how much of the mean is let out"},
    legend=(STATE,),
)
