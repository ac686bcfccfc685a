"""Combinators: how parts are joined. Argument order is the order of computation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts.basic import facts


def residual(*parts: Block) -> Block:
    """x + last(... first(x)): `residual(norm, attention)` is pre-norm, `residual(attention, norm)` post-norm."""
    return Block("residual", inside=parts)


def added(*parts: Block) -> Block:
    """The sum of parts that read the same input: parallel layers, attention beside a state-space mixer."""
    return Block("sum", inside=parts)


def layer(*parts: Block) -> Block:
    """One layer: its residual branches in order."""
    return Block("layer", inside=parts)


def stack(name: str, layers: Sequence[Block], *, passes: int = 1) -> Block:
    """Layers one after another, numbered from 0 in the checkpoint; `passes` is how often a token runs them."""
    slots = facts(passes=passes) if passes > 1 else {}
    return Block("stack", name, slots, inside=tuple(layers))


def group(name: str, *parts: Block) -> Block:
    """Parts in sequence under one name in the checkpoint ("model", "transformer", "language_model")."""
    return Block("group", name, inside=parts)


def renamed(block: Block, names: Mapping[str, str]) -> Block:
    """The same block under another checkpoint's names; a name that `names` doesn't list stays."""
    return replace(
        block,
        name=names.get(block.name, block.name),
        inside=tuple(renamed(part, names) for part in block.inside),
    )


def apart(kind: str, name: str, parts: Iterable[Block]) -> Block:
    """What a checkpoint stores beside the language model; `kind` is one of `block.APART`."""
    return Block(kind, name, inside=tuple(parts))
