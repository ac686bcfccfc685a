"""Changes to the text of code at the places of its tree, so that comments stay where they are."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

PLAIN = {
    "arg", "attr", "conversion", "ctx", "id", "is_async", "kind", "name", "op", "ops", "simple",
    "type_comment",
}  # fmt: skip
"""Fields of nodes in which no other node stands, but an operator."""
HOLDING: Mapping[type, tuple[str, ...]] = {
    kind: tuple(word for word in kind._fields if word not in PLAIN)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and not issubclass(kind, ast.Constant)
}
"""Fields of each class of nodes in which others stand; names and constants hold none."""


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


def edited(code: str, edits: Iterable[Edit]) -> str:
    """The code with changes that don't overlap."""
    lines = [line.encode() for line in code.splitlines(keepends=True)]
    for line, first, last_line, last, text in sorted(edits, reverse=True):
        rest = lines[last_line - 1][last:] if last_line <= len(lines) else b""
        lines[line - 1 : last_line] = [lines[line - 1][:first] + text.encode() + rest]
    return b"".join(lines).decode()


def nodes_in(*trees: ast.AST) -> Iterator[ast.AST]:
    """Every node in them that may hold another, and every constant, in the order of `ast.walk`, in a third of its time."""
    todo: list[Any] = [*trees]
    for node in todo:  # which grows on the way, by what is no node, too
        words = HOLDING.get(type(node))
        if words is None:
            if isinstance(node, ast.AST):  # a constant
                yield node
            continue
        yield node
        for word in words:
            held = getattr(node, word)
            if type(held) is list:
                todo += held
            elif held is not None:
                todo.append(held)


def names_in(*trees: ast.AST) -> Iterator[ast.Name]:
    """Every name in them, in that order."""
    todo: list[Any] = [*trees]
    for node in todo:
        if type(node) is ast.Name or isinstance(node, ast.Name):
            yield node
            continue
        for word in HOLDING.get(type(node), ()):
            held = getattr(node, word)
            if type(held) is list:
                todo += held
            elif held is not None:
                todo.append(held)
