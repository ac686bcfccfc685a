"""Two states that take turns: what a run of layers gives becomes one of them, and the next run reads the sum of both.

Paper: https://arxiv.org/abs/2506.21734
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Names, inert


def title(block: Block) -> str:
    """Which state it renews."""
    return f"{block.value('state')} state, + the other"


MECHANISM = inert(
    kind="state_sum",
    wired="state_added",
    names=Names(title, label="sum of two states", within="a sum of two states", counted="States"),
    colour="norm",
    does="The stream becomes one of two states, and is the sum of both from there on: the low state is renewed after "
    "each run of its layers, the high one after several of them.",
    reads=("high", "low"),
    parts_streams=True,
)
