"""The blocks round a model's stack: what enters it, what leaves it, and what passes from layer to layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from llm_gallery.architecture.block import Architecture, Block, children, mixer, walk
from llm_gallery.architecture.kinds import NORMS

Located = tuple[str, Block]
"""A block with its path."""
_ROUND = (
    "embedding",
    "position_embedding",
    "per_layer_embedding",
    "head",
    "multi_token_prediction",
    "exit_gate",
)


_STATED = {"embedding": ("embedding_scale",), "head": ("logit_scale", "logit_softcap")}
"""Facts of the whole that happen at its ends."""


def outer_blocks(root: Block) -> dict[str, Located]:
    """The blocks round the stack by kind, with their paths."""
    found: dict[str, Located] = {}
    for path, part in _outside(root.name, root):
        if part.kind in _ROUND:
            found.setdefault(part.kind, (path, _with_stated(root, part)))
    return found


def _with_stated(root: Block, part: Block) -> Block:
    """Embedding and head with what the model states of them."""
    stated = {name: root.facts[name] for name in _STATED.get(part.kind, ()) if name in root.facts}
    return replace(part, facts={**part.facts, **stated}) if stated else part


def before_stack(root: Block) -> tuple[Located, ...]:
    """What stands on the stream between the embedding and the stack, in order of computation."""
    found: list[Located] = []
    for path, part in _outside(root.name, root):
        if part.kind == "stack":
            return tuple(found)
        if part.kind in ("position_embedding", "ngram_memory", "connection", *NORMS):
            found.append((path, part))
    return ()


def after_stack(root: Block) -> tuple[Located, ...]:
    """What stands on the stream between the stack and the head: at most one norm."""
    passed = False
    for path, part in _outside(root.name, root):
        if passed and part.kind in NORMS:
            return ((path, part),)
        passed = passed or part.kind == "stack"
    return ()


def modules(root: Block) -> int:
    """Layers of all modules that predict further tokens."""
    modules_of = [part for part in root.inside if part.kind == "multi_token_prediction"]
    return sum(1 for block in modules_of for _, part in walk(block) if part.kind == "layer")


def _outside(path: str, block: Block) -> Iterator[Located]:
    """The parts of the model and of its groups, in order; a connection's own parts are not apart."""
    for below, part in children(path, block):
        yield below, part
        if part.kind == "group":
            yield from _outside(below, part)


@dataclass(frozen=True, slots=True)
class Passed:
    """What one layer gives to later ones: its number, theirs, and the block that reads it."""

    flow: str
    source: int
    targets: tuple[int, ...]
    block: Block


def passed(architecture: Architecture, flows: tuple[str, ...]) -> tuple[Passed, ...]:
    """The links from layer to layer of some flows, gathered by their source."""
    stack, stack_block = next(
        ((path, block) for path, block in walk(architecture.root) if block.kind == "stack"),
        ("", None),
    )
    found: dict[tuple[str, int], list[int]] = {}
    for link in architecture.links:
        ends = [_layer(stack, path) for path in (link.source, link.target)]
        if (
            link.flow in flows
            and stack_block is not None
            and None not in ends
            and ends[0] != ends[1]
        ):
            source, target = (end for end in ends if end is not None)
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
