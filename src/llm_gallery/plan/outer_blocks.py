"""The blocks round a model's stack: what enters it, what leaves it, and what passes from layer to layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from llm_gallery.analysis.layers import kinds, schedule
from llm_gallery.architecture.block import (
    Architecture,
    Block,
    main_stack,
    mixer,
    model_parts,
    stack_path,
)
from llm_gallery.mechanisms.apart import mixers, predicting
from llm_gallery.mechanisms.compressed_attention import compressor_of
from llm_gallery.mechanisms.embedding import with_stated

Located = tuple[str, Block]
"""A block with its path."""


class OuterBlocks(NamedTuple):
    """The blocks round the stack, named as their kinds; None where a model has no such block."""

    embedding: Located | None
    per_layer_embedding: Located | None
    head: Located | None
    exit_gate: Located | None
    multi_token_prediction: Located | None  # the first of its modules


def outer_blocks(root: Block) -> OuterBlocks:
    """The blocks round a model's stack, with what the whole states of them."""
    first: dict[str, Located] = {}
    for path, part in model_parts(root):
        first.setdefault(part.kind, (path, with_stated(part, root)))
    return OuterBlocks(*map(first.get, OuterBlocks._fields))


def before_stack(root: Block) -> tuple[Located, ...]:
    """What stands on the stream between the embedding and the stack, in order of computation."""
    standing: list[Located] = []
    for path, part in model_parts(root):
        if part.is_stack:
            return tuple(standing)
        if part.on_stream:
            standing.append((path, part))
    return ()


def after_stack(root: Block) -> tuple[Located, ...]:
    """What stands on the stream between the stack and the head: what makes one of several streams, and a norm."""
    passed, standing = False, list[Located]()
    for path, part in model_parts(root):
        if passed and (part.is_norm or part.connects) and not part.stands_apart:
            standing.append((path, part))
            if part.is_norm:
                break
        passed = passed or part.is_stack
    return tuple(standing)


def modules(root: Block) -> int:
    """Layers of all modules that predict further tokens."""
    return sum(len(mixers(module)) for module in predicting(root))


@dataclass(frozen=True, slots=True)
class Passed:
    """What one layer gives to later ones: its number, theirs, and the block that makes it."""

    flow: str
    source: int
    targets: tuple[int, ...]
    block: Block


ENTRIES = "entries"
"""What layers of compressed attention take from the last one before them that compresses: no link says so."""


def passed(architecture: Architecture) -> tuple[Passed, ...]:
    """What passes from layer to layer, gathered by flow and source, the entries first."""
    stack, stack_block = stack_path(architecture.root), main_stack(architecture.root)
    if stack_block is None:
        return ()
    targets_of: dict[tuple[str, int], list[int]] = {}
    for source, target in _entries(architecture.root):
        targets_of.setdefault((ENTRIES, source), []).append(target)
    for link in architecture.links:
        source_layer, target_layer = _layer(stack, link.source), _layer(stack, link.target)
        if source_layer is None or target_layer is None or source_layer == target_layer:
            continue
        targets_of.setdefault((link.flow, source_layer), []).append(target_layer)
    layers = stack_block.inside
    return tuple(
        Passed(flow, source, tuple(sorted(targets)), mixer(layers[source]) or layers[source])
        for (flow, source), targets in targets_of.items()
    )


def _entries(root: Block) -> Iterator[tuple[int, int]]:
    """Layers that compress, each with every later one that reads its entries."""
    blocks = [mixer(kind.layer) for kind in kinds(root)]
    source: int | None = None
    for index, kind in enumerate(schedule(root)):
        block = blocks[kind]
        if block is None:
            continue
        if block.value("shared_stream") and source is not None:
            yield source, index
        elif compressor_of(block) is not None:
            source = index


def _layer(stack: str, path: str) -> int | None:
    """The number of the layer of a stack in which a path lies."""
    head, _, _ = path.removeprefix(f"{stack}.").partition(".")
    return int(head) if path.startswith(f"{stack}.") and head.isdecimal() else None
