"""The quantities of a part in one model: stored parameters, and the cache of a token."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import stored
from llm_gallery.architecture.block import Block, layers, mixing
from llm_gallery.comparison.profile import Part, Profile
from llm_gallery.mechanisms import label


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a part amounts to in all of its layers."""

    stored: int
    cached: int | None  # bytes a token while windows fill; None where the cache's rows don't tell
    state: int


def quantity(model: Profile, part: Part) -> Quantity:
    """The numbers of a part of a model."""
    blocks = _blocks(model, part)
    cached = _cached(model, part)
    return Quantity(
        stored=sum(map(stored, blocks)),
        cached=None if cached is None else cached[0],
        state=0 if cached is None else cached[1],
    )


def _blocks(model: Profile, part: Part) -> list[Block]:
    """The part's block in each of its layers."""
    stacked = layers(model.architecture.root)
    counts = Counter(id(stacked[index]) for index in part.layers)
    once = {id(stacked[index]): stacked[index] for index in part.layers}
    return [
        block
        for key, layer in once.items()
        for block in mixing(layer)
        if part.holds(block)
        for _ in range(counts[key])
    ]


def _cached(model: Profile, part: Part) -> tuple[int, int] | None:
    """Bytes a token and of state, where the rows of the cache are told apart by part."""
    if part.role != "token_mixer":
        return None
    names = {other.key: {label(b) for b in _blocks(model, other)} for other in model.parts}
    own = names.pop(part.key)
    if any(own & other for other in names.values()):
        return None
    rows = [row for row in cache(model.architecture.root).rows if row.label in own]
    return (
        sum(row.bytes_per_token for row in rows),
        sum(row.layers * row.state_bytes for row in rows),
    )
