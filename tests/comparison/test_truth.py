"""What every sentence and every cell says is so: read against the layers themselves, of every two models, both ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import pytest

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.fact_sheet import sheet
from llm_gallery.architecture.block import Block, layers, mixing
from llm_gallery.catalog.load import entries, find
from llm_gallery.comparison import Difference, Profile, profile, table
from llm_gallery.comparison.block_facts import Value, facts
from llm_gallery.comparison.change import Change
from llm_gallery.mechanisms.facts import terms
from tests.comparison.sentence_faults import NAME, grammar_faults
from tests.sample import Pairs, pairs

ARROW = re.compile(r"(?<![\d.,])(?<!and )([\d.,]+[A-Za-z]?(?: [A-Za-z]+)?) → \1(?=[,;)]|\.\s|\.?$)")
PLACE = re.compile(r" in (?:the|one|some|every|\d+|\w+ layers?)\b[\w, ]*$")
VARIANT = ("window", "chunk", "position", "mechanism", "layout")
"""Said with the layers that have it, by changes of their own."""
FOLLOWING = {known.name for known in terms().values() if known.follows}


@cache
def profiles() -> dict[str, Profile]:
    return {entry.id: profile(find(entry.id)) for entry in entries()}


@dataclass(frozen=True)
class Mixer:
    """What one layer has of a mechanism, as its own block states it."""

    layer: int
    reach: str
    positions: bool
    facts: dict[str, Value]


@cache
def held(model: str, kind: str) -> tuple[Mixer, ...]:
    """The mixers of a kind, layer by layer."""
    stacked = layers(profiles()[model].architecture.root)
    distinct = {id(layer): tuple(mixing(layer)) for layer in stacked}
    told = {id(block): facts(block) for blocks in distinct.values() for block in blocks}
    return tuple(
        Mixer(i, reach(block), block.value("position") != "none", told[id(block)])
        for i, layer in enumerate(stacked)
        for block in distinct[id(layer)]
        if block.kind == kind
    )


def reach(block: Block) -> str:
    return {"window": "windowed", "chunk": "chunked"}.get(
        next((name for name in ("window", "chunk") if name in block.facts), ""), "full"
    )


@cache
def values(model: str, kind: str, name: str) -> frozenset[Value]:
    """What the layers' mixers of a kind have of a fact, each layer asked."""
    return frozenset(one.facts.get(name) for one in held(model, kind))


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


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number(words: str) -> int:
    return NUMBERS.index(words) if words in NUMBERS else int(words)


def stands(words: str, found: frozenset[int], depth: int) -> bool:
    """Whether layers are where words say that they are, in a stack of a depth; read anew, not as they are written."""
    if words == "in every layer":
        return len(found) == depth
    if held := re.fullmatch(r"in the first(?: (\w+))? layers?", words):
        return found == set(range(number(held[1] or "one")))
    if held := re.fullmatch(r"after the first(?: (\w+))? layers?", words):
        return found == set(range(number(held[1] or "one"), depth))
    if held := re.fullmatch(r"in (\d+) of (\d+) layers", words):
        return (len(found), depth) == (int(held[1]), int(held[2]))
    held = re.fullmatch(r"in (\w+) layers? of (\w+)", words)
    assert held is not None, words
    count, unit = number(held[1]), number(held[2])
    return depth % unit == 0 and all(
        sum(i in found for i in range(at, at + unit)) == count for at in range(depth - unit + 1)
    )


@cache
def placed(model: str, kind: str, words: str) -> tuple[frozenset[int], ...]:
    """The layers that words may speak of: of every choice of reach and positions those that are there."""
    mine = held(model, kind)
    if named := re.fullmatch(r"in the ([\w ]+) layers", words):
        reaches = named[1].split(" and ")
        return (frozenset(one.layer for one in mine if one.reach in reaches),)
    sorts = sorted({(one.reach, one.positions) for one in mine})
    depth = len(layers(profiles()[model].architecture.root))
    chosen = (
        frozenset(one.layer for one in mine if (one.reach, one.positions) in some)
        for count in range(1, len(sorts) + 1)
        for some in combinations(sorts, count)
    )
    return tuple(found for found in chosen if stands(words, found, depth))


def there(change: Change, one: Difference) -> bool:
    """Whether a change that names layers is so in those of the new model.

    The other layers have what is new only where another change says so, or where it follows from one.
    """
    kind, _, name = change.key.partition(".")
    if None in several(change.new) and change.new is not None:
        return of_some(change, one)
    before = values(one.old.id, kind, name)
    told = [other.new for other in one.changes if other.key == change.key and other != change]
    new = several(change.new) - before - frozenset().union(*map(several, told))
    if None in before and name in FOLLOWING:
        new = frozenset()
    mine = held(one.new.id, kind)
    return several(change.old) <= before and any(
        {had.facts.get(name) for had in mine if had.layer in found} == several(change.new)
        and not any(had.facts.get(name) in new for had in mine if had.layer not in found)
        for found in placed(one.new.id, kind, change.part)
    )


def of_some(change: Change, one: Difference) -> bool:
    """Whether a fact that only some layers of a part have is in those that are named."""
    kind, _, name = change.key.partition(".")
    mine = held(one.new.id, kind)
    sorts = sorted({(had.reach, had.positions) for had in mine})
    depth = len(layers(one.new.architecture.root))
    return any(
        stands(change.part, having, depth)
        for count in range(1, len(sorts) + 1)
        for some in combinations(sorts, count)
        if (
            having := frozenset(
                had.layer
                for had in mine
                if name in had.facts and (had.reach, had.positions) in some
            )
        )
    )


