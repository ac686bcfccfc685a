"""Every concept's folder: whole, named as its code, importing from below alone, and undone where it says so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.mistake import Mistake
from llm_gallery.catalog.concept_reading import of_concept
from llm_gallery.concepts import CONCEPTS, concepts, rank, said_before, telling, undo_of
from llm_gallery.mechanisms.facts import terms
from tests.described_catalog import members

FOLDERS = sorted(path for path in CONCEPTS.iterdir() if path.is_dir() and path.name[0] != "_")
CODE = [file for folder in FOLDERS for file in folder.glob("*.py")]
BELOW = ("llm_gallery.architecture", "llm_gallery.concepts._", "llm_gallery.mechanisms")


def test_every_folder_is_a_concept_and_has_no_file_that_nothing_reads() -> None:
    assert [folder.name for folder in FOLDERS] == list(concepts())
    read = {"concept.toml", "lesson.toml", "reading.toml", "ablations.toml", "__pycache__"}
    for folder in FOLDERS:
        assert {path.name for path in folder.iterdir()} <= {
            *read,
            f"{folder.name.replace('-', '_')}.py",
        }


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.stem)
def test_code_undoes_and_imports_from_below(file: Path) -> None:
    assert callable(undo_of(file.parent.name))
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("llm_gallery"):
            assert node.module is not None
            assert node.module.startswith(BELOW)


def test_nothing_is_both_said_and_coded() -> None:
    for file in CODE:
        without = concepts()[file.parent.name].without
        assert without is None or without == type(without)(partly=without.partly), file


def test_facts_that_are_named_are_facts() -> None:
    """Also those in braces, but for what is counted of the layers."""
    counted = {"layers", "limited", "reach", "recurring", "used"}
    for concept in concepts().values():
        without, saves = concept.without, concept.saves
        named = {*without.facts, *without.instead} if without else set()
        named |= (
            {name for how in saves.how for name in re.findall(r"{(\w+)}", how)} if saves else set()
        )
        assert named <= {*terms(), *counted}, concept.id


def test_reading_lists_are_whole() -> None:
    assert sum(len(of_concept(concept)) for concept in concepts()) > 200


def test_what_nobody_describes_leads_nothing() -> None:
    assert rank(["no-such"]) == rank([]) == 7
    assert said_before("no-such", frozenset()) == ""
    assert telling("mamba") < telling("geglu") < telling("no-such")
    assert undo_of("no-such") is None


def test_code_without_its_function_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llm_gallery.concepts._undo.import_module", lambda name: ast)
    with pytest.raises(Mistake, match="tied-embeddings/tied_embeddings.py has no without"):
        undo_of.__wrapped__("tied-embeddings")


@pytest.mark.whole
def test_what_is_undone_is_gone_unless_it_says_partly() -> None:
    kept: dict[str, list[str]] = {}
    for member in members():
        root: Block = member.architecture.root
        for concept in shown(root):
            undo, stated = undo_of(concept), concepts()[concept].without
            if undo is not None and stated is not None and stated.partly:
                kept.setdefault(concept, [])
                if (changed := undo(root)) is not None and concept in shown(changed):
                    kept[concept].append(member.id)
    assert all(kept.values()), "nothing of it is left: partly says nothing"
