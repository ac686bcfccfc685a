"""Answers that are remembered by tree."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.once import KEPT, once_a_tree


def test_a_tree_is_asked_about_once_and_an_equal_one_again() -> None:
    asked: list[Block] = []

    @once_a_tree
    def kind(tree: Block) -> str:
        asked.append(tree)
        return tree.kind

    first, second = Block("model"), Block("model")
    assert [kind(first), kind(first), kind(second)] == ["model"] * 3
    assert len(asked) == 2
    for _ in range(KEPT):
        kind(Block("other"))
    kind(first)  # forgotten by now
    assert len(asked) == 3 + KEPT
