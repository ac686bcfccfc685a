"""Lightning attention: linear attention with a fixed decay a head.

Paper: https://arxiv.org/abs/2405.17381
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Names, callout
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.lane_drawing import Gate, Lane, LaneDrawing, Norm, Step
from llm_gallery.mechanisms.legend import FADING
from llm_gallery.mechanisms.matrix_state import (
    CONSTANT,
    OF_ONE_SIZE,
    SQUARE,
    mixer,
    symbols,
    tells,
)
from llm_gallery.mechanisms.written import positions


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their size, positions."""
    rows = [callout(block, "heads", "heads"), callout(block, "head_dim", "head size")]
    if "rotated" in block.facts and block.value("rotated") != block.value("head_dim"):
        rows.append(callout(block, "rotated", "of them rotated"))
    return rows + positions(block)


def rotated(block: Block) -> str:
    """How many numbers of a head are rotated, where it isn't all."""
    turned, size = block.value("rotated"), block.number("head_dim")
    return "" if turned in (None, size) else f"{turned} of {size}"


def normed(block: Block) -> str:
    """What the output's norm spans."""
    groups = block.number("norm_groups") if "norm_groups" in block.facts else 1
    inner = block.number("heads") * block.number("head_dim")
    return f"of each {inner // groups:,}" if groups > 1 else "all heads"


def note(block: Block) -> str:
    """What it keeps, and that it knows no positions where nothing rotates."""
    words = "a state, not a cache"
    return words if block.value("position") == "rope" else f"{words}, no positions"


DRAWING = LaneDrawing(
    lanes=(*OF_ONE_SIZE, Lane("gate", "gate", ("heads", "head_dim"))),
    rows=(
        Step(
            on="q k v",
            words=lambda block: (
                activation(str(block.value("activation"))) if "activation" in block.facts else ""
            ),
            facts=("activation",),
            size=11.5,
            broadest=96,
        ),
        Step(
            on="q k",
            words=lambda block: "RMSNorm" if "qk_norm" in block.facts else "",
            facts=("qk_norm",),
            colour="norm",
            beside="per head",
            size=11.5,
            broadest=96,
        ),
        Step(
            on="q k",
            words=lambda block: "RoPE" if block.value("position") == "rope" else "",
            note=rotated,
            facts=("position", "rotated"),
            colour="position",
            size=11.5,
            broadest=96,
        ),
    ),
    core=SQUARE.changed("q k v", "_S_ ← _λ S_ + _v k_^T^", reading="_o_ = _S q_", remark=CONSTANT),
    after=(Norm(note=normed), Gate(function=("gate",))),
    broadest=132,
    note=note,
    symbols=symbols("_λ_: how much of it stays"),
)

MECHANISM = mixer(
    SQUARE,
    "lightning_attention",
    Names(
        "Lightning attention",
        short="Lightning attention",
        label="Lightning",
        proper=True,
        counted="Lightning attention",
        spelled={"Lightning": "Lightning attention"},
    ),
    passed=2,  # write and read
    concepts=("lightning-attention",),
    tells=tells(
        SQUARE,
        "Each head decays it at a *fixed rate*; each token adds the product of its key and value.",
    ),
    numbers=numbers,
    legend=FADING,
    drawing=DRAWING,
    miniature={
        "lightning_head_dim": 16,
        **dict.fromkeys(("linear_head_dim", "linear_num_heads"), 8),
    },
)
