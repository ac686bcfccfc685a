"""Linear maps, and learned numbers that are no map."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Mechanism, Names, inert, keeps_nothing
from llm_gallery.mechanisms.shapes import of_matrix

OF_LOW_RANK = {"latent_down": "down to the rank", "latent_up": "up again"}
"""What both matrices of a map of low rank are for."""


def matrix(block: Block, position: int) -> int:
    """Each weight once."""
    inputs, outputs = block.number("inputs"), block.number("outputs")
    rank = block.number("adapter_rank") if "adapter_rank" in block.facts else 0
    return inputs * outputs + rank * (inputs + outputs)


def counted(block: Block) -> str:
    """Among the parameters: alone in its branch, behind a layer's block, or between a table and a stream of another width."""
    if "replacement" in block.roles:
        return "Linear maps"
    return "Output projections" if "output" in block.roles else "Embedding projections"


MECHANISMS = (
    Mechanism(
        # outside all parts: between a table and a stream of another width
        kind="linear",
        names=Names("linear", label="weight matrix", counted=counted),
        colour="embedding",
        concepts=(),
        does="A matrix: each number that leaves is a weighted sum of all that enter.",
        kept=keeps_nothing,
        work=matrix,
        formula=lambda block: (f"_y_ = _W x_{' + _b_' if block.value('bias') else ''}",),
        shapes=of_matrix,
    ),
    inert(
        kind="tensors",
        names=Names("tensors"),
        colour="norm",
        does="Learned numbers that no matrix holds: scales, shifts, biases.",
    ),
)
