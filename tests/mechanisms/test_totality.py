"""Whatever stands in a tree has a mechanism that states everything; what is missing is named, never a zero."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any

import pytest

import llm_gallery
from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block, walk
from llm_gallery.architecture.fact import fact
from llm_gallery.architecture.kinds import kinds
from llm_gallery.architecture.mistake import Mistake
from llm_gallery.architecture.parts import Names, language_model, layer, residual, rms_norm, stack
from llm_gallery.catalog.load import MODELS, find
from llm_gallery.figure import internals
from llm_gallery.mechanisms import (
    DRAWN,
    MECHANISMS,
    MIXING,
    colour_of,
    compared_as,
    concepts_of,
    counted_as,
    full,
    label,
    layer_word,
    numbers_of,
    short,
    size_of,
    title,
)
from llm_gallery.mechanisms._homes import SHARED, modules, stated
from llm_gallery.mechanisms._mechanism import Mechanism, keeps_nothing, no_work
from llm_gallery.mechanisms.colour import FAMILIES
from llm_gallery.mechanisms.lane_drawing import BY_CODE, by_code

IDS = sorted(file.stem for file in MODELS.glob("*.toml"))
NAMED = (title, full, short, label, layer_word, counted_as, compared_as)


def members(mechanism: Mechanism) -> dict[str, Any]:
    return {f.name: getattr(mechanism, f.name) for f in fields(mechanism)}


@pytest.mark.parametrize("kind", kinds())
def test_a_member_that_is_missing_is_named_with_its_kind(kind: str) -> None:
    stated = members(MECHANISMS[kind])
    assert type(MECHANISMS[kind])(**stated).names is MECHANISMS[kind].names
    optional = {
        each.name
        for each in fields(MECHANISMS[kind])
        if each.default is not MISSING or each.default_factory is not MISSING
    }
    assert not optional & {"names", "colour", "concepts", "does", "kept", "work", "drawing", "size"}
    for name in stated.keys() - optional - {"kind"}:
        others = {other: value for other, value in stated.items() if other != name}
        with pytest.raises(Mistake, match=rf"^{kind} has no {name};"):
            type(MECHANISMS[kind])(**others)


def test_a_kind_without_mechanism_is_named() -> None:
    with pytest.raises(LookupError, match="of the kind 'memory_of_nobody', which has no mechanism"):
        MECHANISMS["memory_of_nobody"]
    assert "memory_of_nobody" not in MECHANISMS
    assert DRAWN.get("rms_norm") is None


def test_each_kind_is_stated_where_it_is_looked_for_and_nothing_else_is() -> None:
    """The modules that several kinds share are a table: it names all that they state, in their order."""
    found = {module: tuple(one.kind for one in stated(module)) for module in modules()}
    assert {module: found[module] for module in SHARED} == SHARED
    alone = [(module, kinds) for module, kinds in found.items() if module not in SHARED and kinds]
    assert alone == [(module, (module,)) for module, _ in alone]
    assert {kind for kinds in found.values() for kind in kinds} == {*kinds()}


def test_a_kind_is_read_from_its_own_module_and_no_other() -> None:
    code = (
        "import sys; from llm_gallery.mechanisms import MECHANISMS; MECHANISMS['mamba2']; "
        "print([name for name in sys.modules if name in ('llm_gallery.mechanisms.mamba2', "
        "'llm_gallery.mechanisms.mlstm', 'llm_gallery.mechanisms.norms')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "['llm_gallery.mechanisms.mamba2']\n"


def test_a_kind_has_one_role_and_one_mechanism() -> None:
    assert len(set(kinds())) == len(kinds())
    assert all(mechanism.kind == kind for kind, mechanism in MECHANISMS.items())


def made(tree: ast.AST) -> Iterable[str]:
    """The kinds that a module gives its blocks."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            first = call.args[:1] if call.func.id in ("Block", "apart") else []
            changed = [k.value for k in call.keywords if k.arg == "kind"]
            given = [*first, *(changed if call.func.id in ("Block", "replace") else [])]
            yield from (str(g.value) for g in given if isinstance(g, ast.Constant))


