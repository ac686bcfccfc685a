"""A file's functions one by one, so that what changes one of them leaves the trees of the others."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from llm_gallery.code.edits import Edit, edited, names_in, nodes_in

APART = "\n\n\n"
"""What stands between two functions; no line of them begins without a space."""


@dataclass(frozen=True, eq=False)
class Definition:
    """The text of a function, or of what else stands at the top of a file; its tree is made when somebody asks."""

    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its tree, whose lines are counted from its own first one."""
        return ast.parse(self.text)

    @cached_property
    def function(self) -> ast.FunctionDef | None:
        """The function; None where it is something else."""
        first = self.tree.body[0] if self.tree.body else None
        return first if isinstance(first, ast.FunctionDef) else None

    @cached_property
    def named(self) -> Mapping[str, int]:
        """How often it names what, to call it or not."""
        return Counter(name.id for name in names_in(self.tree))

    def calls(self, words: Collection[str]) -> list[ast.Call]:
        """Its calls of functions of these names."""
        if self.named.keys().isdisjoint(words):
            return []
        return [
            node
            for node in nodes_in(self.tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in words
        ]

    def edited(self, edits: Iterable[Edit]) -> Definition:
        """The same with changes that don't overlap."""
        return Definition(edited(self.text, edits))


@lru_cache(maxsize=1)
def tree_of(code: str) -> ast.Module:
    """The tree of a printed file, for those who only read it: the pages of a model ask one after another."""
    return ast.parse(code)


def definitions(code: str) -> list[Definition]:
    """What stands at the top of a file, in order."""
    return [_definition(text) for text in re.split(rf"{APART}(?=\S)", code)]


@lru_cache(maxsize=256)
def _definition(text: str) -> Definition:
    """Most functions of a file are word for word those of others: their trees are only read."""
    return Definition(text)


def functions(held: Iterable[Definition]) -> Iterator[tuple[Definition, ast.FunctionDef]]:
    """Those that are functions."""
    for one in held:
        if one.function is not None:
            yield one, one.function


def code_of(held: Sequence[Definition]) -> str:
    """The file of what stands at its top."""
    return APART.join(one.text for one in held)
