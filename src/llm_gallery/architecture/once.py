"""Answers about a whole tree, worked out once however many figures, sheets and comparisons ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from llm_gallery.architecture.block import Block

Answer = TypeVar("Answer")


def once_a_tree(ask: Callable[[Block], Answer]) -> Callable[[Block], Answer]:
    """A question that a tree is asked once: the tree keeps the answer, and both are forgotten together.

    The answer must be one that nobody changes.
    """

    @wraps(ask)
    def asked(tree: Block) -> Answer:
        known = tree.answers
        if ask not in known:
            known[ask] = ask(tree)
        return cast(Answer, known[ask])

    return asked
