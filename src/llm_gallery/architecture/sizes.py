"""Sizes that can be: no tensor without numbers, no count below none, whatever the config's keys come to."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from llm_gallery.architecture.block import Block, distinct, walk
from llm_gallery.architecture.fact import Fact, Value
from llm_gallery.architecture.refusal import Refusal, quoted

LARGEST = 2**40
"""More rows or columns than anything stores."""


def sized(root: Block) -> Block:
    """The same tree; a Refusal where a size, a count or a factor in it can't be one, with the keys that it comes of."""
    for block in distinct(root):
        for name, fact in block.facts.items():
            if expected := _impossible(fact.value):
                raise _refusal(f"{name} of {_called(block)}", fact.value, fact, expected)
        if not (0 < block.copies <= LARGEST and 0 <= block.used <= block.copies):
            raise Refusal(
                f"of {block.copies} copies of {_called(block)} {block.used} run for one token, expected "
                "at least one and no more than there are; check the keys that count them"
            )
        for tensor in block.tensors:
            if odd := [size for size in tensor.shape if not 0 < size <= LARGEST]:
                path = next(path for path, part in walk(root) if part is block)
                what = f"a size of {tensor.full_name(path)}"
                behind = _behind(root, block, odd[0])
                raise _refusal(what, odd[0], behind, f"1 to {LARGEST:,}")
    return root


def _impossible(value: Value) -> str:
    """What was expected of a fact's number; empty where it may be one.

    A whole number counts something, where a factor or a bound may be below 0.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if isinstance(value, int):
        return "" if value >= 0 else "0 or more"
    return "" if isfinite(value) else "a finite number"


def _refusal(what: str, value: object, behind: Fact | None, expected: str) -> Refusal:
    keys = behind.source if behind is not None else ""
    computed = f" ({keys})" if keys else ""
    return Refusal(
        f"{what}{computed} comes to {quoted(value)}, expected {expected}; check the keys that it is computed from"
    )


def _called(block: Block) -> str:
    return block.name or block.kind


def _behind(root: Block, block: Block, size: int) -> Fact | None:
    """The fact with that value, and with keys that say it, of the block or of the nearest around it."""
    facts = (fact for part in _around(root, block) for fact in part.facts.values())
    return next((f for f in facts if f.source and type(f.value) is int and f.value == size), None)


def _around(root: Block, block: Block) -> Iterator[Block]:
    """A block and all that it stands in, from the inside out."""
    if root is block:
        yield root
        return
    for part in root.inside:
        found = [*_around(part, block)]
        if found:
            yield from found
            yield root
            return
