"""Which arrays and parts of a block have which role: what runs a model and what prints it both go by this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from string import digits
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Architecture, Block, Tensor, children, join
from llm_gallery.architecture.refusal import Refusal

A_MATRIX = {"inputs", "outputs"}
"""Facts of a block whose weight is a matrix: stored as (outputs, inputs), unless it says that it is transposed."""
OF_THE_MODEL = ("eps", "offset")
"""Settings of the whole that hold for each norm without its own."""
KEYS, CHOICE = "keys and values", "chosen tokens"
"""What layers lend each other."""
CHOOSING = "index_"
"""Before the names of what an indexer keeps for itself: `OWN` of `forward/indexer.py`, known without numpy."""
TABLES = "tables"
"""The role of the tensors that a table is stored in."""
MAPS = ("weight", "adapter_down", "adapter_up")
"""Roles of a matrix's tensors that are matrices."""
NUMBERED = ("of_row", "spread", "gathered")
"""Roles of parts of which there is one for each table, or stream: their names end with a number."""


class Inner(NamedTuple):
    """A part that can be called."""

    path: str
    block: Block


class Copies(NamedTuple):
    """Copies of a part, of which one is called at a time; its number follows the path, after a dot or at once."""

    path: str
    block: Block
    joint: str = "."


class Sharded(NamedTuple):
    """A table that a part stores in several tensors, of which one is read at a time."""

    path: str
    block: Block


class Stack(NamedTuple):
    """A matrix of each expert, in one tensor: (experts, outputs, inputs)."""

    path: str
    block: Block


class Abreast(NamedTuple):
    """A norm for each head, called as one whose scale is (heads, channels)."""

    path: str
    block: Block


class Share(NamedTuple):
    """A matrix, and its bias, that a part stores together with those of other roles."""

    path: str
    block: Block
    cut: Cut


class Cut(NamedTuple):
    """The outputs of one role among those that are stored together: in each group from one to another of so many."""

    first: int
    last: int
    every: int
    groups: int


Bound = Inner | Copies | Sharded | Stack | Abreast | Share


def of_the_model(root: Block) -> dict[str, Any]:
    """What holds for each part that says nothing else."""
    return {word: root.settings[word] for word in OF_THE_MODEL if word in root.settings}


def borrowed(architecture: Architecture) -> dict[str, str]:
    """The path of each mixer that reads another's keys and values, and the path of that other."""
    return {link.target: link.source for link in architecture.links if link.flow == KEYS}


def takes_values(block: Block) -> bool:
    """Whether a mixer takes a share of the first layer's values."""
    return bool(block.value("value_rank"))


def own_arrays(block: Block) -> Iterator[tuple[str, Tensor, bool]]:
    """The arrays of a block by role, and whether one is transposed to map (inputs, outputs)."""
    for tensor in (one for one in block.tensors if one.role != TABLES):
        role = tensor.role or tensor.name
        yield role, tensor, block.facts.keys() >= A_MATRIX and role in MAPS and outputs_first(block)


def outputs_first(block: Block, role: str = "") -> bool:
    """Whether the matrices of a block, or that of a role, are stored as (outputs, inputs)."""
    first = role in block.settings.get("inputs_first", ())
    return not (first or block.settings.get("transposed"))


def tables(block: Block) -> list[Tensor]:
    """The tensors of a table, each of a name with its number."""
    return [tensor for tensor in block.tensors if tensor.role == TABLES]


def inside(path: str, block: Block) -> Iterator[tuple[str, Bound]]:
    """The parts of a block by role; its own kind is the role of a part that has no other."""
    if tables(block):
        yield TABLES, Sharded(path, block)
    mlps = ["experts", "shared"] if block.is_mixture else []
    for role in NUMBERED:
        found = [(below, part) for below, part in children(path, block) if part.roles == (role,)]
        if found:
            yield role, _numbered(found)
    for below, part in children(path, block):
        if part.roles and part.roles[0] in NUMBERED:
            continue
        if part.is_mlp and mlps:
            role = mlps.pop(0)
            several = role == "experts" or part.stacked
            yield role, (Copies if several else Inner)(below, part)
        elif part.kind == "group" and part.roles:
            norm = part.inside[0]
            yield part.roles[0], Abreast(join(below, norm.name), norm)
        elif part.stacked and part.kind == "linear":
            yield part.roles[0], Stack(below, part)
        elif part.copies > 1 and not part.stacked:
            yield part.roles[0], Copies(below, part)
        elif len(part.roles) > 1:
            yield from ((role, Share(below, part, cut)) for role, cut in cuts(part, part.roles))
        else:
            yield next(iter(part.roles), part.kind), Inner(below, part)


def _numbered(parts: Sequence[tuple[str, Block]]) -> Copies:
    """Parts that differ in the number at the end of their names."""
    path, first = parts[0]
    if len(parts) == 1:
        return Copies(path, first)
    stem = path.rstrip(digits)
    name = stem.removesuffix(".")
    return Copies(name, replace(first, copies=len(parts)), stem.removeprefix(name))


def own_of_a_copy(block: Block) -> Iterator[tuple[str, Tensor]]:
    """The arrays of one of several copies in a stack that are no matrices, nor their biases."""
    for tensor in block.tensors:
        if len(tensor.shape) < 2 and not tensor.role.endswith(" bias"):
            yield tensor.role, tensor


def of_a_copy(block: Block) -> Iterator[tuple[str, Tensor, Tensor | None, Cut | None]]:
    """The matrices of one of several copies in a stack: role, weight, bias, and which outputs are its own."""
    stored: Mapping[str, Tensor] = {tensor.role: tensor for tensor in block.tensors}
    for name, weight in stored.items():
        if len(weight.shape) < 2:
            continue
        roles, bias = name.split(), stored.get(f"{name} bias")
        if len(roles) == 1:
            yield name, weight, bias, None
        else:
            yield from ((role, weight, bias, cut) for role, cut in cuts(block, roles))


def cuts(block: Block, roles: Sequence[str]) -> Iterator[tuple[str, Cut]]:
    """What of the outputs that a block stores together is each role's. Raises Refusal where nothing says it."""
    rows = block.settings.get("rows")
    if rows is None:
        raise Refusal(
            f"can't run yet: {block.name} stores {', '.join(roles)}, and nothing says which rows are whose"
        )
    ends, groups = [*accumulate(rows)], block.settings.get("groups", 1)
    for role, count, end in zip(roles, rows, ends, strict=True):
        yield role, Cut(end - count, end, ends[-1], groups)
