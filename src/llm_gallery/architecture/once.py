"""Answers about a whole tree, worked out once however many figures, sheets and comparisons ask."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import TypeVar, cast

from llm_gallery.architecture.block import Block

Answer = TypeVar("Answer")
Given = TypeVar("Given", bound=Hashable)


def once_a_tree(ask: Callable[[Block], Answer]) -> Callable[[Block], Answer]:
    """A question that a tree is asked once: the tree keeps the answer, and both are forgotten together.

    The answer must be one that nobody changes.
    """

    @wraps(ask)
    def answer(tree: Block) -> Answer:
        known = tree.answers
        if ask not in known:
            known[ask] = ask(tree)
        return cast(Answer, known[ask])

    return answer


def once_a_tree_and(
    ask: Callable[[Block, Given], Answer],
) -> Callable[[Block, Given], Answer]:
    """The same of a question about a tree and something else, for each of which it is asked once."""

    @wraps(ask)
    def answer(tree: Block, given: Given) -> Answer:
        known = tree.answers
        if (ask, given) not in known:
            known[ask, given] = ask(tree, given)
        return cast(Answer, known[ask, given])

    return answer
