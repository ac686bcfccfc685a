"""Answers about a whole tree, worked out once however many figures, sheets and comparisons ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from llm_gallery.architecture.block import Block

Answer = TypeVar("Answer")
KEPT = 32
"""Trees whose answers are kept: a page and those beside it ask about a few, and a server must forget."""


class _Same:
    """A tree as a key: the same object, for comparing two trees takes longer than most answers."""

    __slots__ = ("tree",)

    def __init__(self, tree: Block) -> None:
        self.tree = tree

    def __hash__(self) -> int:
        return id(self.tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.tree is other.tree


def once_a_tree(ask: Callable[[Block], Answer]) -> Callable[[Block], Answer]:
    """A question about a tree that remembers its last answers; the answer must be one that nobody changes."""
    known = lru_cache(KEPT)(lambda key: ask(key.tree))

    @wraps(ask)
    def asked(tree: Block) -> Answer:
        return known(_Same(tree))

    return asked
