"""A block bound to its arrays: numbers by name, parts by role, whatever a checkpoint calls and packs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

import numpy as np

from llm_gallery.architecture.block import Block, Tensor, children, join
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.mechanisms.forward import module
from llm_gallery.mechanisms.forward._array import Array

OF_THE_MODEL = ("eps", "offset")
"""Settings of the whole that hold for each norm without its own."""


SHARDS = "tables"
"""The role of the tensors that a table is stored in."""


NUMBERED = "of_row"
"""The role of parts of which there is one for each table."""


class Numbers:
    """Facts and settings of a block as attributes, None where it states none; who was asked for is noted."""

    def __init__(self, block: Block, whole: Mapping[str, Any]) -> None:
        facts = {name: fact.value for name, fact in block.facts.items()}
        self._held = {**whole, **facts, **block.settings}
        self._asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self._asked.add(name)
        return self._held.get(name)

    def told(self, name: str, value: Any) -> None:
        """What the walk alone knows."""
        self._held[name] = value


class Held:
    """Parts by role and arrays by name as attributes, None where there is none; who was asked for is noted."""

    def __init__(self, held: Mapping[str, Any]) -> None:
        self._held = held
        self._asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self._asked.add(name)
        return self._held.get(name)


@dataclass(slots=True)
class Checkpoint:
    """Arrays under the checkpoint's names, and what holds for the whole model."""

    arrays: Mapping[str, Array]
    whole: Mapping[str, Any]
    bound: list[Part] = field(default_factory=list)

    def array(self, path: str, tensor: Tensor, leading: tuple[int, ...] = ()) -> Array:
        """The array of a tensor. Raises Refusal where it is missing or has another shape."""
        name = join(path, tensor.name)
        stored = name if name in self.arrays else tensor.tied_to or name
        if stored not in self.arrays:
            raise Refusal(f"{name} is missing in the weights; give every tensor of the model")
        array = self.arrays[stored]
        if array.shape != leading + tensor.shape:
            raise Refusal(
                f"{name} is {array.shape}, expected {leading + tensor.shape}; check the weights"
            )
        return array


class Part:
    """A block that can be called: what its kind's forward does, with its numbers and arrays."""

    def __init__(self, block: Block, path: str, checkpoint: Checkpoint) -> None:
        self.block, self.path = block, path
        self.b = Numbers(block, checkpoint.whole)
        self.w = Held({**_own(block, path, checkpoint), **_inside(block, path, checkpoint)})
        self.forward = module(block.kind).forward
        self.rows = 0  # vectors that it was given
        checkpoint.bound.append(self)

    def __call__(self, *given: Any) -> Any:
        self.rows += len(given[0])
        return self.forward(self.b, self.w, *given)


class Map:
    """A matrix (inputs, outputs) with or without a bias; several where it has a leading axis."""

    def __init__(self, weight: Array, bias: Array | None) -> None:
        self.weight, self.bias = weight, bias

    def __call__(self, x: Array) -> Array:
        y: Array = module("linear").forward(None, self, x)
        return y


class Shards(Sequence[Array]):
    """The tensors of a table, each read when it is asked for."""

    def __init__(self, tensors: Sequence[Tensor], path: str, checkpoint: Checkpoint) -> None:
        self.tensors, self.path, self.checkpoint = tensors, path, checkpoint

    def __len__(self) -> int:
        return len(self.tensors)

    def __getitem__(self, index: Any) -> Any:
        return self.checkpoint.array(self.path, self.tensors[index])


class Experts(Sequence[Part]):
    """The copies of an expert, each bound when it is asked for."""

    def __init__(self, block: Block, path: str, checkpoint: Checkpoint) -> None:
        self.block, self.path, self.checkpoint = block, path, checkpoint
        self.made: list[Part] = []

    def __len__(self) -> int:
        return self.block.copies

    def __getitem__(self, index: Any) -> Any:
        one = replace(self.block, copies=1, stacked=False)
        if not self.block.stacked:
            path = self.path if self.block.copies == 1 else f"{self.path}.{index}"
            self.made.append(Part(one, path, self.checkpoint))
            return self.made[-1]
        leading = (self.block.copies,)
        arrays = {
            t.role: self.checkpoint.array(self.path, t, leading)[index] for t in self.block.tensors
        }
        made = Part(replace(one, tensors=()), self.path, self.checkpoint)
        made.w = Held(dict(_maps_of_stack(self.block, arrays)))
        self.made.append(made)
        return made


