"""What of a number a dial turns, apart from the rest: where the rest is so much that it would hide what moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from llm_gallery.analysis.memory import depth_passes, kept_in
from llm_gallery.architecture.block import Block, children, layers, mixers, tensors
from llm_gallery.lessons.numbers import Numbers
from llm_gallery.mechanisms import MECHANISMS

Parts = Mapping[str, int]
"""A number by what it is counted of."""
SEEN = 0.1
"""Of a number: what moves less from the model's own value to an end of the dial isn't seen."""


def kept(model: Numbers, tokens: int) -> Parts:
    """Bytes after so many tokens, of each row of each layer."""
    passes = depth_passes(model.root)
    found = {
        f"{at} {number}": passes * row.bytes_at(tokens)
        for at, layer in enumerate(layers(model.root))
        for number, row in enumerate(kept_in(layer))
    }
    return _whole(found, model.kept(tokens))


def stored(model: Numbers) -> Parts:
    """Parameters, of each tensor."""
    found = {
        tensor.name: tensor.elements
        for path, part in children(model.root.name, model.root)
        if not part.stands_apart
        for tensor in tensors(part, path)
        if tensor.tied_to is None
    }
    return _whole(found, model.total)


def mixing(model: Numbers, tokens: int) -> Parts:
    """Operations, of each layer's mixing of tokens; all others are the rest."""
    return _whole(
        {f"{at}": _mixing(layer, tokens) for at, layer in enumerate(layers(model.root))},
        model.flops(tokens),
    )


def _mixing(layer: Block, tokens: int) -> int:
    return 2 * sum(MECHANISMS[mixer.kind].work(mixer, tokens) for mixer in mixers(layer))


def _whole(found: Mapping[str, int], whole: int) -> Parts:
    """The parts, and what is in none of them."""
    return {**found, "rest": whole - sum(found.values())}


def moving(places: Sequence[Parts]) -> frozenset[str]:
    """The parts that differ between places."""
    names = {name for one in places for name in one}
    return frozenset(name for name in names if len({one.get(name) for one in places}) > 1)


def share(parts: Parts, names: Iterable[str]) -> int:
    """What these parts have of the whole."""
    return sum(parts.get(name, 0) for name in names)


def hides(rows: Sequence[Sequence[int]], own: int) -> bool:
    """Whether no number is seen to move on a side of the model's own place, though one does."""
    moves = any(len({*column}) > 1 for column in zip(*rows, strict=True))
    sides = [side for side in (rows[:own], rows[own + 1 :]) if side]
    return moves and any(not any(_seen(rows[own], one) for one in side) for side in sides)


def _seen(own: Sequence[int], other: Sequence[int]) -> bool:
    return any(abs(a - b) >= SEEN * max(a, b, 1) for a, b in zip(own, other, strict=True))


Apart = Callable[[Numbers], Parts]
"""How a number is taken apart."""
