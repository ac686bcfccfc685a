"""A pass through a loop begins with what was before the loop: that is added to what the last pass gave.

Paper: https://arxiv.org/abs/2502.05171
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Names, inert


def concepts(block: Block) -> Iterator[str]:
    """A loop, where it isn't the first pass that begins."""
    if not block.settings.get("begins"):
        yield "looped-depth"


MECHANISM = inert(
    kind="loop_input",
    wired="looped",
    names=Names(
        "+ what was before the loop",
        label="input of the loop",
        within="what was before the loop, added before each pass",
        counted="Inputs of the loop",
    ),
    colour="norm",
    does="Each pass through the loop begins with what was before it, brought to length 1, added to what the last pass gave; "
    "the first pass begins with twice of it.",
    concepts=concepts,
    reads=("looped",),
    parts_streams=True,
)
