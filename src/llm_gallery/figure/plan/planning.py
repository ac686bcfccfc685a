"""Decides what a figure shows: layers wired alike become frames, their mixers slots, and the mechanisms insets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.architecture import block as tree
from llm_gallery.architecture.block import (
    Block,
    branch,
    channel_mixers,
    join,
    main_stack,
    mixers,
    model_parts,
    stack_path,
    walk,
)
from llm_gallery.architecture.fact import Value
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.figure.kit.stream import Stream
from llm_gallery.figure.plan.plan import Branch, Fork, Frame, Plan, Slot, Step, Use, Variant
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.per_layer_input import with_fed
from llm_gallery.mechanisms.scalars import TABLE
from llm_gallery.mechanisms.written import times

Signature = tuple[object, ...]

LENT = ("compressor", "indexer")
"""Parts whose output layers may borrow from an earlier one."""


@once_a_tree
def plan(root: Block) -> Plan:
    """Groups the layers of a model into frames, and their mixers into insets."""
    layer_kinds = kinds(root)
    order = schedule(root)
    stack, stack_block = stack_path(root), main_stack(root)
    at: list[list[int]] = [[] for _ in layer_kinds]
    for layer, index in enumerate(order):
        at[index].append(layer)
    unlike = [kind.layer for kind in layer_kinds]
    groups = _grouped([_signature(layer) for layer in unlike])
    raw = [
        tuple(_branches([member for i in members for member in _bounded(root, stack, at[i])]))
        for members in groups
    ]
    held_by = [tuple(sorted(n for i in members for n in at[i])) for members in groups]
    frames = tuple(map(Frame, held_by, raw))
    connections = [branch.connection for frame in frames for branch in frame.branches]
    first = next((connection for connection in connections if connection is not None), None)
    stream = _stream(root, stack_block, None if first is None else first.block)
    wiring = _wiring(root, stack_block, first)
    uses = (*_before(root), *_fed(tuple(_uses(frames)), root))
    colours = tuple(
        tuple(map(colour_of, (*mixers(layer), *channel_mixers(layer)))) for layer in unlike
    )
    return Plan(root, len(order), order, colours, frames, uses, stream, wiring)


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
            yield Use(True, (Variant(block, path, ()),))


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
    return Use(True, (Variant(block, first.path, tuple(range(len(stack.inside)))),))


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
        columns = tuple(c for part in _inside(members) for c in _columns(_steps(part)))
        return (Fork(columns, times(first.settings.get("sum_scale"))),)
    if first.joins:
        return tuple(step for part in _inside(members) for step in _steps(part))
    variants: list[Variant] = []
    for block, path, layers in members:
        gather(variants, block, path, layers)
    return (Slot(tuple(variants)),)


def _columns(steps: tuple[Step, ...]) -> Iterator[tuple[Slot, ...]]:
    """One column, or those of a sum that is all there is in it."""
    if len(steps) == 1:
        yield from steps[0].columns
    else:
        yield Branch(steps).slots


def gather(variants: list[Variant], block: Block, path: str, layers: tuple[int, ...]) -> None:
    """Adds a block's layers to its like, or the block as a new variant."""
    for index, variant in enumerate(variants):
        alike = replace(variant.block, name=block.name) == block
        if alike and _bounds(variant.block) == _bounds(block):
            at = tuple(sorted({*variant.layers, *layers}))
            variants[index] = replace(variant, layers=at)
            return
    variants.append(Variant(block, path, layers))


def _bounded(root: Block, stack: str, at: list[int]) -> Iterator[Member]:
    """The layers of one kind, apart where their bounds differ (Ling 3.0's last ones)."""
    every = tree.layers(root)
    alike: dict[int, list[int]] = {}
    firsts: list[int] = []
    for layer in at:
        like = next((one for one in firsts if _bounds(every[one]) == _bounds(every[layer])), layer)
        if like == layer:
            firsts.append(layer)
        alike.setdefault(like, []).append(layer)
    for first, same in alike.items():
        yield every[first], join(stack, str(first)), tuple(same)


@once_a_tree
def _bounds(block: Block) -> list[dict[str, Value]]:
    """Scalars that are settings, of which blocks that count as equal may have different ones."""
    return [
        {name: value for name, value in part.settings.items() if name in TABLE}
        for _, part in walk(block)
    ]


def _uses(frames: tuple[Frame, ...]) -> Iterator[Use]:
    """The insets: mixers of tokens first, each in order of the frames."""
    for token in (True, False):
        mechanisms: dict[Signature, list[Variant]] = {}
        for slot in (slot for frame in frames for slot in frame.heroes(token)):
            variants = mechanisms.setdefault(_signature(slot.block, LENT), [])
            for variant in slot.variants:
                gather(variants, variant.block, variant.path, variant.layers)
        yield from (Use(token, tuple(variants)) for variants in mechanisms.values())
