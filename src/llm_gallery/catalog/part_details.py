"""What a part of a figure is, for whoever points at it: its meaning, parameters, shapes, and the config keys behind it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from llm_gallery.analysis.fact_sheet import sheet_term
from llm_gallery.analysis.parameters import parameters, stored
from llm_gallery.analysis.units import grouped
from llm_gallery.architecture.block import Block, Tensor, children, join, main_stack, stack_path
from llm_gallery.catalog.concept import concepts
from llm_gallery.figure.tooltip import value
from llm_gallery.mechanisms import MECHANISMS, concepts_of, label

Json = dict[str, Any]
Placed = tuple[str, Block, int]
"""A block, its path, and how many copies of it stand there: the experts around it, and its own."""

_NUMBER = re.compile(r"\d+")


def parts(root: Block) -> Json:
    """Every part by its path in the checkpoint, and the concepts that they name.

    Equal layers are told once, under the first of them: the one that a figure shows.
    """
    total = parameters(root).total
    stack = main_stack(root)
    seen: dict[int, list[Placed]] = {}  # what stands in each different layer, by paths inside it
    many = Counter(id(layer) for layer in (stack.inside if stack is not None else ()))
    layers = () if stack is None else stack.inside
    for layer in layers:
        if id(layer) not in seen:
            seen[id(layer)] = list(_placed(layer, "", 1))
    inside = {key: {path: block for path, block, _ in reversed(at)} for key, at in seen.items()}
    answers: dict[str, Json] = {}
    for path, block, copies, apart in _shown(root, stack):
        answers.setdefault(path, _part(path, block, copies, None if apart else total))
    at = stack_path(root)
    done: set[int] = set()
    for index, layer in enumerate(layers):
        if id(layer) in done:
            continue
        done.add(id(layer))
        for path, block, copies in seen[id(layer)]:
            times = sum(n for other, n in many.items() if inside[other].get(path) == block)
            part = _part(path, block, copies * times, total)
            answers.setdefault(join(f"{at}.{index}", path), part)
    named = {name for part in answers.values() for name in part["concepts"]}
    return {
        "parts": answers,
        "concepts": {
            name: [one.name, one.text] for name, one in concepts().items() if name in named
        },
    }


def _placed(block: Block, path: str, copies: int) -> Iterator[Placed]:
    copies *= block.copies
    yield path, block, copies
    for below, part in children(path, block):
        yield from _placed(part, below, copies)


def _shown(root: Block, stack: Block | None) -> Iterator[tuple[str, Block, int, bool]]:
    """What stands round the main stack, and whether it is counted in the total."""
    todo = [(root.name, root, 1, False)]
    while todo:
        path, block, copies, apart = todo.pop(0)
        if block is stack:
            continue
        apart, copies = apart or block.stands_apart, copies * block.copies
        if block is not root:
            yield path, block, copies, apart
        if not block.other_modality:  # which figures show from outside only
            todo += [(below, part, copies, apart) for below, part in children(path, block)]


def _part(path: str, block: Block, copies: int, total: int | None) -> Json:
    one = stored(block) // block.copies
    title = label(block)
    return {
        "name": title[:1].upper() + title[1:],
        "text": MECHANISMS[block.kind].does,
        "concepts": list(dict.fromkeys(concepts_of(block))),
        "one": grouped(one),
        "copies": grouped(copies),
        "all": grouped(one * copies),
        "share": "" if total is None else _share(one * copies, total),
        "facts": [
            [known.heading, value(known, fact.value), fact.source, fact.evidence]
            for key, fact in block.facts.items()
            if (known := sheet_term(block, key)) is not None
        ],
        "shapes": list(_shapes(block)),
    }


def _share(part: int, total: int) -> str:
    percent = 100 * part / total
    return "< 0.01%" if 0 < percent < 0.01 else f"{percent:.2f}%"


def _shapes(block: Block) -> Iterator[list[str]]:
    """The tensors of one copy under their names inside it; many alike once, with their number."""
    counts: dict[tuple[str, str], int] = {}
    for path, inner, copies in _placed(block, "", 1):
        for tensor in inner.tensors:
            name = _NUMBER.sub("*", join(path, tensor.name))
            key = (name, _shape(tensor))
            counts[key] = counts.get(key, 0) + copies // block.copies
    for (name, shape), many in counts.items():
        yield [name, shape, "" if many == 1 else f"{many:,} of them"]


def _shape(tensor: Tensor) -> str:
    shape = " × ".join(f"{n:,}" for n in tensor.shape)
    return f"{shape}, shared with {tensor.tied_to}" if tensor.tied_to else shape
