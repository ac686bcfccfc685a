"""Mamba-2: a matrix a head that one number fades, written by B and read by C.

Paper: https://arxiv.org/abs/2405.21060
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Mixer, Names
from llm_gallery.mechanisms.lane_drawing import (
    Convolution,
    Gate,
    Lane,
    LaneDrawing,
    Norm,
    State,
    Step,
)
from llm_gallery.mechanisms.legend import MAMBA
from llm_gallery.mechanisms.state import PURPOSES_IN_SPACE, passes, state
from llm_gallery.mechanisms.wording import Words


def scale(projection: str) -> Words:
    """The constant that multiplies what a projection gives, where there are such (Falcon-H1)."""

    def words(block: Block) -> str:
        stated = block.value("projection_scales")
        if not isinstance(stated, str):
            return ""
        scales = dict(each.rsplit(" ", 1) for each in stated.split(", "))
        return f"× {scales[projection]}" if projection in scales else ""

    return words


def foot(block: Block) -> str:
    """Whether the projections have a bias."""
    stored = block.part("x")
    return "with bias" if stored is not None and stored.value("bias") else ""


def shared(block: Block) -> str:
    """How many heads share B and C."""
    groups = block.number("groups")
    if groups >= block.number("heads"):
        return ""
    return f"*{groups:,}* {'group shares' if groups == 1 else 'groups share'} _B_ and _C_"


def normed(block: Block) -> str:
    """What the norm spans, where it isn't all."""
    groups, inner = block.number("groups"), block.number("heads") * block.number("head_dim")
    return f"of each {inner // groups:,}" if groups > 1 else ""


SCALED = {"Δ": "dt", "gate": "z"}
"""Lanes that have another letter in what multiplies them."""

DRAWING = LaneDrawing(
    lanes=(
        Lane("x", "x", ("heads", "head_dim")),
        Lane("B", "B", ("groups", "state_dim")),
        Lane("C", "C", ("groups", "state_dim")),
        Lane("Δ", "step", ("heads",)),
        Lane("gate", "gate", ("heads", "head_dim")),
    ),
    rows=(
        *(
            Step(
                on=lane,
                words=scale(SCALED.get(lane, lane)),
                means="constants after the projection",
                facts=("projection_scales",),
                chip=True,
            )
            for lane in ("x", "B", "C", "Δ", "gate")
        ),
        Convolution("x B C"),
        Step(on="Δ", words="softplus", means="Δ = softplus(dt + bias)", facts=("heads",)),
    ),
    core=State(
        across="x B C Δ",
        states="heads",
        sizes=("head_dim", "state_dim"),
        axes=("channels", "state"),
        update="_S_ ← _e_^−AΔ^_ S_ + _Δ x B_^T^",
        reading="_y_ = _S C_ + _D x_",
        facts=("heads", "head_dim", "state_dim", "groups", "state_dtype"),
        remark=shared,
    ),
    after=(Gate(function=("gate", "activation")), Norm(note=normed)),
    broadest=130,
    foot=foot,
    symbols=(
        "_S_: the state of a head",
        "_x_: input",
        "_B_: where it is written",
        "_C_: where it is read",
        "_Δ_: length of the step",
        "_A_, _D_: learned",
    ),
)

MECHANISM = Mixer(
    kind="mamba2",
    names=Names("Mamba-2", proper=True),
    colour="linear",
    concepts=("mamba-2",),
    does="",
    tells="Keeps one *{head_dim} × {state_dim} state* for each of *{heads} heads*, whatever the length of the text. "
    "Each token decays it by *one factor per head* and adds its input.",
    numbers=(
        ("heads", "heads"),
        ("head_dim", "head size"),
        ("state_dim", "state size"),
        ("groups", "groups share B, C"),
        ("taps", "tokens convolved"),
    ),
    drawing=DRAWING,
    size="{heads} states of {head_dim} × {state_dim}",
    kept=state("heads", "head_dim", "state_dim"),  # a matrix a head
    work=passes(2, "heads", "head_dim", "state_dim"),  # write and read
    introduced=(),
    searched=(),
    against_attention=True,
    purposes=PURPOSES_IN_SPACE,
    legend=MAMBA,
    miniature={
        **dict.fromkeys(("n_groups", "mamba_n_groups", "mamba_ngroups"), 2),
        **dict.fromkeys(("mamba_num_heads", "mamba_n_heads", "n_mamba_heads"), 8),
        "mamba_head_dim": 12,
    },
)
