"""What a page needs of a model to say how it runs: what each rank holds, keeps and reads, engine by engine, as plain data.

The page evaluates these terms (`site/static/fit.js`) for any context, number of sequences and device.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from llm_gallery.analysis.layers import kinds
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.run_splits import key, splits, words
from llm_gallery.engines.bound import WIDE, unbounded, weights_read, wide
from llm_gallery.engines.compute import step_flops
from llm_gallery.engines.device import Device, devices
from llm_gallery.engines.engine import Engine, Start, nothing
from llm_gallery.engines.loaded import Loaded
from llm_gallery.engines.placed import Placed
from llm_gallery.engines.reading import reading_rows
from llm_gallery.engines.registry import NAMES, engine
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term
from llm_gallery.mechanisms import MECHANISMS, colour_of, label

Json = dict[str, Any]
COUNTS = (1, 2, 3, 4, 6, 8, 16)
"""Devices together that a page offers."""
CACHES = ("q8_0", "q4_0", "fp8")
"""Types of the cache that a page offers beside the first of each engine."""
MIXES = ("BF16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "IQ4_XS", "Q3_K_M", "Q2_K")
"""Mixes that a page offers, of an engine that has more."""
MANY = 12
"""So many kinds of weights are all offered."""
POWERS = (0, *(1 << power for power in range(10, 25)))
"""Depths at which operations are counted; between them they grow as good as evenly."""
CONTEXT, SEQUENCES = 7_654_321, 4_099
"""What stands in a command for the context and the sequences of a rank until a reader says them."""


def run_terms(subject: Subject) -> Json:
    """What is said of a model: its context, whether it has experts, colours of its mixers, and each engine's terms."""
    blocks = [block for kind in kinds(subject.root) for _, block in walk(kind.layer)]
    mixture = any(block.is_mixture for block in blocks)
    return {
        "name": subject.name,
        "context": subject.context,
        "mixture": mixture,
        "unbounded": unbounded(subject.architecture),
        "operations": [[depth + 1, step_flops(subject.root, depth + 1)] for depth in POWERS],
        "colours": {
            label(block): colour_of(block)
            for block in blocks
            if MECHANISMS[block.kind].kept(block).row
        },
        "engines": [_of_engine(engine(name), subject, mixture=mixture) for name in NAMES],
    }


def _of_engine(used: Engine, subject: Subject, *, mixture: bool) -> Json:
    """What one engine says of a model, or why it refuses it."""
    try:
        used.terms(subject, used.caches[0], ALONE)
        asked = _Asked(used, subject)
        if not asked.loaded:
            used.loaded(subject, used.weights(subject)[0])
    except Refusal as refusal:
        return {"name": used.name, "refused": str(refusal)}
    found = [
        asked.shared(split) for count in COUNTS for split in splits(used, count, mixture=mixture)
    ]
    return {
        "name": used.name,
        "caches": asked.caches,
        "wide": [cache in WIDE for cache in asked.caches],
        "weights": [asked.stored(name) for name in asked.loaded],
        "splits": found,
        "terms": [[*term[:5], int(term[5]), *term[6:]] for term in asked.terms.all],
        "reads": [list(row) for row in asked.reads.all],
    }


class _Places:
    """Rows that many name by their places."""

    def __init__(self) -> None:
        self._at: dict[Any, int] = {}

    def of(self, rows: Iterable[Hashable]) -> list[int]:
        """The places of these."""
        return [self._at.setdefault(row, len(self._at)) for row in rows]

    @property
    def all(self) -> list[Any]:
        """All of them, in their places."""
        return list(self._at)


