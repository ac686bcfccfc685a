"""An architecture as a tree of blocks in the order data flows: the one thing that all other rooms read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any, NamedTuple

from llm_gallery.architecture.fact import Fact, Value
from llm_gallery.architecture.kinds import kinds_named
from llm_gallery.architecture.mistake import expect_names
from llm_gallery.architecture.of_kind import OfKind
from llm_gallery.architecture.refusal import counted
from llm_gallery.architecture.roles import roles


class Tensor(NamedTuple):
    """One stored tensor: `shape` as the checkpoint has it, without the expert axis of a stack."""

    name: str
    shape: tuple[int, ...]
    tied_to: str | None = None  # full name of the tensor whose storage this one shares
    role: str = ""
    """What a run calls it: "weight", "bias", "sinks", "correction"; the figures know it by its part."""
    stored_as: str | None = None  # its full name, where that isn't the path that it stands at
    counted_in: str = ""
    """Of those that `tensors` yields: "total", "multi_token_prediction" or "other_modalities"; empty where it is tied."""

    def __eq__(self, other: object) -> bool:
        """Layers that share a storage, or store what is theirs elsewhere, compute alike: where doesn't count."""
        return isinstance(other, Tensor) and self._compared == other._compared

    def __hash__(self) -> int:
        return hash(self._compared)

    @property
    def _compared(self) -> tuple[str, tuple[int, ...], str]:
        return self.name, self.shape, self.role

    def full_name(self, path: str) -> str:
        """What a checkpoint calls it, of the block at a path."""
        return self.stored_as or join(path, self.name)

    @property
    def run_before(self) -> bool:
        """Whether it is the very one of an earlier block, which runs again: a checkpoint names it once."""
        return self.stored_as is not None and self.stored_as == self.tied_to

    @property
    def elements(self) -> int:
        """Numbers in the tensor."""
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class Block(OfKind):
    """A part of a model: what it is, what it stores, and the parts inside it in order of computation."""

    kind: str
    name: str = ""  # path segment in the checkpoint; wiring blocks have none
    facts: Mapping[str, Fact] = field(default_factory=dict)
    tensors: tuple[Tensor, ...] = ()
    inside: tuple[Block, ...] = ()
    copies: int = 1  # experts: how many are stored ...
    used: int = 1  # ... how many run for one token ...
    stacked: bool = False  # ... and whether they share one tensor with a leading expert axis
    table: int = 0  # elements of a table of which one token reads some rows ...
    read: int = 0  # ... and elements of those rows
    roles: tuple[str, ...] = ()  # of what it stores, in that order; see `architecture/roles.py`
    settings: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What a run needs beside the facts, and nobody compares: a norm's epsilon, whose rows are whose."""
    answers: dict[object, object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was worked out of it already, by question: no part of the tree; see `architecture/once.py`."""

    def __repr__(self) -> str:
        name = f" {self.name}" if self.name else ""
        return f"<Block {self.kind}{name}: {counted(len(self.inside), 'part')} inside>"

    @property
    def is_run(self) -> bool:
        """Whether a text runs through it: it isn't stored beside the language model, nor for what no text holds."""
        return bool(self.used) and not self.stands_apart

    def value(self, name: str, default: Value = None) -> Value:
        """The value of a fact, or the default where the block doesn't have it."""
        held = self.facts.get(name)
        return default if held is None else held.value

    def number(self, name: str) -> int:
        """The value of a fact that must be an integer. Raises Mistake where it isn't stated, and TypeError where it isn't one."""
        try:
            value = self.facts[name].value
        except KeyError:
            expect_names([name], self.facts, f"a fact of {self.kind}", "a fact that it states")
            raise
        if not isinstance(value, int):
            raise TypeError(f"{self.kind}.{name} is {value!r}, not an integer")
        return value

    def lacking(self, *names: str) -> Block:
        """The same block without some facts."""
        facts = {name: fact for name, fact in self.facts.items() if name not in names}
        return replace(self, facts=facts)

    def child(self, kind: str) -> Block | None:
        """The first direct part of that kind."""
        return next((block for block in self.inside if block.kind == kind), None)

    def part(self, *held: str) -> Block | None:
        """The first direct part that holds a role, or all of several. Raises Mistake for what is no role."""
        asked = set(roles(held))
        return next((block for block in self.inside if asked.issubset(block.roles)), None)


class Link(NamedTuple):
    """What a tree can't express: something flows from the block at one path to the block at another."""

    source: str
    target: str
    flow: str


@dataclass(frozen=True, slots=True)
class Architecture:
    """A described model: its tree, the links beside it, and what reading its config left open."""

    model_type: str
    root: Block
    links: tuple[Link, ...] = ()
    unread: tuple[str, ...] = ()  # keys of the config that nobody read
    assumed: tuple[str, ...] = ()  # keys that the config leaves out and the reference fills in
    warnings: tuple[str, ...] = ()
    guess: str = ""  # the family that stands in for one that isn't known; empty where none has to
    uncounted: tuple[str, ...] = ()  # parts that the config states and nothing here describes

    def __repr__(self) -> str:
        return f"<Architecture {self.model_type}: {counted(len(layers(self.root)), 'layer')}>"

    @property
    def canvas(self) -> bool:
        """Whether the model denoises many tokens at once; the tree is of how it reads a text."""
        return "canvas" in self.root.facts

    def has(self, kind: str) -> bool | None:
        """Whether the model has a part of that kind for another modality; None where its description doesn't say."""
        if any(block.kind == kind for block in self.root.inside):
            return True
        return False if all(map(kinds_named, self.uncounted)) else None

    @property
    def caveat(self) -> str:
        """What stands behind its name, so that no number is read as more than it is."""
        if self.guess:
            return " (a guess)"
        if not self.uncounted:
            return ""
        some = any(block.other_modality and block.inside for block in self.root.inside)
        return " (not all parts)" if some else " (language model only)"


def join(path: str, name: str) -> str:
    """A checkpoint path with one segment more; wiring blocks, which have no name, add none."""
    return f"{path}.{name}" if path and name else path or name


def children(path: str, block: Block) -> Iterator[tuple[str, Block]]:
    """The direct parts with their paths; a stack numbers its layers."""
    if block.is_stack:
        for index, layer in enumerate(block.inside):
            yield f"{path}.{index}", layer
    else:
        for part in block.inside:
            yield join(path, part.name), part


def walk(block: Block, path: str = "") -> Iterator[tuple[str, Block]]:
    """Every block with its path, in order of computation; the copies of an expert once."""
    # No recursion: a block would be passed up through a generator for each level above it.
    todo = [(path or block.name, block)]
    while todo:
        here = todo.pop()
        yield here
        if here[1].inside:
            todo += reversed([*children(*here)])


def distinct(block: Block) -> Iterator[Block]:
    """Every block in that order without its path, and once: equal layers are one object in most families."""
    seen: set[int] = set()
    todo = [block]
    while todo:
        here = todo.pop()
        if id(here) not in seen:
            seen.add(id(here))
            yield here
            todo += reversed(here.inside)


def tensors(block: Block, path: str = "", counted_in: str = "total") -> Iterator[Tensor]:
    """Every tensor under its full name, as the checkpoint stores it, with the number of the facts that counts it.

    Experts are stored one by one or stacked.
    """
    path, counted_in = path or block.name, _counted_in(block, counted_in)
    if block.copies > 1 and not block.stacked:
        paths = [f"{path}.{copy}" for copy in range(block.copies)]
    else:
        paths = [path]
    for path in paths:
        yield from _stored_in(block, path, counted_in)
        for below, part in children(path, block):
            yield from tensors(part, below, counted_in)


def copied_tensors(
    block: Block, path: str = "", counted_in: str = "total", copies: int = 1
) -> Iterator[tuple[Tensor, int]]:
    """The same, each with its copies: of experts that are stored one by one the first stands for all."""
    path, counted_in = path or block.name, _counted_in(block, counted_in)
    if block.copies > 1 and not block.stacked:
        path, copies = f"{path}.0", copies * block.copies
    yield from ((tensor, copies) for tensor in _stored_in(block, path, counted_in))
    for below, part in children(path, block):
        yield from copied_tensors(part, below, counted_in, copies)


def _counted_in(block: Block, counted_in: str) -> str:
    """The number of the facts that counts a block's tensors, inside of one that has that number."""
    if not block.stands_apart:
        return counted_in
    return "multi_token_prediction" if block.drafts else "other_modalities"


def stored_shape(block: Block, tensor: Tensor) -> tuple[int, ...]:
    """The shape in which a block stores one of its tensors: of stacked experts all, in one more axis or as more rows."""
    if not block.stacked:
        return tensor.shape
    if block.settings.get("flat"):
        return (block.copies * tensor.shape[0], *tensor.shape[1:])
    return (block.copies, *tensor.shape)


def _stored_in(block: Block, path: str, counted_in: str) -> Iterator[Tensor]:
    """A block's own tensors, without those of its parts."""
    for tensor in (one for one in block.tensors if not one.run_before):
        name, shape = tensor.full_name(path), stored_shape(block, tensor)
        counted = "" if tensor.tied_to else counted_in
        yield Tensor(name, shape, tensor.tied_to, tensor.role, counted_in=counted)


def model_parts(root: Block, path: str = "") -> Iterator[tuple[str, Block]]:
    """The parts of a whole model with their paths, in order: ends, stack, what stands apart; groups opened."""
    for below, part in children(path or root.name, root):
        if part.is_group:
            yield from model_parts(part, below)
        else:
            yield below, part


def main_stack(root: Block) -> Block | None:
    """The stack of the language model's layers, and what it states about the residual stream."""
    return next((block for block in distinct(root) if block.is_stack), None)


def stack_path(root: Block) -> str:
    """The path of that stack; empty where there is none."""
    return next((path for path, block in walk(root) if block.is_stack), "")


def layers(root: Block) -> tuple[Block, ...]:
    """The layers of the main stack, first to last."""
    stack = main_stack(root)
    return () if stack is None else stack.inside


def branch(residual: Block) -> tuple[Block, ...]:
    """What a residual branch computes, without its connections to the stream, and what is stored and never run.

    Of a layer those are its branches, one that a text passes by among them.
    """
    return tuple(
        part for part in residual.inside if not part.connects and (part.used or part.is_residual)
    )


def mixers(layer: Block) -> tuple[Block, ...]:
    """The parts of a layer that mix tokens: one, two side by side, or none where it only mixes channels."""
    return tuple(block for block in mixing(layer) if block.mixes_tokens)


def channel_mixers(layer: Block) -> tuple[Block, ...]:
    """The parts of a layer that mix channels: mostly one, or an MLP beside experts."""
    return tuple(block for block in mixing(layer) if block.mixes_channels)


def mixing(block: Block) -> Iterator[Block]:
    """The parts that mix tokens or channels, in order of computation, without those inside another."""
    if block.mixes:
        yield block
    else:
        for part in block.inside:
            yield from mixing(part)


def distinct_layers(root: Block) -> tuple[Block, ...]:
    """The layers of the main stack, each object once."""
    return tuple({id(layer): layer for layer in layers(root)}.values())


def mixer(layer: Block) -> Block | None:
    """The first part of a layer that mixes tokens, or None where it only mixes channels."""
    return next(iter(mixers(layer)), None)


def channel_mixer(layer: Block) -> Block | None:
    """The part of a layer that mixes channels, experts before MLPs, or None where it only mixes tokens."""
    candidates = channel_mixers(layer)
    return next(
        (block for block in candidates if block.is_mixture),
        next(iter(candidates), None),
    )


def remembers(layer: Block) -> bool:
    """Whether a layer reads tables that the last few tokens index together."""
    return any(block.looks_up for block in distinct(layer))
