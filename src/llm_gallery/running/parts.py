"""A block bound to its arrays: numbers by name, parts by role, whatever a checkpoint calls and packs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from llm_gallery.architecture.block import Block, Tensor, stored_shape
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.mechanisms.forward import module
from llm_gallery.mechanisms.forward._array import Array
from llm_gallery.running import binding
from llm_gallery.running.binding import Abreast, Bound, Copies, Cut, Inner, Sharded, Share, Stack


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
    latents: dict[str, Latent] = field(default_factory=dict)  # of adapters that several roles share

    def array(self, path: str, tensor: Tensor) -> Array:
        """The array of a tensor. Raises Refusal where it is missing or has another shape."""
        name = tensor.full_name(path)
        stored = name if name in self.arrays else tensor.tied_to or name
        if stored not in self.arrays:
            raise Refusal(f"{name} is missing in the weights; give every tensor of the model")
        array = self.arrays[stored]
        if array.shape != tensor.shape:
            raise Refusal(f"{name} is {array.shape}, expected {tensor.shape}; check the weights")
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
        self.rows += len(given[0]) if given else 0
        return self.forward(self.b, self.w, *given)


class Map:
    """A matrix (inputs, outputs) with or without a bias; several where it has a leading axis."""

    adapter_down = None

    def __init__(self, weight: Array, bias: Array | None) -> None:
        self.weight, self.bias = weight, bias

    def __call__(self, x: Array) -> Array:
        y: Array = module("linear").forward(None, self, x)
        return y


class Latent:
    """The first half of an adapter, of which several roles read what it gives: done once for each input."""

    def __init__(self, down: Array) -> None:
        self.down = down
        self.last: tuple[Array, Array] | None = None

    def __call__(self, x: Array) -> Array:
        if self.last is None or self.last[0] is not x:
            self.last = x, x @ self.down
        return self.last[1]


class Adapted(Map):
    """The same with an adapter beside it."""

    def __init__(self, weight: Array, bias: Array | None, latent: Latent, up: Array) -> None:
        super().__init__(weight, bias)
        self.latent, self.up = latent, up

    def __call__(self, x: Array) -> Array:
        y: Array = super().__call__(x) + self.latent(x) @ self.up
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

    def __init__(self, block: Block, path: str, checkpoint: Checkpoint, joint: str = ".") -> None:
        self.block, self.path, self.checkpoint, self.joint = block, path, checkpoint, joint
        self.made: list[Part] = []

    def __len__(self) -> int:
        return self.block.copies

    def __getitem__(self, index: Any) -> Any:
        one = replace(self.block, copies=1, stacked=False)
        if not self.block.stacked:
            path = self.path if self.block.copies == 1 else f"{self.path}{self.joint}{index}"
            self.made.append(Part(one, path, self.checkpoint))
            return self.made[-1]
        made = Part(replace(one, tensors=()), self.path, self.checkpoint)
        made.w = Held(dict(self._maps(index)))
        self.made.append(made)
        return made

    def _maps(self, index: int) -> Iterator[tuple[str, Map | Array]]:
        """The matrices of one copy of a stack, and its own arrays."""
        block = self.block
        for role, tensor in binding.own_of_a_copy(block):
            yield role, self._array(tensor, index)
        for role, weight, bias, cut in binding.of_a_copy(block):
            matrix = _oriented(self._array(weight, index), binding.turned(block, role))
            shift = None if bias is None else self._array(bias, index)
            yield role, Map(_share(matrix, cut), _share(shift, cut))

    def _array(self, tensor: Tensor, index: int) -> Array:
        whole = tensor._replace(shape=stored_shape(self.block, tensor))
        stack = self.checkpoint.array(self.path, whole)
        part: Array = stack.reshape(self.block.copies, *tensor.shape)[index]
        return part


def _own(block: Block, path: str, checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        role: _oriented(checkpoint.array(path, tensor), turned)
        for role, tensor, turned in binding.own(block)
    }


def _inside(block: Block, path: str, checkpoint: Checkpoint) -> dict[str, Any]:
    return {role: _called(bound, checkpoint) for role, bound in binding.inside(path, block)}


def _called(bound: Bound, checkpoint: Checkpoint) -> Any:
    """What a role stands for."""
    match bound:
        case Inner(path, block):
            return Part(block, path, checkpoint)
        case Copies(path, block, joint):
            return Experts(block, path, checkpoint, joint)
        case Sharded(path, block):
            return Shards(binding.tables(block), path, checkpoint)
        case Stack(path, block):
            stored = block.tensors[0]._replace(shape=stored_shape(block, block.tensors[0]))
            return checkpoint.array(path, stored)
        case Abreast(path, block):
            return _abreast(block, path, checkpoint)
        case Share(path, block, cut):
            whole = Part(block, path, checkpoint).w
            weight, bias = _share(whole.weight, cut), _share(whole.bias, cut)
            if whole.adapter_down is None:
                return Map(weight, bias)
            latent = checkpoint.latents.setdefault(path, Latent(whole.adapter_down))
            return Adapted(weight, bias, latent, _share(whole.adapter_up, cut))


def _abreast(block: Block, path: str, checkpoint: Checkpoint) -> Part:
    """A norm for each head as one, whose scale is (heads, channels)."""
    each = Experts(block, path, checkpoint)
    made: Part = each[0]
    scales = [each[index].w.weight for index in range(len(each))]
    made.w = Held({"weight": np.stack(scales)})
    return made


def _oriented(stored: Array, turned: bool) -> Array:
    """A matrix as (inputs, outputs), whichever way it is stored."""
    return np.swapaxes(stored, -1, -2) if turned else stored


def _share(packed: Array | None, cut: Cut | None) -> Any:
    """The columns of one role."""
    if packed is None or cut is None:
        return packed
    groups = packed.reshape(*packed.shape[:-1], cut.groups, cut.every)
    return groups[..., cut.first : cut.last].reshape(*packed.shape[:-1], -1)
