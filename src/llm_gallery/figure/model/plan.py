"""What a figure shows, before anything has a place: frames of layers wired alike, and the insets they share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.architecture.block import Block, branch, join, main_stack, model_parts, stack_path
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.architecture.repeats import fold
from llm_gallery.figure.kit.stream import Stream
from llm_gallery.figure.model import layer_styles
from llm_gallery.figure.model.layer_styles import LayerStyle
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.per_layer_input import with_fed
from llm_gallery.mechanisms.written import times

folded = lru_cache(maxsize=64)(fold)
"""A schedule's runs: several parts of a figure ask for them, and 500 layers without order take long."""

Signature = tuple[object, ...]

MOST_FRAMES = 4
LENT = ("compressor", "indexer")
"""Parts whose output layers may borrow from an earlier one."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One block of several that stand at the same place: its path in its first layer, its layers."""

    block: Block
    path: str
    layers: tuple[int, ...]

    @property
    def count(self) -> int:
        """Layers that hold the block."""
        return len(self.layers)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a branch; more than one variant where layers differ in facts only."""

    variants: tuple[Variant, ...]

    @property
    def block(self) -> Block:
        """The block of the first variant: what all of them are alike in."""
        return self.variants[0].block

    @property
    def mixes(self) -> bool:
        """Whether the layer is about this block: it mixes tokens or channels."""
        return self.block.on_tokens or self.block.on_channels


@dataclass(frozen=True, slots=True)
class Fork:
    """Columns that read the same input and are added: parallel layers, attention beside a state."""

    columns: tuple[tuple[Slot, ...], ...]


Step = Slot | Fork


@dataclass(frozen=True, slots=True)
class Branch:
    """What is added to the residual stream, in order of computation; not `added`, it stands on the stream."""

    steps: tuple[Step, ...]
    added: bool = True
    connection: Variant | None = (
        None  # how it reads and writes a stream that it doesn't just add to
    )
    apart: bool = False  # it reads what the layer's source gives, not the stream

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All slots, column after column where there are several."""
        return tuple(
            slot
            for step in self.steps
            for column in (step.columns if isinstance(step, Fork) else ((step,),))
            for slot in column
        )

    @property
    def heroes(self) -> tuple[Slot, ...]:
        """The slots that mix."""
        return tuple(slot for slot in self.slots if slot.mixes)

    @property
    def columns(self) -> int:
        """How many stand side by side at most."""
        return max((len(s.columns) for s in self.steps if isinstance(s, Fork)), default=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """Layers whose wiring and parts are the same."""

    title: str
    short: str
    colour: Colour | None  # of what it is called after
    layers: tuple[int, ...]
    branches: tuple[Branch, ...]

    def heroes(self, token: bool) -> tuple[Slot, ...]:
        """The slots that mix tokens, or those that mix channels."""
        heroes = (hero for branch in self.branches for hero in branch.heroes)
        return tuple(hero for hero in heroes if hero.block.on_tokens == token)

    @property
    def columns(self) -> int:
        """How many blocks stand side by side at most."""
        return max((branch.columns for branch in self.branches), default=1)


@dataclass(frozen=True, slots=True)
class Use:
    """A mechanism that one inset shows: its variants over all frames, and where frames have it."""

    token: bool
    variants: tuple[Variant, ...]
    slots: tuple[tuple[int, Slot], ...]  # with the number of the frame


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the figure of a stack shows."""

    depth: int
    schedule: tuple[int, ...]  # for each layer its look: an index into `looks`
    looks: tuple[LayerStyle, ...]
    frames: tuple[Frame, ...]
    uses: tuple[Use, ...]
    stream: Stream
    wiring: Use | None  # how branches read and write the stream, where they don't just add

    @property
    def mechanisms(self) -> frozenset[Colour]:
        """Every colour of its layers."""
        return frozenset(colour for look in self.looks for colour in look.mechanisms)


@once_a_tree
def plan(root: Block) -> Plan:
    """Groups the layers of a model into frames, and their mixers into insets."""
    layer_kinds = kinds(root)
    order = schedule(root)
    stack, stack_block = stack_path(root), main_stack(root)
    at: list[list[int]] = [[] for _ in layer_kinds]
    for layer, index in enumerate(order):
        at[index].append(layer)
    layers = [kind.layer for kind in layer_kinds]
    groups = _grouped([_signature(layer) for layer in layers])
    if len(groups) > MOST_FRAMES:
        # Of many kinds, those that differ only in what they borrow share a frame: its rows tell.
        groups = _grouped([_signature(layer, LENT) for layer in layers])
    seen = layer_styles.layer_styles(tuple(layers))
    raw = [
        tuple(_branches([(layers[i], join(stack, str(at[i][0])), tuple(at[i])) for i in members]))
        for members in groups
    ]
    names = layer_styles.frame_names([[layers[i] for i in members] for members in groups])
    frames = tuple(
        Frame(
            name.full,
            name.short,
            name.colour,
            tuple(sorted(n for i in members for n in at[i])),
            each,
        )
        for name, members, each in zip(names, groups, raw, strict=True)
    )
    connections = [branch.connection for frame in frames for branch in frame.branches]
    first = next((connection for connection in connections if connection is not None), None)
    stream = _stream(root, stack_block, None if first is None else first.block)
    wiring = _wiring(root, stack_block, first)
    uses = (*_before(root), *_fed(tuple(_uses(frames)), root))
    return Plan(len(order), order, seen, frames, uses, stream, wiring)


def _grouped(signatures: list[Signature]) -> list[list[int]]:
    """The numbers of equal signatures together, in order of the first."""
    groups: dict[Signature, list[int]] = {}
    for index, signature in enumerate(signatures):
        groups.setdefault(signature, []).append(index)
    return list(groups.values())


def _before(root: Block) -> Iterator[Use]:
    """Memories that join the stream before the first layer: no frame leads to their inset."""
    for path, block in model_parts(root):
        if block.on_tokens:
            yield Use(True, (Variant(block, path, ()),), ())


def _fed(uses: tuple[Use, ...], root: Block) -> Iterator[Use]:
    """The insets; that of the layers' own embeddings shows the table and the map that feed all layers too."""
    for use in uses:
        variants = tuple(replace(v, block=with_fed(v.block, root)) for v in use.variants)
        yield replace(use, variants=variants)


def _wiring(root: Block, stack: Block | None, first: Variant | None) -> Use | None:
    """The first connection, with what the stack and the model state of the stream."""
    if stack is None or first is None or "residual" not in stack.facts:
        return None
    stated = {name: root.facts[name] for name in ("width",) if name in root.facts}
    block = replace(first.block, facts={**first.block.facts, **stack.facts, **stated})
    return Use(True, (Variant(block, first.path, tuple(range(len(stack.inside)))),), ())


def _stream(root: Block, stack: Block | None, connection: Block | None) -> Stream:
    """The stream of a model's stack whose branches have such connections; a plain one where there is no stack."""
    if stack is None:
        return Stream()

    def stated(name: str) -> int | None:
        return stack.number(name) if name in stack.facts else None

    return Stream(
        kind=str(stack.value("residual", "")),
        count=stated("streams") or 1,
        mixes=connection is not None and "mixing" in connection.facts,
        saved_every=stated("saved_every"),
        passes=stated("passes") or 1,
        norms=bool(stack.value("pass_norm")),
        kept=times(root.value("stream_scale")),
        added=times(root.value("residual_scale")),
    )


def _signature(block: Block, but: tuple[str, ...] = ()) -> Signature:
    """What two blocks must share to be drawn as one: kinds and parts `but` some, not sizes."""
    shape = tuple(sorted(name for name in block.facts if name in _STRUCTURE and block.value(name)))
    parts = tuple(_signature(part, but) for part in branch(block) if part.kind not in but)
    return (block.kind, block.roles, shape, parts)


_STRUCTURE = (
    "gate", "gated", "noise_heads", "ratio", "selected", "shared", "shared_gate", "sinks",
)  # fmt: skip
"""Facts that change the drawing of a mechanism, not only a number on it."""


Member = tuple[Block, str, tuple[int, ...]]  # a block, its path and its layers


def _branches(members: list[Member]) -> Iterator[Branch]:
    """The branches of a frame's layers, the blocks of all members gathered place by place."""
    for parts in _inside(members):
        added = parts[0][0].is_residual
        steps = _steps(parts)
        branch = Branch(steps, added, _connection(parts) if added else None)
        yield replace(branch, apart=any("shortcut" in slot.block.facts for slot in branch.heroes))


def _connection(members: list[Member]) -> Variant | None:
    """How the branch reads and writes the stream, as its first member does."""
    block, path, layers = members[0]
    connection = block.child("connection")
    return None if connection is None else Variant(connection, join(path, connection.name), layers)


def _inside(members: list[Member]) -> Iterator[list[Member]]:
    """The parts of blocks that are built alike, place by place."""
    for place in range(len(branch(members[0][0]))):
        parts = [(branch(block)[place], path, layers) for block, path, layers in members]
        yield [(part, join(path, part.name), layers) for part, path, layers in parts]


def _steps(members: list[Member]) -> tuple[Step, ...]:
    first = members[0][0]
    if first.is_sum:
        return (Fork(tuple(c for part in _inside(members) for c in _columns(_steps(part)))),)
    if first.joins:
        return tuple(step for part in _inside(members) for step in _steps(part))
    variants: list[Variant] = []
    for block, path, layers in members:
        gather(variants, block, path, layers)
    return (Slot(tuple(variants)),)


def _columns(steps: tuple[Step, ...]) -> Iterator[tuple[Slot, ...]]:
    """One column, or those of a sum that is all there is in it."""
    if len(steps) == 1 and isinstance(steps[0], Fork):
        yield from steps[0].columns
    else:
        yield Branch(steps).slots


def gather(variants: list[Variant], block: Block, path: str, layers: tuple[int, ...]) -> None:
    """Adds a block's layers to its like, or the block as a new variant."""
    for index, variant in enumerate(variants):
        if replace(variant.block, name=block.name) == block:
            at = tuple(sorted({*variant.layers, *layers}))
            variants[index] = replace(variant, layers=at)
            return
    variants.append(Variant(block, path, layers))


def _uses(frames: tuple[Frame, ...]) -> Iterator[Use]:
    """The insets: mixers of tokens first, each in order of the frames."""
    for token in (True, False):
        mechanisms: dict[Signature, tuple[list[Variant], list[tuple[int, Slot]]]] = {}
        for index, frame in enumerate(frames):
            for slot in frame.heroes(token):
                variants, slots = mechanisms.setdefault(_signature(slot.block, LENT), ([], []))
                slots.append((index, slot))
                for variant in slot.variants:
                    gather(variants, variant.block, variant.path, variant.layers)
        for variants, slots in mechanisms.values():
            yield Use(token, tuple(variants), tuple(slots))
