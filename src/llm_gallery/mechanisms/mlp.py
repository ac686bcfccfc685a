"""The MLP: two matrices with an activation between them, or three with a gate.

Paper: https://arxiv.org/abs/2002.05202
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import (
    Callout,
    Mixer,
    Names,
    Quantity,
    callout,
    keeps_nothing,
)
from llm_gallery.mechanisms.activation import mlp_concept
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.written import activation


def label(block: Block) -> str:
    """Gated or not."""
    return "gated MLP" if block.value("gated") else "MLP"


def title(block: Block) -> str:
    """The same on its block."""
    return "Gated MLP" if block.value("gated") else "MLP"


def concepts(block: Block) -> Iterator[str]:
    """That of its activation, whether it gates or not."""
    if (known := mlp_concept(block)) is not None:
        yield known


def numbers(block: Block, width: int | None) -> list[Callout]:
    """Its inner width, also as a multiple of the stream's, and the activation."""
    rows = [callout(block, "inner", "inner width")]
    if width:
        multiple = f"{block.number('inner') / width:.1f} ×".replace(".0 ×", " ×")
        rows.append((multiple, "model width", ("inner",)))
    role = "gate" if block.value("gated") else "activation"
    return [*rows, (activation(block), role, ("activation",))]


def size(block: Block) -> str:
    """Its inner width and its activation."""
    return f"{block.number('inner'):,} inner width, {activation(block)}"


def work(block: Block, position: int) -> int:
    """Experts kept in tensors of their own: a matrix is what has two dimensions. Other matrices are parts."""
    return sum(tensor.elements for tensor in block.tensors if len(tensor.shape) == 2)


MECHANISM = Mixer(
    kind="mlp",
    names=Names(
        title,
        short="dense",
        label=label,
        layer="Dense",
        compared="MLP",
        spelled={"MLP": "a dense MLP"},
    ),
    colour="mlp",
    concepts=concepts,
    does="Two matrices with a function between them, or three with a gate: works on each token alone.",
    numbers=numbers,
    drawing=BY_CODE,
    size=size,
    quantity=Quantity("inner", squares=False),
    kept=keeps_nothing,
    work=work,
    introduced=(),
    searched=("inner",),
    against_attention=False,
)