def of_layers(change: Change) -> bool:
    """Whether a change is one of a fact that mixers state by themselves."""
    kind, _, name = change.key.partition(".")
    mixer = change.role != "model" and kind not in ("token_mixer", "channel_mixer")
    mixer = mixer and not change.brought
    return mixer and name not in VARIANT and not name.startswith(("indexer", "shared_index"))


def faults(one: Difference) -> Iterator[str]:
    """Everything in a difference that isn't so, or that nobody would say."""
    whole = " ".join(one.sentences)
    bare = whole.replace(one.old.name, "").replace(one.new.name, "")
    yield from grammar_faults(one)
    if same := ARROW.search(bare):
        yield same[0]
    sizes = [
        c for c in one.changes if c.level == "scale" and c.key not in ("vocabulary", "context")
    ]
    if "at another size" in whole and not sizes:
        yield "at another size"
    if "no limit" in whole and not any(part.block.attends for part in one.old.parts):
        yield "no stated context limit"
    for change in one.changes:
        words, _, before = PLACE.sub("", change.words).partition(" instead of ")
        if before and words == before:
            yield change.words
        if of_layers(change) and not change.part and not everywhere(change, one.old.id, one.new.id):
            yield f"{change.words}, as if in all layers"
        if of_layers(change) and change.part not in change.words:
            yield f"{change.words}, without {change.part}"
        if of_layers(change) and change.part and not there(change, one):
            yield f"{change.words}, but not there"


@pytest.mark.parametrize("compared", pairs())
def test_no_sentence_of_any_two_models_is_false_or_broken(compared: Pairs) -> None:
    found = [
        (one.old.id, one.new.id, fault)
        for pair in compared
        for one in (difference(*pair), difference(*reversed(pair)))
        for fault in faults(one)
    ]
    assert found == []


def test_no_cell_names_a_block_or_has_a_dash_beside_a_value() -> None:
    for one in profiles().values():
        cells = [row.words[0] for section in table([one]) for row in section.rows]
        told = [row.value for section in sheet(one.architecture) for row in section.rows]
        assert [cell for cell in told if re.search(r"[a-z]\.[a-z0-9]", cell)] == [], one.id
        assert [cell for cell in cells if NAME.search(cell) or "–" in cell] == [], one.id


def difference(old: str, new: str) -> Difference:
    return Difference(profiles()[old], profiles()[new])


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
    said = difference(old, new).sentences[-1]
    assert ("ompute" in said) is (length is not None)
    if length is not None:
        roots = [profiles()[model].architecture.root for model in (old, new)]
        before, after = (f"{flops_per_token(root, length) / 1e9:.0f}" for root in roots)
        assert f"ompute per token {before} → {after} GFLOP at {length >> 10}K" in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("glm-4.5", "step-3.5-flash", "fewer heads (96 → 64) in 12 of 45 layers"),  # 96 in others
        (
            "llama-3-8b",
            "llama-4-maverick",
            "attention temperature by position in one layer of four",
        ),
        ("gemma-3-27b", "llama-4-maverick", "temperature by position in one layer of four"),
        ("gemma-4-12b", "mistral-7b-v0.1", "head size 256 and 512 → 128"),
        (
            "gemma-4-12b",
            "qwen3-8b",
            "grouped-query attention (8 key-value heads) throughout",
        ),
        ("llama-2-70b", "llama-3.1-70b", "Llama 2 70B with a larger vocabulary (32,000 → 128,256)"),
        (
            "llama-2-7b",
            "baichuan2-7b",
            "Llama 2 7B with a larger vocabulary (32,000 → 125,696) and an output head whose rows are normed.",
        ),
        ("kimi-k3", "glm-5.3-flash", "no key that all heads share"),
        ("mistral-7b-v0.1", "mixtral-8x7b", "The cache no longer stops growing (128 KiB per token"),
        (
            "mixtral-8x7b",
            "mistral-7b-v0.1",
            "The cache stops growing once windows are full (128 KiB",
        ),
        ("mamba-2.8b", "llama-3-8b", "cache of 128 KiB per token is new"),
        ("llama-3-8b", "mamba-2.8b", "no cache any more (128 KiB per token before)"),
    ],
)
def test_what_was_said_wrongly_once(old: str, new: str, words: str) -> None:
    found = difference(old, new)
    assert words in " ".join([*found.sentences, *(change.words for change in found.changes)])


@pytest.mark.parametrize("new", ["llama-4-maverick", "llama-4-scout"])
@pytest.mark.parametrize("old", ["llama-2-70b", "llama-3-8b", "llama-3.1-405b", "llama-3.2-3b"])
def test_layers_without_positions_are_named_and_not_only_counted(old: str, new: str) -> None:
    assert "no positions in one layer of four" in " ".join(difference(old, new).sentences)


def test_of_kin_a_weighty_cause_is_named_where_a_number_can_give_way() -> None:
    """Nothing is only counted that a sentence of its own could name instead of the least number."""
    said = " ".join(difference("deepseek-llm-67b", "ling-2.5-1t").sentences)
    assert "256 experts (eight per token, one shared) after the first four layers" in said
