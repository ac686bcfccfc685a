"""What a part amounts to in one model: how many heads or experts, what it stores, what it keeps a token."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import stored
from llm_gallery.architecture.block import Block, layers, mixing
from llm_gallery.comparison.profile import Part, Profile
from llm_gallery.mechanisms import MIXING, label
from llm_gallery.mechanisms.facts import term


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a part amounts to in all of its layers."""

    number: int  # of heads, experts or channels
    stored: int
    cached: int | None  # bytes a token while windows fill; None where the cache's rows don't tell
    state: int
    runs: str  # experts that run for one token, of all: "9 / 257"


def quantity(model: Profile, part: Part) -> Quantity:
    """The numbers of a part of a model."""
    blocks = _blocks(model, part)
    cached = _cached(model, part)
    value = part.block.value(MIXING[part.kind].quantity.fact)
    return Quantity(
        number=value if isinstance(value, int) else 0,
        stored=sum(map(stored, blocks)),
        cached=None if cached is None else cached[0],
        state=0 if cached is None else cached[1],
        runs=_runs(part.block),
    )


def caption(part: Part) -> str:
    """What the squares or the bar of a part stand for."""
    counted = MIXING[part.kind].quantity
    return counted.words or term(counted.fact, part.kind).heading


def _blocks(model: Profile, part: Part) -> list[Block]:
    """The part's block in each of its layers."""
    stacked = layers(model.architecture.root)
    return [block for i in part.layers for block in mixing(stacked[i]) if part.holds(block)]


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


def _runs(block: Block) -> str:
    if not block.is_mixture:
        return ""
    shared = block.value("shared") or 0
    extra = shared if isinstance(shared, int) else 0
    return f"{block.number('used') + extra:,} / {block.number('experts') + extra:,}"
