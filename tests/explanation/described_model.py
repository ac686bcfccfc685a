"""A model that a text is about, with all that its numbers may say of it, and how they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from llm_gallery import mechanisms
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Block, layers, walk

NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
COUNT = r"(\d[\d,]*)"
SIZE = r"([\d.]+ (?:B|[KMGT]iB))"
FLOP = r"([\d,.]+ GFLOP)"
SHORT = r"([\d.]+[KMBT]?)"
SHARE = r"(\d+%|less than 1%|all|none)"


class Told(NamedTuple):
    """A model that a text is about."""

    architecture: Architecture
    root: Block
    facts: dict[str, Any]
    numbers: frozenset[str]  # every number that its blocks state, as it is written
    counts: frozenset[int]  # in how many layers there is a block of some kind, with some fact
    names: tuple[str, ...]  # words with digits that count nothing


def told(architecture: Architecture, *names: str) -> Told:
    root = architecture.root
    return Told(
        architecture,
        root,
        _facts(root),
        frozenset(_stated(root)),
        frozenset(_counts(root)),
        (*names, *_NAMES),
    )


_NAMES = ("Mamba-2", "RWKV-4’s", "RWKV-5", "RWKV-6", "RWKV-7")


def _facts(root: Block) -> dict[str, Any]:
    """What the contract of facts has of it, which a made-up tree can't be asked for as a whole."""
    counts, kept = parameters(root), cache(root)
    return {
        "parameters": {
            **counts._asdict(),
            "parts": [{"stored": part.stored, "active": part.active} for part in counts.parts],
        },
        "weights": {"packed": False, "bytes": 2 * counts.total},
        "layers": {"count": len(layers(root))},
        "width": root.value("width"),
        "context": root.value("context"),
        "cache": {
            "bytes_per_token": kept.bytes_per_token,
            "bytes_per_token_long": kept.bytes_per_token_long,
            "state_bytes": kept.state_bytes,
            "rows": [{"window": row.window} for row in kept.rows],
        },
    }


def end(root: Block) -> int:
    context = root.value("context")
    return context if isinstance(context, int) else 32_768


def _stated(root: Block) -> Iterator[str]:
    for _, block in walk(root):
        numbers = [fact.value for fact in block.facts.values() if not isinstance(fact.value, bool)]
        for value in numbers:
            if isinstance(value, int):
                yield f"{value:,}"
            elif isinstance(value, float):
                yield from (f"{value:.4g}", f"{value:.3g}", f"{value:g}")
        if "kv_rank" in block.facts:
            yield f"{block.number('kv_rank') + block.number('rope_dim'):,}"


def _counts(root: Block) -> Iterator[int]:
    found: Counter[object] = Counter()
    for layer in layers(root):
        held: set[object] = set()
        for _, block in walk(layer):
            held.add(block.kind)
            held.add(mechanisms.label(block))
            held.update((block.kind, name) for name in block.facts)
            held.update((block.kind, name, fact.value) for name, fact in block.facts.items())
            held.update(
                (block.kind, name, fact.value, "selected" in block.facts)
                for name, fact in block.facts.items()
            )
        found.update(held)
    yield from found.values()


def number(written: str) -> int:
    return int(written.replace(",", ""))