@dataclass
class _Asked:
    """An engine and what it is asked about."""

    engine: Engine
    subject: Subject
    terms: _Places = field(default_factory=_Places)
    reads: _Places = field(default_factory=_Places)

    @property
    def caches(self) -> tuple[str, ...]:
        """Types of the cache that are offered."""
        first, *others = self.engine.caches
        return (first, *(cache for cache in others if cache in CACHES))

    @cached_property
    def loaded(self) -> dict[str, tuple[Loaded, ...]]:
        """The tensors by mix or dtype, largest first; those that can't be made aren't there."""
        names = self.engine.weights(self.subject)
        if len(names) > MANY:
            usual = [name for name in names if self.engine.usual(self.subject, name)]
            wanted = (*MIXES, *usual) if len(usual) == 1 else MIXES
            names = tuple(name for name in names if name in wanted)
        found = {}
        for name in names:
            try:
                found[name] = self.engine.loaded(self.subject, name)
            except Refusal:  # the engine has no such weights of this model
                continue
        return dict(sorted(found.items(), key=lambda pair: -_stored(pair[1])))

    @cached_property
    def groups(self) -> dict[str, list[Loaded]]:
        """The same, like tensors as one: what a token reads of them is the same sum."""
        return {name: _grouped(tensors) for name, tensors in self.loaded.items()}

    def stored(self, name: str) -> Json:
        """One mix or dtype in numbers."""
        tensors = self.loaded[name]
        total = parameters(self.subject.root).total
        return {
            "name": name,
            "bytes": _stored(tensors),
            # Of a GGUF, which holds the language model alone: a release has towers beside it.
            "bits": round(8 * _stored(tensors) / total, 2) if self.engine.by_layers else None,
            "host": sum(tensor.bytes for tensor in tensors if tensor.on_host),
            "tensors": len(tensors),
            "wide": wide(self.subject, name),
        }

    def shared(self, split: Split) -> Json:
        """What the ranks of a split hold in each mix, keep with each type of cache and read; or why there is no such split."""
        made: Json = {
            "key": key(split),
            "says": words(split),
            "devices": split.ranks,
            "data": split.data,
            "layers": split.layers,
        }
        used, subject = self.engine, self.subject
        try:
            used.check(subject, split)
            placed = [used.placed(subject, name, used.caches[0], split) for name in self.loaded]
            held = [self._terms_of(cache, split, placed[0]) for cache in self.caches]
        except Refusal as refusal:
            return {**made, "refused": str(refusal)}
        made["weights"] = [[rank.weights for rank in ranks] for ranks in placed]
        made["terms"] = [[self.terms.of(terms) for terms in ranks] for ranks in held]
        if used.left is not nothing and any(
            left := [self._left(device, split) for device in devices()]
        ):
            made["left"] = left
        made["commands"] = [self._command(cache, split) for cache in self.caches]
        return {**made, **self._read(split)}

    def _left(self, device: Device, split: Split) -> int:
        """Bytes that are left beside on a device; on one that the engine doesn't run on, none."""
        try:
            return self.engine.left(device, self.subject, split)
        except Refusal:
            return 0

    def _terms_of(
        self, cache: str, split: Split, ranks: tuple[Placed, ...]
    ) -> list[tuple[Term, ...]]:
        """What each of these ranks keeps, with another type of the cache."""
        if len(ranks) == 1:
            return [self.engine.terms(self.subject, cache, split)]
        first = next(iter(self.loaded))
        return [rank.terms for rank in self.engine.placed(self.subject, first, cache, split)]

    def _read(self, split: Split) -> Json:
        """What a step reads; nothing where that has no bound."""
        try:
            rows = [reading_rows(self.subject.root, cache, split) for cache in self.caches]
        except Refusal:
            return {}
        if unbounded(self.subject.architecture):
            return {}
        read = [weights_read(tensors, split) for tensors in self.groups.values()]
        return {
            "reads": [self.reads.of(each) for each in rows],
            "read": [[float(each.chain), float(each.mean)] for each in read],
        }

    def _command(self, cache: str, split: Split) -> str:
        """The line that starts it, with names in braces for what a reader chooses."""
        sequences = split.data * SEQUENCES
        first, *_, last = [*self.loaded] * 2
        lines = [
            self.engine.command(
                self.subject,
                Start(weights=name, context=CONTEXT, sequences=sequences, cache=cache, split=split),
            )
            for name in (first, last)
        ]
        line = lines[0]
        if lines[0] != lines[1]:
            before, _, after = line.rpartition(first)
            line = f"{before}{{weights}}{after}"
        for number, name in (
            (CONTEXT * sequences, "total"),
            (CONTEXT, "context"),
            (sequences, "sequences"),
            (SEQUENCES, "each"),
        ):
            line = line.replace(str(number), f"{{{name}}}")
        return line


def _stored(tensors: Iterable[Loaded]) -> int:
    return sum(tensor.bytes for tensor in tensors)


def _grouped(tensors: Iterable[Loaded]) -> list[Loaded]:
    groups: Counter[Loaded] = Counter()
    for tensor in tensors:
        groups[tensor._replace(name="", bytes=0)] += tensor.bytes
    return [like._replace(bytes=total) for like, total in groups.items()]
