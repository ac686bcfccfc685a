"""What every sentence and every cell says is so: read against the layers themselves, of every two models, both ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import permutations

import pytest

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.sheet import sheet
from llm_gallery.architecture.block import ATTENTION, layers
from llm_gallery.catalog.load import entries, find
from llm_gallery.comparison import Difference, Portrait, portrait, table
from llm_gallery.comparison.change import Change
from llm_gallery.comparison.facts import Value, facts
from llm_gallery.comparison.traits import mixers

NAME = re.compile(r"[A-Za-z]_|_[A-Za-z]|[A-Za-z]{2}\.[a-z0-9]|layernorm")
"""What looks like a key of a config or of a checkpoint."""
ARROW = re.compile(r"(?<![\d.,])(?<!and )([\d.,]+[A-Za-z]?(?: [A-Za-z]+)?) → \1(?=[,;.)]|$)")
PLACE = re.compile(r" in (?:the|one|some|every|\d+|\w+ layers?)\b[\w, ]*$")
VARIANT = ("window", "chunk", "position", "mechanism", "layout")
"""Said with the layers that have it, by changes of their own."""


@cache
def portraits() -> dict[str, Portrait]:
    return {entry.id: portrait(find(entry.id)) for entry in entries()}


@cache
def values(model: str, kind: str, name: str) -> frozenset[Value]:
    """What the layers' mixers of a kind have of a fact, each layer asked."""
    stacked = layers(portraits()[model].architecture.root)
    distinct = {id(layer): layer for layer in stacked}.values()
    blocks = [block for layer in distinct for block in mixers(layer) if block.kind == kind]
    return frozenset(facts(block).get(name) for block in blocks)


def several(value: Value) -> frozenset[Value]:
    return frozenset(value if isinstance(value, tuple) else (value,))


def everywhere(change: Change, old: str, new: str) -> bool:
    """Whether a fact changed so in all layers of its mechanism; what borrows an indexer has one."""
    kind, _, name = change.key.partition(".")
    before, after = values(old, kind, name), values(new, kind, name)
    if change.new is None:
        return after == {None}
    if change.old is None:
        return after == several(change.new) and not after & before - {None}
    return (before, after) == (several(change.old), several(change.new))


def of_layers(change: Change) -> bool:
    """Whether a change is one of a fact that mixers state by themselves."""
    kind, _, name = change.key.partition(".")
    mixer = change.role != "model" and kind not in ("token_mixer", "channel_mixer")
    return mixer and name not in VARIANT and not name.startswith(("indexer", "shared_index"))


def faults(one: Difference) -> Iterator[str]:
    """Everything in a difference that isn't so, or that nobody would say."""
    whole = " ".join(one.sentences)
    bare = whole.replace(one.old.name, "").replace(one.new.name, "")
    yield from re.findall(r"none →|→ none", bare) + NAME.findall(bare)
    if same := ARROW.search(bare):
        yield same[0]
    sizes = [
        c for c in one.changes if c.level == "scale" and c.key not in ("vocabulary", "context")
    ]
    if "at another size" in whole and not sizes:
        yield "at another size"
    if "no limit" in whole and not any(part.kind in ATTENTION for part in one.old.parts):
        yield "no limit to the context"
    for change in one.changes:
        words, _, before = PLACE.sub("", change.words).partition(" instead of ")
        if before and words.endswith(before):
            yield change.words
        if of_layers(change) and not change.part and not everywhere(change, one.old.id, one.new.id):
            yield f"{change.words}, as if in all layers"
        if of_layers(change) and change.part not in change.words:
            yield f"{change.words}, without {change.part}"


def test_no_sentence_of_any_two_models_is_false_or_broken() -> None:
    found = [
        (one.old.id, one.new.id, fault)
        for old, new in permutations(portraits().values(), 2)
        for one in [Difference(old, new)]
        for fault in faults(one)
    ]
    assert found == []


def test_no_cell_names_a_block_or_has_a_dash_beside_a_value() -> None:
    for one in portraits().values():
        cells = [row.words[0] for section in table([one]) for row in section.rows]
        told = [row.value for section in sheet(one.architecture) for row in section.rows]
        assert [cell for cell in told if re.search(r"[a-z]\.[a-z0-9]", cell)] == [], one.id
        assert [cell for cell in cells if NAME.search(cell) or "–" in cell] == [], one.id


def difference(old: str, new: str) -> Difference:
    return Difference(portraits()[old], portraits()[new])


@pytest.mark.parametrize(
    ("old", "new", "length"),
    [
        ("deepseek-v3", "deepseek-v3.2", 32_768),  # the indexer halves it
        ("glm-5.1", "glm-5.2", 131_072),  # a shared index matters where texts are longer
        ("deepseek-v3", "kimi-k2", 131_072),  # half the heads
        ("gpt-oss-20b", "gpt-oss-120b", None),  # more layers and active parameters alike
        ("llama-2-7b", "llama-3-8b", None),  # no length of 32K in Llama 2
    ],
)
def test_compute_is_said_where_it_changes_otherwise_than_active_parameters(
    old: str, new: str, length: int | None
) -> None:
    said = difference(old, new).sentences[1]
    assert ("compute" in said) is (length is not None)
    if length is not None:
        roots = [portraits()[model].architecture.root for model in (old, new)]
        before, after = (f"{flops_per_token(root, length) / 1e9:.2f} GFLOP" for root in roots)
        assert f"; compute per token at {length >> 10}K {before} → {after}" in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("glm-4.5", "step-3.5-flash", "heads in one layer of four 96 → 64"),  # 96 in the others
        (
            "llama-3-8b",
            "llama-4-maverick",
            "attention temperature by position in one layer of four",
        ),
        ("llama-2-70b", "llama-3.1-70b", "Llama 2 70B with a larger vocabulary (32,000 → 128,256)"),
        ("llama-2-7b", "baichuan2-7b", "an output head whose rows are normed; vocabulary 32,000"),
        ("kimi-k3", "glm-5.3-flash", "or key that all heads share"),
        ("deepseek-v3", "longcat-flash-lite-68.5b-a3b", "a state of 24 B is new"),
        ("mistral-7b-v0.1", "mixtral-8x7b", "the cache no longer stops growing (128 KiB per token"),
        (
            "mixtral-8x7b",
            "mistral-7b-v0.1",
            "the cache stops growing once windows are full (128 KiB",
        ),
        ("mamba-2.8b", "nemotron-h-56b", "a cache of 40 KiB per token is new"),
        ("nemotron-h-56b", "mamba-2.8b", "no cache any more (40 KiB per token before)"),
    ],
)
def test_what_was_said_wrongly_once(old: str, new: str, words: str) -> None:
    assert words in " ".join(difference(old, new).sentences)
