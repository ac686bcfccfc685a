"""Every described tensor by its name, with the part of the model that it belongs to: equal layers are gone through once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from llm_gallery.architecture.block import Block, children, join, stored_shape
from llm_gallery.mechanisms import counted_as, names

NOT_RUN = "Not run by a text"
DRAFTS = "Multi-token prediction"
OTHER_MODALITIES = "Other modalities"


class DescribedTensor(NamedTuple):
    """A tensor as the architecture has it."""

    shape: tuple[int, ...]
    part: str  # the name under which readers know it
    tied_to: str | None = None


class _Below(NamedTuple):
    path: str  # from the block that it is below
    stored_as: str | None
    held: DescribedTensor


def described(root: Block) -> dict[str, DescribedTensor]:
    """The tensors of a whole model, in order."""
    found: dict[str, DescribedTensor] = {}
    for below in _below(root, "", {}):
        found.setdefault(below.stored_as or join(root.name, below.path), below.held)
    return found


def _below(block: Block, part: str, known: dict[tuple[int, str], list[_Below]]) -> list[_Below]:
    """What a block stores and what its parts do, by paths from the block."""
    if (id(block), part) not in known:
        below = [*_of_copy(block, part, known)]
        if block.copies > 1 and not block.stacked:
            below = [
                held._replace(path=f"{copy}.{held.path}")
                for copy in range(block.copies)
                for held in below
            ]
        known[id(block), part] = below
    return known[id(block), part]


def _of_copy(
    block: Block, part: str, known: dict[tuple[int, str], list[_Below]]
) -> Iterator[_Below]:
    named = part or _apart(block)
    own = named or counted_as(block)
    for tensor in block.tensors:
        if not tensor.run_before:
            held = DescribedTensor(stored_shape(block, tensor), own, tensor.tied_to)
            yield _Below(tensor.name, tensor.stored_as, held)
    divided = names(block).inside is not None
    for path, inside in children("", block):
        label = named
        if not named and not block.joins:
            label = counted_as(block, inside) if divided else own
        prefix = path.removeprefix(".")
        for below in _below(inside, label, known):
            yield below._replace(path=join(prefix, below.path))


def _apart(block: Block) -> str:
    """What all parts of a block are counted as that isn't run for a text, or stands apart."""
    if block.stands_apart:
        return DRAFTS if block.drafts else OTHER_MODALITIES
    unrun = block.joins and not block.used and not any(part.is_residual for part in block.inside)
    return NOT_RUN if unrun else ""
