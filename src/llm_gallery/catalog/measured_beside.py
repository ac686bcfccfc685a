"""Our number beside each that was measured: what an engine reserves, and how fast it is at best.

Definitions: docs/definitions.md#of-files-and-machines
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from llm_gallery.architecture.block import distinct
from llm_gallery.catalog.load import find
from llm_gallery.catalog.measured import Memory, Speed, sources
from llm_gallery.engines.bound import weights_read
from llm_gallery.engines.llama_cache import BATCH
from llm_gallery.engines.loaded import Loaded
from llm_gallery.engines.reading import ReadingRow, read_at, reading_rows
from llm_gallery.engines.registry import engine
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term, reserved
from llm_gallery.engines.vllm_groups import reserved_by
from llm_gallery.engines.vllm_page import Rank, Settings
from llm_gallery.engines.vllm_pages import pages

CACHE = "f16"
"""The type of keys and values in which llama-bench measures."""


class Range(NamedTuple):
    """Where a number lies: both ends are the same where it is known exactly."""

    least: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True)
class MemoryBeside:
    """What a log states, and ours."""

    measured: Memory
    ours: Range  # bytes, or sequences

    @property
    def agrees(self) -> bool:
        """Whether some number of ours prints as what is stated."""
        stated = self.measured.stated
        return stated.least <= self.ours.most and self.ours.least <= stated.most

    @property
    def explained(self) -> bool:
        """Whether it agrees, or the file says why it doesn't."""
        return self.agrees or bool(self.measured.why)


@dataclass(frozen=True, slots=True)
class SpeedBeside:
    """A real run, and the bound that it can't pass."""

    measured: Speed
    bound: Fraction  # tokens a second at most
    mixture: bool  # whether the model chooses experts

    @property
    def ratio(self) -> Fraction:
        """What was measured over the bound."""
        return self.measured.rate / self.bound


def memory_beside(row: Memory) -> MemoryBeside:
    """A log's row with our number. Raises Refusal where the engine doesn't know the model."""
    subject = _subject(row.model)
    if row.what in ("weights", "host"):
        return MemoryBeside(row, _exactly(_weighing(subject, row)))
    terms = _terms(subject, row)
    if row.what != "sequences":
        of_kind = tuple(term for term in terms if row.what in (_kind(term), "all"))
        return MemoryBeside(row, _exactly(row.slots * reserved(of_kind, row.context)))
    assert row.available is not None
    each = reserved(terms, row.context, row.batch or 0)
    # Blocks are whole: less than one of all layers is left over.
    block = sum(term.unit for term in terms)
    return MemoryBeside(row, Range((row.available.least - block) / each, row.available.most / each))


def _exactly(number: int) -> Range:
    return Range(Fraction(number), Fraction(number))


def _kind(term: Term) -> str:
    """Of what a row counts bytes, as llama.cpp's log divides them."""
    if not term.step:
        return "state"
    return "cache" if term.limit is None else "window"


def _terms(subject: Subject, row: Memory) -> tuple[Term, ...]:
    """What one request takes on one rank, with the settings of the run."""
    found = engine(row.engine)
    kept = row.cache or found.caches[0]
    if row.engine == "vllm":
        settings = Settings(drafts=row.drafts, prefix_caching=row.prefixes)
        return reserved_by(pages(Rank(subject, kept, row.tensor, settings)))
    terms = found.terms(subject, kept, Split(tensor=row.tensor))
    if row.batch is None:
        return terms
    return tuple(
        term if term.limit is None else term._replace(limit=term.limit - BATCH + row.batch)
        for term in terms
    )


def _weighing(subject: Subject, row: Memory) -> int:
    """Bytes of weights on the fullest rank's device, or of those that stay on the host."""
    found = engine(row.engine)
    if row.what == "host":
        loaded = _loaded(row.engine, row.model, row.weights)
        return sum(tensor.bytes for tensor in loaded if tensor.on_host)
    split = Split(tensor=row.tensor)
    ranks = found.placed(subject, row.weights, row.cache or found.caches[0], split)
    return max(rank.weights for rank in ranks)


def speed_beside(run: Speed) -> SpeedBeside:
    """A run with its bound: bandwidth over the bytes that a token reads. Raises Refusal as `memory_beside`."""
    loaded = _loaded(run.engine, run.model, run.weights)
    stored = sum(tensor.bytes for tensor in loaded)
    weights = weights_read(loaded, ALONE).chain * run.file_bytes / stored
    rows = _reading(run.model)
    seconds = (weights + read_at(rows, run.depth)) / run.machine.bandwidth
    root = _subject(run.model).root
    return SpeedBeside(run, 1 / seconds, any(block.is_mixture for block in distinct(root)))


@cache
def speeds_beside() -> tuple[SpeedBeside, ...]:
    """Every run of the folder with its bound."""
    return tuple(speed_beside(run) for source in sources() for run in source.speeds)


@cache
def _subject(model: str) -> Subject:
    found = find(model)
    return Subject(found.name, found.architecture, dict(found.config))


@cache
def _loaded(name: str, model: str, weights: str) -> tuple[Loaded, ...]:
    return engine(name).loaded(_subject(model), weights)


@cache
def _reading(model: str) -> tuple[ReadingRow, ...]:
    return reading_rows(_subject(model).root, CACHE)
