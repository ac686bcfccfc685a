"""What a page needs of a model to say how it runs: what each rank holds and keeps, engine by engine, as plain data.

The page evaluates these terms (`site/static/fit.js`) for any context, number of sequences and device.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llm_gallery.analysis.layers import kinds
from llm_gallery.architecture.block import walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.engine import Engine
from llm_gallery.engines.placed import Placed
from llm_gallery.engines.registry import NAMES, engine
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term
from llm_gallery.mechanisms import MECHANISMS, colour_of, label

Json = dict[str, Any]
COUNTS = (1, 2, 3, 4, 6, 8, 16)
"""Devices together that a page offers."""
SHOWN = 3
"""Types of the cache that a page offers, the first of each engine."""


def run_terms(subject: Subject) -> Json:
    """What is said of a model: its context, whether it has experts, colours of its mixers, and each engine's terms."""
    blocks = [block for kind in kinds(subject.root) for _, block in walk(kind.layer)]
    return {
        "name": subject.name,
        "context": subject.context,
        "mixture": any(block.is_mixture for block in blocks),
        "colours": {
            label(block): colour_of(block)
            for block in blocks
            if MECHANISMS[block.kind].kept(block).row
        },
        "engines": [_engine(engine(name), subject) for name in NAMES],
    }


def splits(used: Engine, count: int, *, mixture: bool) -> Iterator[Split]:
    """How an engine can share a model among so many devices, the usual way first."""
    if used.by_layers:
        yield Split(layers=count)
        return
    for data in (number for number in range(1, count + 1) if count % number == 0):
        yield Split(count // data, data)
        if mixture and count > 1:
            yield Split(count // data, data, experts=True)


def key(split: Split) -> str:
    """A split in short, as an address has it: "tp4dp2ep", "pp2"."""
    if split.layers > 1:
        return f"pp{split.layers}"
    return f"tp{split.tensor}dp{split.data}{'ep' if split.experts else ''}"


def words(split: Split) -> str:
    """A split as a control says it."""
    if split.ranks == 1:
        return "whole"
    if split.layers > 1:
        return f"layers over {split.layers}"
    both = [
        f"{name} {many}"
        for name, many in (("tensor", split.tensor), ("data", split.data))
        if many > 1
    ]
    return " × ".join(both) + (", experts over all" if split.experts else "")


def _engine(used: Engine, subject: Subject) -> Json:
    """What one engine says of a model, or why it refuses it."""
    try:
        names = used.weights(subject)
        used.terms(subject, used.caches[0], Split())
        weights = [made for name in names if (made := _weights(used, subject, name)) is not None]
        if not weights:
            used.loaded(subject, names[0])
    except Refusal as refusal:
        return {"name": used.name, "refused": str(refusal)}
    weights.sort(key=lambda made: -made["bytes"])
    mixture = any(block.is_mixture for kind in kinds(subject.root) for _, block in walk(kind.layer))
    known: dict[Term, int] = {}
    shared = [
        _split(used, subject, [made["name"] for made in weights], split, known)
        for count in COUNTS
        for split in splits(used, count, mixture=mixture)
    ]
    return {
        "name": used.name,
        "caches": used.caches[:SHOWN],
        "weights": weights,
        "splits": shared,
        "terms": [_plain(term) for term in known],
    }


def _weights(used: Engine, subject: Subject, name: str) -> Json | None:
    """One mix or dtype; None where there is none."""
    try:
        loaded = used.loaded(subject, name)
    except Refusal:
        return None
    return {
        "name": name,
        "bytes": sum(tensor.bytes for tensor in loaded),
        "host": sum(tensor.bytes for tensor in loaded if tensor.on_host),
        "tensors": len(loaded),
    }


def _split(
    used: Engine, subject: Subject, names: list[str], split: Split, known: dict[Term, int]
) -> Json:
    """What the ranks of a split hold in each mix and keep with each type of cache, or why there is no such split."""
    made: Json = {
        "key": key(split),
        "says": words(split),
        "devices": split.ranks,
        "data": split.data,
    }
    try:
        used.check(subject, split)
        placed = [used.placed(subject, name, used.caches[0], split) for name in names]
        kept = [placed[0]] + [
            used.placed(subject, names[0], cache, split) for cache in used.caches[1:SHOWN]
        ]
    except Refusal as refusal:
        return {**made, "refused": str(refusal)}
    return {
        **made,
        "weights": [[rank.weights for rank in ranks] for ranks in placed],
        "terms": [[_known(rank, known) for rank in ranks] for ranks in kept],
    }


def _known(rank: Placed, known: dict[Term, int]) -> list[int]:
    """The terms of a rank, by their places among all."""
    return [known.setdefault(term, len(known)) for term in rank.terms]


def _plain(term: Term) -> list[Any]:
    return [*term[:5], int(term.in_flight), *term[6:]]
