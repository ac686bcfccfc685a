"""Parameters of a tree: stored and run for one token, by part; the parts sum to the whole.

Definitions: docs/definitions.md#total-parameters
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from llm_gallery.analysis.units import bounded
from llm_gallery.architecture.block import (
    Block,
    channel_mixers,
    distinct,
    layers,
    main_stack,
    model_parts,
)
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.mechanisms import colour_of, counted_as, names, share_of
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.moe import least
from llm_gallery.mechanisms.wording import Name


class Part(NamedTuple):
    """A part of the model under the name that readers know it by."""

    name: Name
    mechanism: Colour
    stored: int
    active: int  # read for one token
    least: int  # of them, where as many choices of a router as can run no expert
    share: str  # what a bar of all calls it, where neither its colour says it nor its name


class Parameters(NamedTuple):
    """Counts of one model; each is an exact number of elements."""

    total: int
    active: int
    active_least: int  # less where choices run no expert, or layers choose from one bank
    active_without_embedding: int
    embedding: int
    lookup: int  # in tables of which a token reads a few rows, beside the input embedding
    multi_token_prediction: int
    other_modalities: int
    idle: bool  # whether some choices of a router run no expert, so that compute differs too
    parts: tuple[Part, ...]

    @property
    def varies(self) -> bool:
        """Whether `active` is the most that a token reads, and some read less."""
        return self.active_least < self.active

    @property
    def sparse(self) -> bool:
        """Whether some token leaves so much unread that figures and sentences speak of it."""
        return sparse(self.total, self.active_least)

    @property
    def bound(self) -> str:
        """What is said before numbers of what runs, where some tokens run less: "at most "."""
        return "at most " if self.varies else ""

    @property
    def bound_of_compute(self) -> str:
        """The same before what a token computes: whichever experts of a bank layers choose, as many run."""
        return "at most " if self.idle else ""

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
    counted = _Counts(_chosen(root))
    parts = _parts(root, counted)
    total = sum(part.stored for part in parts)
    active = sum(part.active for part in parts)
    apart = [block for block in root.inside if block.stands_apart]
    beside = sum(map(counted.stored, apart))
    modalities = sum(counted.stored(block) for block in apart if block.other_modality)
    assert total + beside == counted.stored(root), "the parts don't sum to the whole"
    embedding = _stored_of(parts, "Embedding")
    tied = root.value("tied") is True
    return Parameters(
        total=total,
        active=active,
        active_least=sum(part.least for part in parts),
        active_without_embedding=active if tied else active - embedding,
        embedding=embedding,
        lookup=counted.tables(root) - sum(map(counted.tables, apart)),
        multi_token_prediction=beside - modalities,
        other_modalities=modalities,
        idle=counted.idle,
        parts=parts,
    )


def sparse(total: int, active: int) -> bool:
    """Whether so much isn't read for a token that figures and sentences speak of it: a twentieth."""
    return 20 * (total - active) > total


@once_a_tree
def stored(block: Block) -> int:
    """Elements that a block stores, all copies of its experts included; tied tensors not again."""
    return _Counts().stored(block)


@once_a_tree
def active(block: Block) -> int:
    """Elements of a block that one token reads: experts that run, and of tables their rows.

    Nothing of a layer that no text runs through. Each layer of a bank may read other experts, wherever they are stored.
    """
    if not block.used:
        return 0
    if _bank(block):
        return block.used * sum(t.elements for part in distinct(block) for t in part.tensors)
    if block.joins or names(block).inside is not None:  # its parts run or don't, each by itself
        elements = sum(tensor.elements for tensor in block.tensors if tensor.tied_to is None)
        return elements + sum(active(part) for part in block.inside if not part.stands_apart)
    return _Counts().active(block)


