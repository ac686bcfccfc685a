"""Answers that a tree keeps."""

from __future__ import annotations

import gc
from dataclasses import replace
from weakref import ref

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.once import once_a_tree, once_a_tree_and


def test_a_tree_is_asked_about_once_and_an_equal_one_again() -> None:
    asked: list[Block] = []

    @once_a_tree
    def kind(tree: Block) -> str:
        asked.append(tree)
        return tree.kind

    first, second = Block("model"), Block("model")
    assert [kind(first), kind(first), kind(second)] == ["model"] * 3
    assert len(asked) == 2
    assert kind(replace(first, kind="other")) == "other"
    assert first == Block("model")


def test_a_tree_is_asked_once_about_each_thing_beside_it() -> None:
    asked: list[str] = []

    @once_a_tree_and
    def called(tree: Block, given: str) -> str:
        asked.append(given)
        return f"{tree.kind} {given}"

    tree = Block("model")
    assert [called(tree, "a"), called(tree, "b"), called(tree, "a")] == [
        "model a",
        "model b",
        "model a",
    ]
    assert asked == ["a", "b"]


def test_a_tree_and_its_answers_are_forgotten_together() -> None:
    class Told:
        """An answer that holds its tree, as plans of figures do."""

        def __init__(self, tree: Block) -> None:
            self.tree = tree

    tell = once_a_tree(Told)
    gone = ref(tell(Block("model")))
    gc.collect()
    assert gone() is None
