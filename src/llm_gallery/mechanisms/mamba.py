"""Mamba: a state space a channel, whose step, input and output depend on the token.

Paper: https://arxiv.org/abs/2312.00752
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Mixer, Names
from llm_gallery.mechanisms.lane_drawing import (
    NORM_TYPE,
    Branch,
    Convolution,
    Gate,
    Lane,
    LaneDrawing,
    State,
    Step,
)
from llm_gallery.mechanisms.legend import MAMBA
from llm_gallery.mechanisms.state import PURPOSES_IN_SPACE, passes, state
from llm_gallery.mechanisms.wording import Held, Said, some


def tells(held: Held) -> Iterator[Said]:
    """What is kept, who decides of it, and who else reads it."""
    states, channels = (
        some(block.number(fact) for block, _ in held) for fact in ("state_dim", "inner")
    )
    yield (
        "",
        f"Keeps a state of *{states} numbers* for each of *{channels} channels*, whatever the length of the text. "
        "Step size Δ, B and C depend on the token (*selective*).",
    )
    if all(normed(block) for block, _ in held):
        yield "", "*RMSNorm* is applied to B, C and Δ."
    if any(block.value("lends_memory") for block, _ in held):
        yield (
            "gated-memory",
            "*Later layers* gate the output of its *last layer* anew and keep no state.",
        )


def normed(block: Block) -> str:
    """Falcon Mamba and Jamba norm what the token chooses."""
    return "" if block.part("B_norm") is None else "RMSNorm"


def foot(block: Block) -> str:
    """What the lanes don't say: a bias, and heads that choose for their share of the channels alone."""
    heads = "each head its own B, C, Δ" if block.value("heads", 1) != 1 else ""
    if "step_heads" in block.facts:
        heads = "each head one A, one D"
    return ", ".join(filter(None, ("with bias" if block.value("bias") else "", heads)))


def steps(block: Block) -> int:
    """Steps that a token chooses: one for each channel, or one that a head's share."""
    return block.number("step_heads" if "step_heads" in block.facts else "inner")


DRAWING = LaneDrawing(
    lanes=(
        Lane("x", "x", ("inner",)),
        Lane("B", "B", ("state_dim",)),
        Lane("C", "C", ("state_dim",)),
        Lane("Δ", "step", steps, rank="step_rank", rank_norm="step_norm"),
        Lane("gate", "gate", ("inner",)),
    ),
    rows=(
        Convolution("x", until="C", broadest=260),
        Branch("x", to="B C Δ"),  # what the convolved token chooses about its writing and reading
        Step("B C", normed, narrow="norm", colour="norm", part="norm", size=NORM_TYPE),
        Step(on="Δ", words="softplus", means="Δ = softplus(dt + bias)", facts=("step_rank",)),
    ),
    core=State(
        across="x B C Δ",
        sizes=("inner", "state_dim"),
        axes=("channels", "state"),
        update="_S_ ← _e_^−AΔ^_ S_ + _Δ x B_^T^",
        reading="_y_ = _S C_ + _D x_",
        facts=("inner", "state_dim", "state_dtype"),
    ),
    after=(Gate(function=("activation",)),),
    broadest=150,
    foot=foot,
    symbols=(
        "_S_: the state",
        "_x_: input",
        "_B_: where it is written",
        "_C_: where it is read",
        "_Δ_: length of the step",
        "_A_, _D_: learned",
    ),
)

MECHANISM = Mixer(
    kind="mamba",
    names=Names("Mamba", proper=True),
    colour="linear",
    concepts=("mamba",),
    does="",
    tells=tells,
    numbers=(
        ("inner", "channels"),
        ("state_dim", "state size"),
        ("heads", "heads"),
        ("step_heads", "steps"),
        ("step_rank", "step rank"),
        ("taps", "tokens convolved"),
    ),
    drawing=DRAWING,
    size="{inner} × {state_dim} numbers",
    kept=state("inner", "state_dim"),  # a vector a channel
    work=passes(2, "inner", "state_dim"),  # write and read
    introduced=(),
    searched=(),
    against_attention=False,
    purposes=PURPOSES_IN_SPACE,
    legend=MAMBA,
    miniature={
        **dict.fromkeys(("ssm_state_size", "mamba_d_state", "state_size"), 8),
        "time_step_rank": 5,
        "expand": 2,
    },
)
