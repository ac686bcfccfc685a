"""Names that state sizes ("125B-A6B", "8x7B", "E2B", "17B-128E") against our counts, for the whole catalog.

Where a name says another number than we count, as far as it rounds, `differing_names.toml` has the model,
both numbers, the reason, and under `by` the way of counting that gives the name's number; what differs no
longer must leave it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import pytest

from llm_gallery.analysis.parameters import Parameters, parameters
from llm_gallery.architecture.block import Block, layers, walk
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import entries, find

ENTRIES = {entry.id: entry for entry in entries()}
DIFFERING = tomllib.loads((Path(__file__).parent / "differing_names.toml").read_text("utf-8"))

UNITS = {"M": 10**6, "B": 10**9, "T": 10**12}
SIZE = re.compile(
    r"(?<![A-Za-z0-9.])(?:(?P<each>\d+)x)?(?P<kind>[AE])?(?P<number>\d+(?:\.\d+)?)(?P<unit>[MBT])"
    r"(?:-(?P<experts>\d+)E)?(?![A-Za-z0-9])(?=(?P<whole>-\d+(?:\.\d+)?[MBT](?![A-Za-z0-9]))?)",
    re.IGNORECASE,
)


def said(text: str) -> Iterator[tuple[str, str]]:
    """What a name says, and of what: "total", "active", "experts", or "one", a model with one of its experts."""
    for match in SIZE.finditer(text):
        size = (match["number"] + match["unit"]).upper()
        if match["each"]:
            yield "experts", match["each"]
            yield "one", size
        elif match["kind"]:
            yield "active", size
        elif match["experts"]:
            yield "active", size
            yield "experts", match["experts"]
        elif match["whole"]:
            yield "active", size  # "1B-7B"
        else:
            yield "total", size


def as_said(count: int, size: str, *, step: str = "", cut: bool = False) -> str:
    """A count in the unit of a name's size, rounded or cut as the name is: to its last digit, or to `step`."""
    if size.isdigit():
        return str(count)
    number, unit = size[:-1], size[-1]
    last = Decimal(step or 1) if step else Decimal(1).scaleb(-len(number.partition(".")[2]))
    steps = Decimal(count) / UNITS[unit] / last
    return f"{steps.quantize(Decimal(1), ROUND_FLOOR if cut else ROUND_HALF_UP) * last:f}{unit}"


def experts(root: Block) -> Block:
    """The mixture with the most experts."""
    blocks = (b for layer in layers(root) for _, b in walk(layer) if b.kind == "moe")
    return max(blocks, key=lambda block: block.number("experts"))


def counted(what: str, root: Block, counts: Parameters) -> int:
    if what == "total":
        return counts.total
    if what == "active":
        return counts.active
    if what == "experts":
        return experts(root).number("experts")
    routed = next(part for part in counts.parts if part.name == "Routed experts")
    return counts.total - routed.stored + routed.stored // experts(root).number("experts")


BY: Mapping[str, Callable[[Parameters], int]] = {
    "without the input embedding": lambda counts: -counts.embedding,
    "without embedding and head": lambda counts: -2 * counts.embedding,
    "without lookup tables": lambda counts: -counts.lookup,
    "with other modalities": lambda counts: counts.other_modalities,
    "the least that runs": lambda counts: counts.active_least - counts.active,
}
"""Other ways of counting, as what they add."""


@cache
def counts_of(model: str) -> Parameters:
    return parameters(find(model).architecture.root)


def compared(entry: Entry) -> dict[str, str]:
    """What name and repository say and of what, beside what we count."""
    found = dict.fromkeys([*said(entry.name), *said(entry.repository.partition("/")[2])])
    root = find(entry.id).architecture.root
    counts = counts_of(entry.id)
    return {f"{what} {size}": as_said(counted(what, root, counts), size) for what, size in found}


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("Qwen3.8-Flash-Next 125B-A6B", [("total", "125B"), ("active", "6B")]),
        ("Mixtral-8x7B-v0.1", [("experts", "8"), ("one", "7B")]),
        ("Llama-4-Scout-17B-16E-Instruct", [("active", "17B"), ("experts", "16")]),
        ("gemma-4-E2B-it", [("active", "2B")]),
        ("Mellum2-12B-A2.5B-Thinking", [("total", "12B"), ("active", "2.5B")]),
        ("stablelm-3b-4e1t", [("total", "3B")]),
        ("command-a-plus-05-2026-w4a4", []),
        ("Nemotron-H-56B-Base-8K", [("total", "56B")]),
        ("Trinity 1.02T", [("total", "1.02T")]),
        ("OLMoE 1B-7B", [("active", "1B"), ("total", "7B")]),
        ("NVIDIA-Nemotron-3-Nano-4B-BF16", [("total", "4B")]),
    ],
)
def test_a_name_is_read(text: str, states: list[tuple[str, str]]) -> None:
    assert list(said(text)) == states


@pytest.mark.parametrize("model", ENTRIES)
def test_a_name_says_what_we_count_or_differs_for_a_reason(model: str) -> None:
    found = {key: ours for key, ours in compared(ENTRIES[model]).items() if key.split()[1] != ours}
    listed = {key: row["ours"] for key, row in DIFFERING.get(model, {}).items()}
    assert found == listed


@pytest.mark.parametrize(
    ("model", "key"), [(model, key) for model, rows in DIFFERING.items() for key in rows]
)
def test_a_reason_gives_the_number_of_the_name(model: str, key: str) -> None:
    row = DIFFERING[model][key]
    assert set(row) <= {"ours", "reason", "by", "step", "cut"}
    assert row["reason"].endswith(".")
    what, size = key.split()
    counts = counts_of(model)
    count = counted(what, find(model).architecture.root, counts)
    count += sum(BY[way](counts) for way in row.get("by", ()))
    again = as_said(count, size, step=row.get("step", ""), cut=row.get("cut", False))
    explained = len(row) > 2
    assert (again == size) == explained, again


def test_most_models_state_a_size() -> None:
    stating = [entry for entry in ENTRIES.values() if [*said(f"{entry.name} {entry.repository}")]]
    assert len(stating) > 100
