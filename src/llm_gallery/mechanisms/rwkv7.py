"""RWKV-7's time mixing: a matrix a head that fades by channel, is corrected along a key of its own, and written to.

Paper: https://arxiv.org/abs/2503.14456
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names
from llm_gallery.mechanisms.lane_drawing import Gate, Lane, LaneDrawing, Norm, Shift, Step
from llm_gallery.mechanisms.legend import STATE
from llm_gallery.mechanisms.matrix_state import EACH, Further, tells
from llm_gallery.mechanisms.state import ASKED, passes, state_dtype


def cached(block: Block) -> Kept:
    """A matrix a head, and the last token's input."""
    each = block.number("heads") * block.number("key_dim") * block.number("value_dim")
    return Kept(states=((each, state_dtype(block)), (block.number("width"), "bf16")))


def concepts(block: Block) -> Iterator[str]:
    """What it is, and how values and inputs are mixed."""
    yield "rwkv-7"
    yield "token-shift"
    if block.value("value_rank"):
        yield "value-residual"


DRAWING = LaneDrawing(
    lanes=(
        Lane("r", "receptance", ("heads", "key_dim")),
        Lane("w", "alpha", ("heads", "key_dim"), rank="decay_rank"),
        Lane("k", "key", ("heads", "key_dim")),
        Lane("v", "value", ("heads", "value_dim")),
        Lane("a", "beta", ("heads", "key_dim"), rank="rate_rank"),
        Lane("gate", "gate", ("heads", "value_dim"), rank="gate_rank"),
    ),
    rows=(
        Step(
            on="v",
            words=lambda block: "+ first v" if block.value("value_rank") else "",
            means="a share of the first layer's values in place of its own",
            facts=("value_rank",),
        ),
        Step(
            on="w",
            words="decay",
            means="w = exp(−e^−½ sigmoid), a number for each channel of a key",
            facts=("key_dim",),
        ),
        Step(
            on="a", words="sigmoid", means="how much along a key is corrected", facts=("key_dim",)
        ),
    ),
    core=EACH.changed(
        "r w k v a",
        "_S_ ← _S_ (diag(_w_) − _κ_ (_a κ_)^T^) + _v k_^T^",
        reading="_o_ = _S r_",
        remark="_κ_: the direction of a scaled _k_",
    ),
    after=(Norm("LayerNorm", note="per head"), Gate(facts=("gate_rank",))),
    broadest=112,
    foot=Shift(note="(1 − μ) x + μ last x"),
    symbols=(
        "_S_: the state of a head",
        "_w_: how much of each channel stays",
        "_κ_: the direction that is corrected",
        "_a_: how much along it",
        "_o_: what is read, with the token’s own part",
    ),
)

MECHANISM = Mixer(
    kind="rwkv7",
    names=Names(
        "RWKV-7 time mixing",
        short="time mixing",
        label="RWKV-7",
        counted="time mixing",
        proper=True,
    ),
    colour="linear",
    concepts=concepts,
    does="",
    tells=tells(
        EACH,
        "Every key channel decays at *its own rate*, and a generalized *delta rule* corrects the state along one direction, at a rate per channel.",
        Further(
            "value-residual",
            "value_rank",
            "It takes a share of *the first layer's values*, in all layers but that one.",
        ),
    ),
    numbers=(
        ("heads", "heads"),
        ("key_dim", "head size"),
        ("decay_rank", "rank of the decay"),
        ("rate_rank", "rank of the correction"),
    ),
    drawing=DRAWING,
    size=EACH.size,
    kept=cached,
    work=passes(4, "heads", "key_dim", "value_dim"),  # read along a key, correct, write, read by r
    introduced=(("heads", "{} heads"), ("key_dim", "each with a corrected matrix")),
    searched=(),
    against_attention=False,
    leaves=("first",),
    purposes={**ASKED, "beta": "how much of what the state answers is taken out of it"},
    legend=(STATE,),
    miniature={
        **dict.fromkeys(("decay_low_rank_dim", "a_low_rank_dim"), 6),
        "gate_low_rank_dim": 10,
        "v_low_rank_dim": 5,
    },
)