class _Counts:
    """Elements under a block, each distinct block counted once however often it stands in the tree."""

    def __init__(self, chosen: Mapping[str, int] | None = None) -> None:
        self._chosen = chosen or {}  # experts that all layers of a bank choose, by its name
        self.idle = False
        self._one_copy: dict[int, int] = {}
        self._tables: dict[int, tuple[int, int]] = {}

    def one_copy(self, block: Block) -> int:
        """Elements of one copy."""
        count = self._one_copy.get(id(block))
        if count is None:
            count = sum([t.elements for t in block.tensors if t.tied_to is None])
            count += sum(map(self.stored, block.inside))
            self._one_copy[id(block)] = count
        return count

    def stored(self, block: Block) -> int:
        """Elements of all copies."""
        return self.one_copy(block) * block.copies

    def active(self, block: Block, used: int | None = None) -> int:
        """Elements that one token reads: of the experts that run for it, and of tables its rows."""
        table, read = self._looked_up(block)
        run = self.one_copy(block) - table + read - self._idle(block)
        return run * (block.used if used is None else used)

    def most(self, block: Block) -> int:
        """How many copies of a block run for a token at most: each layer of a bank may choose other experts."""
        bank = _bank(block)
        return min(block.copies, self._chosen[bank]) if bank in self._chosen else block.used

    def _idle(self, block: Block) -> int:
        """Elements inside one copy that don't run for a token: copies of its parts that aren't used."""
        return sum(
            (part.copies - part.used) * self.one_copy(part) + part.used * self._idle(part)
            for part in block.inside
        )

    def tables(self, block: Block) -> int:
        """Elements of lookup tables, in all copies."""
        return self._looked_up(block)[0] * block.copies

    def _looked_up(self, block: Block) -> tuple[int, int]:
        """Elements of the tables in one copy, and how many of them a token reads."""
        if id(block) not in self._tables:
            table, read = block.table, block.read
            for part in block.inside:
                elements, rows = self._looked_up(part)
                table += part.copies * elements
                read += part.copies * rows
            self._tables[id(block)] = table, read
        return self._tables[id(block)]


def _bank(experts: Block) -> str:
    """What a checkpoint calls the experts that several layers run; "" where they stand in their layer."""
    stored = (tensor.stored_as for part in distinct(experts) for tensor in part.tensors)
    return next(filter(None, stored), "") if experts.copies > 1 else ""


def _chosen(root: Block) -> Mapping[str, int]:
    """How many experts of each bank all its layers choose for a token together."""
    chosen: Counter[str] = Counter()
    for layer in layers(root):
        for mixture in channel_mixers(layer) if layer.is_layer else ():
            for part in mixture.inside if mixture.is_mixture else ():
                if bank := _bank(part):
                    chosen[bank] += part.used
    return chosen


def _parts(root: Block, counted: _Counts) -> tuple[Part, ...]:
    """Everything in the language model under reader's names, in order of first appearance."""
    by_name: dict[str, Part] = {}
    pieces = list(_pieces(root))
    times = Counter(map(id, pieces))
    for block in {id(block): block for block in pieces}.values():
        for part in _named(block, counted):
            before = by_name.get(part.name, part._replace(stored=0, active=0, least=0))
            by_name[part.name] = before._replace(
                stored=before.stored + times[id(block)] * part.stored,
                active=before.active + times[id(block)] * part.active,
                least=before.least + times[id(block)] * part.least,
            )
    return tuple(part for part in by_name.values() if part.stored)


def _pieces(root: Block) -> Iterator[Block]:
    """The layers one by one, and the blocks round the stack."""
    stack = main_stack(root)
    for _, block in model_parts(root):
        if block is stack:
            yield from block.inside
        elif not block.stands_apart:
            yield block


def _named(block: Block, counted: _Counts) -> Iterator[Part]:
    """The named parts of a layer or a block round the stack."""
    if block.joins and not block.used and not any(part.is_residual for part in block.inside):
        yield Part(Name("Not run by a text"), "embedding", counted.stored(block), 0, 0, "")
        return
    if block.joins:
        for part in block.inside:
            for row in _named(part, counted):
                yield row if block.used else row._replace(active=0, least=0)
        return
    inside = names(block).inside
    for part in (block,) if inside is None else block.inside:
        fewest = least(block, part)
        counted.idle |= fewest < part.used
        yield Part(
            counted_as(block, part),
            colour_of(block),
            counted.stored(part),
            counted.active(part, counted.most(part)),
            counted.active(part, fewest),
            share_of(block),
        )
    if inside is not None and block.tensors:  # its own, beside its parts
        elements = sum(tensor.elements for tensor in block.tensors)
        share = share_of(block)
        yield Part(counted_as(block), colour_of(block), elements, elements, elements, share)


def _stored_of(parts: tuple[Part, ...], name: str) -> int:
    return sum(part.stored for part in parts if part.name == name)