def test_builders_make_no_other_kind() -> None:
    package = Path(llm_gallery.__file__).parent
    files = [*package.glob("architecture/**/*.py"), *package.glob("families/**/*.py")]
    found = {kind for file in files for kind in made(ast.parse(file.read_text("utf-8")))}
    assert found == {*kinds()}


def of_nobody() -> Block:
    """A model whose mixer nobody stated."""
    mixer = Block("memory_of_nobody", "memory", {"width": fact(64)})
    made = stack("layers", [layer(residual(rms_norm("norm", 64), mixer))])
    return language_model(made, Names(table="embed"), vocabulary=96, width=64, tied=fact(False))


@pytest.mark.parametrize(
    "asked", [lambda root: flops_per_token(root, 9), cache, parameters, concepts]
)
def test_an_unknown_mixer_is_no_zero(asked: object) -> None:
    assert callable(asked)
    with pytest.raises(LookupError, match="of the kind 'memory_of_nobody', which has no mechanism"):
        asked(of_nobody())


def test_what_is_drawn_by_code_has_code_and_nothing_else_has() -> None:
    asked = {kind for kind, home in DRAWN.items() if by_code(home.drawing)}
    there = {file.stem for file in Path(internals.__file__).parent.glob("[a-z]*.py")}
    assert asked == {kind for kind in kinds() if kind in there and DRAWN.get(kind)}
    assert all(callable(internals.code_of(kind)) for kind in asked)


def test_code_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DRAWN, "mamba2", replace(DRAWN["mamba2"], drawing=BY_CODE))
    with pytest.raises(Mistake, match="^mechanisms/: mamba2 is said to be drawn by code"):
        find("nemotron-3-nano-30b-a3b").figure()


LENT = "gated_memory"
"""Keeps nothing: it multiplies what an earlier layer read."""
WORKLESS = ("cross_attention", LENT, "short_convolution")
"""Compute nothing beside their matrices: one is passed by, the others multiply channel by channel."""


@pytest.mark.parametrize("kind", kinds("mixes tokens"))
def test_mixers_of_tokens_keep_and_compute_something(kind: str) -> None:
    assert (MECHANISMS[kind].kept is not keeps_nothing) == (kind != LENT)
    assert (MECHANISMS[kind].work is not no_work) == (kind not in WORKLESS)


def distinct(blocks: Iterable[Block]) -> Iterable[Block]:
    return {id(block): block for block in blocks}.values()


@pytest.mark.parametrize("name", IDS)
def test_every_block_of_a_model_says_all_that_it_is(name: str) -> None:
    root = find(name).architecture.root
    assert {block.kind for _, block in walk(root)} <= {*kinds()}
    told = (part for part in root.inside if not part.other_modality)  # whose attention says little
    for block in distinct(block for part in told for _, block in walk(part)):
        assert all(named(block).strip() for named in NAMED)
        assert colour_of(block) in FAMILIES
        assert MECHANISMS[block.kind].work(block, 4096) >= 0
        kept = MECHANISMS[block.kind].kept(block)
        assert kept.row == (
            (block.mixes_tokens and block.kind != LENT)
            or block.kind in ("indexer", "compressor", "ngram_memory")
        )
        assert all(concepts_of(block))
        if block.kind in DRAWN:
            assert all(value and words for value, words, _ in numbers_of(block, 4096))
        if block.kind in MIXING:
            assert "{" not in size_of(block)


def test_what_mixes_says_how_it_is_compared() -> None:
    assert {*MIXING} == {*kinds("mixes tokens"), *kinds("mixes channels")}
    assert {*MIXING} < {*DRAWN}


def test_headings_begin_with_a_capital() -> None:
    """A plate's title is a mechanism's name in full: Retention's had none. The m of mLSTM is how it is written."""
    held = {kind: made.names for kind, made in MIXING.items()}
    said = {kind: (names.title, names.full) for kind, names in held.items()}
    small = {
        words
        for both in said.values()
        for words in both
        if isinstance(words, str) and words[:1].islower() and words != "mLSTM"
    }
    assert small == set()
