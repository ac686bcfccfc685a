"""The blocks round a model's stack: what enters it, what leaves it, and what passes from layer to layer."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.architecture.block import (
    Architecture,
    Block,
    main_stack,
    mixer,
    model_parts,
    stack_path,
    walk,
)
from llm_gallery.mechanisms.embedding import with_stated

Located = tuple[str, Block]
"""A block with its path."""


def outer_blocks(root: Block) -> dict[str, Located]:
    """The blocks round the stack by kind, with their paths."""
    found: dict[str, Located] = {}
    for path, part in model_parts(root):
        found.setdefault(part.kind, (path, with_stated(part, root)))
    return found


def before_stack(root: Block) -> tuple[Located, ...]:
    """What stands on the stream between the embedding and the stack, in order of computation."""
    found: list[Located] = []
    for path, part in model_parts(root):
        if part.kind == "stack":
            return tuple(found)
        if part.is_norm or part.kind in ("position_embedding", "ngram_memory", "connection"):
            found.append((path, part))
    return ()


def after_stack(root: Block) -> tuple[Located, ...]:
    """What stands on the stream between the stack and the head: at most one norm."""
    passed = False
    for path, part in model_parts(root):
        if passed and part.is_norm:
            return ((path, part),)
        passed = passed or part.kind == "stack"
    return ()


def modules(root: Block) -> int:
    """Layers of all modules that predict further tokens."""
    modules_of = [part for part in root.inside if part.kind == "multi_token_prediction"]
    return sum(1 for block in modules_of for _, part in walk(block) if part.kind == "layer")


@dataclass(frozen=True, slots=True)
class Passed:
    """What one layer gives to later ones: its number, theirs, and the block that reads it."""

    flow: str
    source: int
    targets: tuple[int, ...]
    block: Block


def passed(architecture: Architecture, flows: tuple[str, ...]) -> tuple[Passed, ...]:
    """The links from layer to layer of some flows, gathered by their source."""
    stack, stack_block = stack_path(architecture.root), main_stack(architecture.root)
    found: dict[tuple[str, int], list[int]] = {}
    for link in architecture.links:
        if link.flow not in flows or stack_block is None:
            continue
        source, target = _layer(stack, link.source), _layer(stack, link.target)
        if source is not None and target is not None and source != target:
            found.setdefault((link.flow, source), []).append(target)
    layers = () if stack_block is None else stack_block.inside
    return tuple(
        Passed(flow, source, tuple(sorted(targets)), mixer(layers[source]) or layers[source])
        for (flow, source), targets in found.items()
    )


def _layer(stack: str, path: str) -> int | None:
    """The number of the layer of a stack in which a path lies."""
    head, _, _ = path.removeprefix(f"{stack}.").partition(".")
    return int(head) if path.startswith(f"{stack}.") and head.isdecimal() else None
