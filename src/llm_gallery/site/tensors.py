"""Stored tensors, folded: one row for what is equal in all layers and experts that have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from llm_gallery.architecture.block import Block, children, layers, stored_shape
from llm_gallery.site.short_forms import ranges

LAYER = "{layer}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Tensors of one shape whose names differ in numbers only."""

    name: str  # model.layers.{3-60}.mlp.experts.{0-255}.up_proj.weight
    shape: tuple[int, ...]
    count: int
    elements: int  # of all of them together; tied ones hold none
    tied_to: str | None


def patterns(root: Block) -> tuple[Pattern, ...]:
    """Every tensor of the checkpoint once, in its order; the elements sum to the whole."""
    placed: dict[tuple[str, tuple[int, ...], str | None, int], list[int]] = {}
    for name, shape, tied, copies, numbers in _leaves(root, root.name, (), 1):
        placed.setdefault((name, shape, tied, copies), []).extend(numbers)
    depth = len(layers(root))
    return tuple(_pattern(*key, sorted(numbers), depth) for key, numbers in placed.items())


def _pattern(
    name: str, shape: tuple[int, ...], tied: str | None, copies: int, numbers: list[int], depth: int
) -> Pattern:
    count = copies * max(1, len(numbers))
    elements = 0 if tied else count
    for size in shape:
        elements *= size
    number = str(numbers[0]) if len(numbers) == 1 else f"{{{_numbers(numbers, depth)}}}"
    return Pattern(name.replace(LAYER, number), shape, count, elements, tied)


def _numbers(numbers: list[int], depth: int) -> str:
    """The layers in short; where naming the missing ones is shorter, "0-47 but 3, 7 … 47"."""
    plain = ranges(numbers)
    missing = ranges(sorted(set(range(depth)) - set(numbers)))
    without = f"0-{depth - 1} but {missing}"
    return without if len(without) < len(plain) else plain


def _leaves(
    block: Block, path: str, inside: tuple[int, ...], copies: int
) -> Iterator[tuple[str, tuple[int, ...], str | None, int, tuple[int, ...]]]:
    """Name, shape, tie, copies and layers of each tensor; equal layers of a stack are visited once."""
    if block.copies > 1 and not block.stacked:
        path, copies = f"{path}.{{0-{block.copies - 1}}}", copies * block.copies
    for tensor in (tensor for tensor in block.tensors if not tensor.run_before):
        name = tensor.full_name(path)
        yield name, stored_shape(block, tensor), tensor.tied_to, copies, inside
    if block.is_stack and not inside:
        alike: dict[int, list[int]] = {}
        for index, layer in enumerate(block.inside):
            alike.setdefault(id(layer), []).append(index)
        for indices in alike.values():
            yield from _leaves(block.inside[indices[0]], f"{path}.{LAYER}", tuple(indices), copies)
    else:
        for below, part in children(path, block):
            yield from _leaves(part, below, inside, copies)
