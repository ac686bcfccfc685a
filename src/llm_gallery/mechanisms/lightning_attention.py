"""Lightning attention: linear attention with a fixed decay a head.

Paper: https://arxiv.org/abs/2405.17381
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Mixer, Names, Quantity, callout
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.state import passes, state
from llm_gallery.mechanisms.written import positions


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their size, positions."""
    rows = [callout(block, "heads", "heads"), callout(block, "head_dim", "head size")]
    if "rotated" in block.facts and block.value("rotated") != block.value("head_dim"):
        rows.append(callout(block, "rotated", "of them rotated"))
    return rows + positions(block)


MECHANISM = Mixer(
    kind="lightning_attention",
    names=Names(
        "Lightning attention",
        short="Lightning",
        label="Lightning",
        spelled={"Lightning": "Lightning attention"},
    ),
    colour="linear",
    concepts=("lightning-attention",),
    does="",
    numbers=numbers,
    drawing=BY_CODE,
    size="{heads} states of {head_dim} × {head_dim}",
    quantity=Quantity("heads", squares=True, words="States, one a head"),
    kept=state("heads", "head_dim", "head_dim"),  # a square matrix a head
    work=passes(2, "heads", "head_dim", "head_dim"),  # write and read
    introduced=(),
    searched=(),
    against_attention=True,
)
