"""Changes to the text of code at the places of its tree, so that comments stay where they are."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Edit(NamedTuple):
    """What stands in the place of a stretch of text, given by lines from 1 and bytes from 0."""

    line: int
    first: int
    last_line: int
    last: int
    text: str


def replaced(node: ast.expr | ast.stmt | ast.arg, text: str) -> Edit:
    """Another text for a node."""
    last_line, last = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return Edit(node.lineno, node.col_offset, last_line, last, text)


def behind(node: ast.expr | ast.arg, text: str, inside: int = 0) -> Edit:
    """A text after a node, or so many characters before its end."""
    line, last = node.end_lineno or node.lineno, (node.end_col_offset or 0) - inside
    return Edit(line, last, line, last, text)


def between(before: ast.expr, last: ast.expr) -> Edit:
    """Nothing behind one node to the end of another."""
    line, first = before.end_lineno or before.lineno, before.end_col_offset or 0
    return Edit(line, first, last.end_lineno or last.lineno, last.end_col_offset or 0, "")


def without(node: ast.FunctionDef) -> Edit:
    """No function there, nor the blank lines after it."""
    return Edit(node.lineno, 0, (node.end_lineno or 0) + 3, 0, "")


def edited(code: str, edits: Iterable[Edit]) -> str:
    """The code with changes that don't overlap."""
    lines = [line.encode() for line in code.splitlines(keepends=True)]
    for line, first, last_line, last, text in sorted(edits, reverse=True):
        rest = lines[last_line - 1][last:] if last_line <= len(lines) else b""
        lines[line - 1 : last_line] = [lines[line - 1][:first] + text.encode() + rest]
    return b"".join(lines).decode()


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions of a module."""
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def names_in(*trees: ast.AST) -> Iterator[ast.Name]:
    """Every name in them, in no order; `ast.walk`, which asks each node for its fields, was a third of printing."""
    todo: list[object] = [*trees]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name):
            yield node
        elif isinstance(node, ast.AST):
            todo += vars(node).values()
        elif isinstance(node, list):
            todo += node


def calls(tree: ast.AST, words: Iterable[str]) -> list[ast.Call]:
    """All calls of functions of these names."""
    wanted = {*words}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in wanted
    ]


def mentions(tree: ast.AST, words: Iterable[str]) -> int:
    """How often a function is named, called or not."""
    wanted = {*words}
    return sum(name.id in wanted for name in names_in(tree))
