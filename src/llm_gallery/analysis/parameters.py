"""Parameters of a tree: stored and run for one token, by part; the parts sum to the whole.

Definitions: docs/definitions.md#total-parameters
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from llm_gallery.analysis.units import bounded
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.kinds import APART
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.mechanisms import colour_of, counted_as
from llm_gallery.mechanisms.colour import Colour


class Part(NamedTuple):
    """A part of the model under the name that readers know it by."""

    name: str
    mechanism: Colour
    stored: int
    active: int  # read for one token
    least: int  # of them, where as many choices of a router as can run no expert


class Parameters(NamedTuple):
    """Counts of one model; each is an exact number of elements."""

    total: int
    active: int
    active_least: int  # less than `active` where some choices of a router run no expert
    active_without_embedding: int
    embedding: int
    lookup: int  # in tables of which a token reads a few rows, beside the input embedding
    multi_token_prediction: int
    other_modalities: int
    parts: tuple[Part, ...]

    @property
    def varies(self) -> bool:
        """Whether `active` is the most that a token reads, and some read less."""
        return self.active_least < self.active

    @property
    def active_words(self) -> str:
        """The active parameters as they are said: "37.55B", "at most 4.92B"."""
        return bounded(self.active, self.varies)

    @property
    def beside_lookup(self) -> int | None:
        """The total without its lookup tables, to stand beside it where they are more than a twentieth."""
        return self.total - self.lookup if 20 * self.lookup > self.total else None


@once_a_tree
def parameters(root: Block) -> Parameters:
    """Counts everything in a tree once; tied tensors once, what stands apart in its own number."""
    counted = _Counts()
    parts = _parts(root, counted)
    total = sum(part.stored for part in parts)
    active = sum(part.active for part in parts)
    apart = dict.fromkeys(APART, 0)
    lookup = 0
    for block in root.inside:
        if block.kind in APART:
            apart[block.kind] += counted.stored(block)
        else:
            lookup += counted.tables(block)
    everything = counted.stored(root)
    assert total + sum(apart.values()) == everything, "the parts don't sum to the whole"
    embedding = _stored_of(parts, "Embedding")
    tied = root.value("tied") is True
    return Parameters(
        total=total,
        active=active,
        active_least=sum(part.least for part in parts),
        active_without_embedding=active if tied else active - embedding,
        embedding=embedding,
        lookup=lookup,
        multi_token_prediction=apart.pop("multi_token_prediction"),
        other_modalities=sum(apart.values()),
        parts=parts,
    )


def sparse(total: int, active: int) -> bool:
    """Whether so much isn't read for a token that figures and sentences speak of it: a twentieth."""
    return 20 * (total - active) > total


def stored(block: Block) -> int:
    """Elements that a block stores, all copies of its experts included; tied tensors not again."""
    return _Counts().stored(block)


class _Counts:
    """Elements under a block, each distinct block counted once however often it stands in the tree."""

    def __init__(self) -> None:
        self._one: dict[int, int] = {}
        self._tables: dict[int, tuple[int, int]] = {}

    def one(self, block: Block) -> int:
        """Elements of one copy."""
        if id(block) not in self._one:
            own = sum(t.elements for t in block.tensors if t.tied_to is None)
            self._one[id(block)] = own + sum(self.stored(part) for part in block.inside)
        return self._one[id(block)]

    def stored(self, block: Block) -> int:
        """Elements of all copies."""
        return self.one(block) * block.copies

    def active(self, block: Block, used: int | None = None) -> int:
        """Elements that one token reads: of the experts that run for it, and of tables its rows."""
        held, read = self._looked_up(block)
        return (self.one(block) - held + read) * (block.used if used is None else used)

    def tables(self, block: Block) -> int:
        """Elements of lookup tables, in all copies."""
        return self._looked_up(block)[0] * block.copies

    def _looked_up(self, block: Block) -> tuple[int, int]:
        """Elements of the tables in one copy, and how many of them a token reads."""
        if id(block) not in self._tables:
            inside = [(part.copies, *self._looked_up(part)) for part in block.inside]
            self._tables[id(block)] = (
                block.table + sum(copies * held for copies, held, _ in inside),
                block.read + sum(copies * read for copies, _, read in inside),
            )
        return self._tables[id(block)]


def _parts(root: Block, counted: _Counts) -> tuple[Part, ...]:
    """Everything in the language model under reader's names, in order of first appearance."""
    found: dict[str, Part] = {}
    pieces = list(_pieces(root))
    times = Counter(map(id, pieces))
    for block in {id(block): block for block in pieces}.values():
        for part in _named(block, counted):
            held = found.get(part.name, Part(part.name, part.mechanism, 0, 0, 0))
            found[part.name] = Part(
                part.name,
                held.mechanism,
                held.stored + times[id(block)] * part.stored,
                held.active + times[id(block)] * part.active,
                held.least + times[id(block)] * part.least,
            )
    return tuple(part for part in found.values() if part.stored)


def _pieces(root: Block) -> Iterator[Block]:
    """The layers one by one, and the blocks round the stack."""
    for block in root.inside:
        if block.kind in APART:
            continue
        if block.kind in ("group", "stack"):
            yield from _pieces(block)
        else:
            yield block


def _named(block: Block, counted: _Counts) -> Iterator[Part]:
    """The named parts of a layer or a block round the stack."""
    if block.kind == "moe":
        yield from _mixture(block, counted)
    elif block.kind == "ngram_memory":
        for part in block.inside:
            held = part if part.kind == "lookup_table" else block
            yield _part(counted_as(held), "embedding", part, counted)
    elif block.kind in ("layer", "residual", "sum", "group"):
        for part in block.inside:
            yield from _named(part, counted)
    else:
        yield _part(counted_as(block), colour_of(block), block, counted)


def _mixture(block: Block, counted: _Counts) -> Iterator[Part]:
    routed = block.child("mlp")  # a mixture names its routed experts before the shared ones
    for part in block.inside:
        if part is routed:
            yield _routed(block, part, counted)
        elif part.kind == "mlp":
            yield _part("Shared experts", "moe", part, counted)
        elif part.kind in ("linear", "rms_norm"):
            yield _part("Latent projections", "moe", part, counted)
        else:
            yield _part("Routers", "moe", part, counted)


def _routed(mixture: Block, experts: Block, counted: _Counts) -> Part:
    """The routed experts; choices that run none leave fewer to run."""
    idle = mixture.number("identity_experts") if "identity_experts" in mixture.facts else 0
    fewest = max(0, experts.used - idle)
    made = _part("Routed experts", "moe", experts, counted)
    return made._replace(least=counted.active(experts, fewest))


def _part(name: str, colour: Colour, block: Block, counted: _Counts) -> Part:
    active = counted.active(block)
    return Part(name, colour, counted.stored(block), active, active)


def _stored_of(parts: tuple[Part, ...], name: str) -> int:
    return sum(part.stored for part in parts if part.name == name)
