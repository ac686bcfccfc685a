"""One row a fact: what builders state and comparisons derive has a row, and no row is left that nobody states."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from llm_gallery.analysis.fact_sheet import sheet
from llm_gallery.architecture.block import Architecture, walk
from llm_gallery.architecture.fact import Value
from llm_gallery.catalog.load import entries, find
from llm_gallery.comparison import Subject, profile
from llm_gallery.comparison.changes import traits
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms import facts
from llm_gallery.mechanisms.facts import Sort, term, terms
from llm_gallery.mechanisms.latent_attention import named
from llm_gallery.recognition import describe
from tests.families.test_speech import RELEASED as VIBEVOICE
from tests.truth.released import RELEASED
from tests.truth.test_random_configs import FAMILIES, mutated

SEEDS = range(1, 9)
TYPES: dict[Sort, tuple[type, ...]] = {
    "count": (int,),
    "size": (int,),
    "number": (int, float, str),  # several of them are a list in words
    "name": (str,),
    "yes-no": (bool,),
    "block": (str,),
}
OUTSIDE = {"place"}
"""Rows of tables that no block states."""


@cache
def architectures() -> tuple[Architecture, ...]:
    """The catalog's, releases beside it, and of every family several that were drawn at random."""
    catalog = [find(entry.id).architecture for entry in entries()]
    catalog += [describe(config) for config in RELEASED.values()]
    catalog.append(describe({**RELEASED["delta-net-default"], "use_gate": True}))  # none does
    catalog.append(describe(VIBEVOICE))  # of wrappers alone something speaks
    return (*catalog, *(describe(mutated(name, seed)) for name in FAMILIES for seed in SEEDS))


@cache
def stated() -> dict[str, dict[str, tuple[Value, str]]]:
    """Every fact that a builder states, by the kind of block, with a value and the model that has it."""
    found: dict[str, dict[str, tuple[Value, str]]] = {}
    for one in architectures():
        for _, block in walk(one.root):
            for key, fact in block.facts.items():
                where = f"{one.model_type}: {block.kind}"
                found.setdefault(named(block, key), {})[block.kind] = (fact.value, where)
    return found


@cache
def compared() -> set[tuple[str, str]]:
    """What comparisons speak of: kinds of block ("" for the whole) and names."""
    found: set[tuple[str, str]] = set()
    for one in architectures():
        model = profile(Subject(id="x", name="X", architecture=one))
        found |= {("", name) for name in model.traits}
        found |= {(part.kind, name) for part in model.parts for name in part.facts}
    return {(kind, name) for kind, name in found if not name.startswith("flow.")}


@pytest.mark.whole
def test_every_stated_fact_has_a_row() -> None:
    missing = {name: kinds for name, kinds in stated().items() if name not in terms()}
    assert missing == {}, f"facts.toml lacks {', '.join(missing)}"


def test_every_compared_fact_has_a_row() -> None:
    missing = {name for _, name in compared() if name.rpartition(".")[2] not in terms()}
    assert missing == set(), f"facts.toml lacks {', '.join(sorted(missing))}"


def test_every_row_is_of_a_fact() -> None:
    known = {*stated(), *(name.rpartition(".")[2] for _, name in compared()), *OUTSIDE}
    idle = {known_term.name for known_term in terms().values()} - known
    assert idle == set(), f"no family states {', '.join(sorted(idle))}"


def test_every_row_of_a_kind_is_of_a_fact_there() -> None:
    inside = {tuple(f"{kind}.{name}".split(".")[-2:]) for kind, name in compared()}
    known = inside | {(kind, name) for name, kinds in stated().items() for kind in kinds}
    own = {tuple(key.split(".")) for key in terms() if "." in key}
    assert own - known == set()


def test_rows_say_what_kind_of_value_a_fact_has() -> None:
    wrong = [
        (name, term(name, kind).sort, value, where)
        for name, kinds in stated().items()
        for kind, (value, where) in kinds.items()
        if value is not None and type(value) not in TYPES[term(name, kind).sort]
    ]
    assert wrong == []


def test_what_a_fact_follows_is_a_fact() -> None:
    causes = {cause for known in terms().values() for cause in known.follows}
    assert causes <= set(terms())


@pytest.mark.parametrize("model", ["deepseek-v3", "gemma-3-27b", "nemotron-3-nano-30b-a3b"])
def test_sheet_figure_and_comparison_call_a_fact_the_same(model: str) -> None:
    one = profile(find(model))
    labels = {row.label for section in sheet(one.architecture) for row in section.rows}
    assert labels
    for part in one.parts:
        answer = tooltip("", part.block).title
        for name in part.block.facts.keys() & part.facts.keys():
            heading = term(name, part.kind).heading
            assert heading in labels
            assert f"{heading}: " in answer
    for row in traits(one, one):
        if row.name in one.architecture.root.facts:
            assert term(row.name).heading in labels
            assert row.label == term(row.name).label


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[heads]\nlabel = "heads"\nis = "count"\nwieght = 1\n', r"\[heads\] has \['wieght'\]"),
        ('[heads]\nis = "count"\n', r"\[heads\] needs a label"),
        ('[heads]\nlabel = "heads"\nis = "many"\n', r"\[heads\] needs a label and `is`, one of"),
        (
            '[heads]\nlabel = "heads"\nis = "count"\n[width.in.mlp]\n',
            r"\['width'\] stand in \[heads\]",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_named(
    text: str, words: str, tmp_path: Path, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "facts.toml").write_text(text)
    monkeypatch.setattr(facts, "FILE", tmp_path / "facts.toml")
    with pytest.raises(ValueError, match=words):
        terms()


@pytest.fixture
def fresh() -> Iterator[None]:
    """The rows are read anew, before and after."""
    read = (terms, term, facts._texts, facts._row)
    for kept in read:
        kept.cache_clear()
    yield
    for kept in read:
        kept.cache_clear()


def test_what_a_kind_states_otherwise_leaves_the_rest() -> None:
    whole, own = term("heads"), term("heads", "mamba2")
    assert (own.label, own.noun, own.short) == ("state-space heads",) * 3
    assert (own.sort, own.meaning, own.weight) == (whole.sort, whole.meaning, whole.weight)
    assert term("indexer.heads", "latent_attention") is term("heads", "indexer")


def test_a_name_that_no_row_has_still_has_words() -> None:
    assert term("flow.first values", number=True).more == "a larger first values"
    assert term("odd_part").went == "no odd part"
