"""How a model's parts are called as groups of a file: by what they do, which holds for any mechanism."""

from __future__ import annotations

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block


def part_name(block: Block) -> str:
    """A part of a layer by what it does: attention, state, mixer, experts, mlp, norm or part."""
    if block.mixes_tokens:
        return "attention" if block.attends else "state" if block.recurs else "mixer"
    if block.on_channels:
        return "experts" if block.is_mixture else "mlp"
    return "norm" if block.is_norm else "part"


def kinds(block: Block) -> str:
    """The classes of a block: that, and its mechanism's colour."""
    return f"block {part_name(block)} {mechanisms.colour_of(block)}"
