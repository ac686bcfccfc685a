"""The accuracy table: each model's counts beside the published one, and what lies between, to the last parameter.

`rows()` gives one `Row` a model, newest first. What publishers state is in `published.toml`; our side is
counted from the described tree and never typed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import ceil, prod
from pathlib import Path
from typing import Any, Literal

from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import grouped
from llm_gallery.architecture.block import Block
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import described, entries

FILE = Path(__file__).parent / "published.toml"
Verdict = Literal["exact", "remainder", "rounded", "unpublished"]
SIDE = 128
"""Rows and columns of a block that shares one scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Something that a checkpoint stores beside what is described; negative where the published count omits it."""

    elements: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One model's counts and the published one, in elements.

    `source` is the address where `published` can be read; `unexplained` says what is known of a remainder.
    """

    id: str
    name: str
    source: str
    total: int
    multi_token_prediction: int
    other_modalities: int
    scales: int  # of matrices that the checkpoint stores in eight bits
    extra: tuple[Term, ...]
    published: int | None
    rounded: bool
    note: str
    unexplained: str

    @property
    def explained(self) -> int:
        """What we expect the checkpoint to hold."""
        beside = self.multi_token_prediction + self.other_modalities + self.scales
        return self.total + beside + sum(term.elements for term in self.extra)

    @property
    def difference(self) -> int | None:
        """Published less the language model; None where no count to the last parameter is published."""
        return None if self.published is None or self.rounded else self.published - self.total

    @property
    def remainder(self) -> int | None:
        """Published less explained; None where no count to the last parameter is published."""
        return None if self.published is None or self.rounded else self.published - self.explained

    @property
    def verdict(self) -> Verdict:
        """How far the comparison goes."""
        if self.published is None:
            return "unpublished"
        if self.rounded:
            return "rounded"
        return "remainder" if self.remainder else "exact"

    @property
    def reason(self) -> str:
        """What the published count consists of, in words."""
        return " ".join(_reason(self))


def rows(directory: Path | None = None) -> tuple[Row, ...]:
    """Every model of the catalog, newest first. Raises Refusal naming an entry and its faults."""
    return tuple(row(entry) for entry in entries(directory))


def row(entry: Entry) -> Row:
    """One model's row. Raises Refusal where its config can't be described."""
    return compared(entry, described(entry.config, f"{entry.id}.toml").root)


def compared(entry: Entry, root: Block) -> Row:
    """The row of a model that is described already."""
    stated, counted = published().get(entry.id, {}), parameters(root)
    return Row(
        id=entry.id,
        name=entry.name,
        source=stated.get("source", f"https://huggingface.co/{entry.repository}"),
        total=counted.total,
        multi_token_prediction=counted.multi_token_prediction,
        other_modalities=counted.other_modalities,
        scales=block_scales(root, stated["scales"]) if "scales" in stated else 0,
        extra=tuple(
            Term(elements=prod(term["factors"]), what=term["what"])
            for term in stated.get("extra", [])
        ),
        published=stated.get("elements"),
        rounded=stated.get("rounded", False),
        note=stated.get("note", ""),
        unexplained=stated.get("unexplained", {}).get("why", ""),
    )


@cache
def published() -> Mapping[str, Mapping[str, Any]]:
    """What publishers state, by model; models of which nothing is said are absent."""
    return tomllib.loads(FILE.read_text("utf-8"))


def block_scales(root: Block, unscaled: tuple[str, ...] = ()) -> int:
    """One number for each started block of 128 x 128 of the matrices that are stored in eight bits.

    Tables of the vocabulary, routers and what joins the inputs of a module stay in sixteen; `unscaled` are roles of
    further matrices that do.
    """
    kept = {"join", *unscaled}

    def counted(block: Block) -> int:
        ends = block.is_embedding or block.is_head
        whole = ends or block.is_router or not kept.isdisjoint(block.roles)
        matrices = (t for t in block.tensors if len(t.shape) == 2 and not whole)
        scales = sum(prod(ceil(size / SIDE) for size in tensor.shape) for tensor in matrices)
        inside = sum(counted(part) for part in block.inside if not part.other_modality)
        return block.copies * (scales + inside)

    return counted(root)


def _reason(row: Row) -> Iterator[str]:
    if row.published is None:
        yield "No count to the last parameter is published."
    elif row.rounded:
        yield f"Published as a round number, {_of_round(row)}: nothing to compare with to the last parameter."
    else:
        parts = _parts(row)
        listed = _listed([name for name, _ in parts])
        yield f"{listed[0].upper()}{listed[1:]}{' alone' if len(parts) == 1 else ''}."
        if row.scales:
            yield f"And {grouped(row.scales)}: scales of the matrices that are stored in eight bits."
        for term in row.extra:
            sign = "And" if term.elements > 0 else "Less"
            yield f"{sign} {grouped(abs(term.elements))}: {term.what}."
        if row.remainder:
            yield f"{grouped(row.remainder)} remain: {row.unexplained}."
    if row.note:
        yield row.note


def _parts(row: Row) -> list[tuple[str, int]]:
    """What is described of a model, under the names that a reason has for it."""
    beside = (
        ("its multi-token-prediction modules", row.multi_token_prediction),
        ("its towers", row.other_modalities),
    )
    return [("the language model", row.total), *(part for part in beside if part[1])]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _of_round(row: Row) -> str:
    """Which parts a round number counts, as far as its digits tell: the fewest that round to it, else that are cut to it."""
    assert row.published is not None
    unit = 10 ** (len(str(row.published)) - len(str(row.published).rstrip("0")))
    first, *beside = _parts(row)
    sets = [(first, *some) for few in range(len(beside) + 1) for some in combinations(beside, few)]
    for verb, shift in (("round", unit // 2), ("are cut", 0)):
        for some in sets:
            if (sum(count for _, count in some) + shift) // unit * unit == row.published:
                names = _listed([name for name, _ in some])
                return f"to which {names} {verb if len(some) > 1 else _of_one(verb)}"
    more = row.total - row.published
    return f"of which the language model has {grouped(abs(more))} {'more' if more > 0 else 'fewer'}"


def _of_one(verb: str) -> str:
    return "rounds" if verb == "round" else "is cut"