def _own(block: Block, path: str, checkpoint: Checkpoint) -> dict[str, Any]:
    shards = [t for t in block.tensors if t.role == SHARDS]
    arrays: dict[str, Any] = {
        t.role or t.name: checkpoint.array(path, t) for t in block.tensors if t.role != SHARDS
    }
    if shards:
        arrays[SHARDS] = Shards(shards, path, checkpoint)
    if block.kind in ("linear", "router", "shared_gate") and "weight" in arrays:
        arrays["weight"] = _oriented(block, arrays["weight"])
    return arrays


def _inside(block: Block, path: str, checkpoint: Checkpoint) -> dict[str, Any]:
    held: dict[str, Any] = {}
    mlps = ["experts", "shared"] if block.kind == "moe" else []
    for below, part in children(path, block):
        if part.kind == "mlp" and mlps:
            name = mlps.pop(0)
            made = Experts if name == "experts" or part.stacked else Part
            held[name] = made(part, below, checkpoint)
        elif part.kind == "group" and part.roles:
            held[part.roles[0]] = _side_by_side(
                part.inside[0], join(below, part.inside[0].name), checkpoint
            )
        elif part.roles == (NUMBERED,):
            held.setdefault(NUMBERED, []).append(Part(part, below, checkpoint))
        elif len(part.roles) > 1:
            held.update(_shares(part, Part(part, below, checkpoint)))
        else:
            held[next(iter(part.roles), part.kind)] = Part(part, below, checkpoint)
    return held


def _side_by_side(block: Block, path: str, checkpoint: Checkpoint) -> Part:
    """A norm for each head as one, whose scale is (heads, channels)."""
    each = Experts(block, path, checkpoint)
    made: Part = each[0]
    scales = [each[index].w.weight for index in range(len(each))]
    made.w = Held({"weight": np.stack(scales)})
    return made


def _oriented(block: Block, weight: Array) -> Array:
    """As (inputs, outputs)."""
    return weight if block.settings.get("transposed") else np.swapaxes(weight, -1, -2)


def _shares(block: Block, whole: Part) -> Iterator[tuple[str, Map]]:
    """The part of each role of one that stores several."""
    weights = _columns(block, block.roles, whole.w.weight)
    bias = whole.w.bias
    biases: Sequence[Array | None] = [None] * len(weights)
    if bias is not None:
        biases = _columns(block, block.roles, bias)
    for role, weight, shift in zip(block.roles, weights, biases, strict=True):
        yield role, Map(weight, shift)


def _maps_of_stack(block: Block, arrays: Mapping[str, Array]) -> Iterator[tuple[str, Map]]:
    """The matrices of one expert of a stack."""
    for name, stored in arrays.items():
        if name.endswith("bias"):
            continue
        roles, bias = name.split(), arrays.get(f"{name} bias")
        weights = _columns(block, roles, _oriented(block, stored))
        biases: Sequence[Array | None] = [None] * len(roles)
        if bias is not None:
            biases = _columns(block, roles, bias)
        for role, weight, shift in zip(roles, weights, biases, strict=True):
            yield role, Map(weight, shift)


def _columns(block: Block, roles: Sequence[str], packed: Array) -> list[Array]:
    """The columns of each role: `groups` times over, so many of the first, so many of the second."""
    if len(roles) == 1:
        return [packed]
    rows = block.settings.get("rows")
    if rows is None:
        raise Refusal(
            f"can't run yet: {block.name} stores {', '.join(roles)}, and nothing says which rows are whose"
        )
    groups = packed.reshape(*packed.shape[:-1], block.settings.get("groups", 1), sum(rows))
    ends = [*accumulate(rows)]
    shares = (groups[..., end - count : end] for count, end in zip(rows, ends, strict=True))
    return [share.reshape(*packed.shape[:-1], -1) for share in shares]
