"""The fact sheet: what a model's blocks state, grouped by mechanism, each value with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.analysis.layers import kinds
from llm_gallery.architecture.block import Architecture, Block, channel_mixers, main_stack, mixers
from llm_gallery.architecture.fact import Evidence, Value
from llm_gallery.mechanisms import colour_of, field_words, heading
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.facts import Term, term
from llm_gallery.mechanisms.latent_attention import named
from llm_gallery.mechanisms.wiring import joined


class Row(NamedTuple):
    """One fact as shown: what it is called, its value and that in words, and how it is known."""

    term: Term
    plain: Value
    value: str
    evidence: Evidence
    source: str

    @property
    def label(self) -> str:
        """What it is called."""
        return self.term.heading


class Section(NamedTuple):
    """The facts of one mechanism, and how many layers have it."""

    title: str
    mechanism: Colour | None
    layers: int
    rows: tuple[Row, ...]
    block: Block | None = None  # what it is about; None where that is the model


def sheet(architecture: Architecture) -> tuple[Section, ...]:
    """The model's own facts first, then a section for each distinct mixer and channel mixer."""
    sections = [Section("Model", None, 0, tuple(_of_model(architecture.root)))]
    blocks: list[tuple[Block, int]] = []
    found_in = [(kind.count, mixers(kind.layer)) for kind in kinds(architecture.root)]
    found_in += [
        (kind.count, tuple(channel_mixers(kind.layer))) for kind in kinds(architecture.root)
    ]
    for count, parts in found_in:
        for block in parts:
            known = next((i for i, (other, _) in enumerate(blocks) if other == block), None)
            if known is None:
                blocks.append((block, count))
            else:
                blocks[known] = (block, blocks[known][1] + count)
    sections += [_section(block, count) for block, count in blocks]
    return tuple(sections)


def _model(root: Block) -> Block:
    """The model's own facts, and what its stack states about the residual stream."""
    stack = main_stack(root)
    return root if stack is None else replace(root, facts={**root.facts, **stack.facts})


def _of_model(root: Block) -> Iterator[Row]:
    """The model's own rows; how branches join the stream under the field's name, too."""
    stack = main_stack(root)
    joint = None if stack is None else joined(stack)
    for row in _rows(_model(root)):
        field = "" if joint is None or row.term.name != "residual" else field_words(joint)
        yield row._replace(value=f"{row.value} · {field}") if field else row


def _section(block: Block, count: int) -> Section:
    return Section(heading(block), colour_of(block), count, tuple(_rows(block)), block)


def sheet_term(block: Block, key: str) -> Term | None:
    """The term of a block's fact, where sheets show it."""
    known = term(named(block, key), block.kind)
    return known if known.meaning else None


def _rows(block: Block) -> Iterator[Row]:
    for key, fact in block.facts.items():
        known = sheet_term(block, key)
        if known and known.sheet and (known.name, fact.value) != ("shared_dim", 0):
            yield Row(
                known, _plain(fact.value), words(known, fact.value), fact.evidence, fact.source
            )


def _plain(value: Value) -> Value:
    """The value without its origin, which some still carry."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    return float(value) if isinstance(value, float) else str(value)


def words(known: Term, value: Value) -> str:
    """A fact's value as a reader knows it."""
    if (spelled := known.worded(value)) is not None:
        return spelled
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() else f"{value:,.6g}"
    return str(value)
