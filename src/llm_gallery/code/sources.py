"""The source of `mechanisms/forward`, parsed and never imported: functions, constants and imports by name, with comments."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from llm_gallery.code.text import note
from llm_gallery.mechanisms import forward

FOLDER = Path(forward.__file__).parent
PACKAGE = forward.__name__


@dataclass(frozen=True, slots=True)
class Source:
    """One module."""

    doc: str
    functions: Mapping[str, ast.FunctionDef]
    constants: Mapping[str, ast.expr]
    says: Mapping[str, str]  # what some of them are
    ours: Mapping[str, tuple[str, str]]  # name -> the module of the room and the name there
    others: Mapping[str, str]  # name -> the line that imports it


@cache
def source(module: str) -> Source:
    """The module of a kind, or one that several kinds use."""
    text = (FOLDER / f"{module}.py").read_text(encoding="utf-8")
    tree = ast.parse(text)
    _commented(tree, text)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    constants: dict[str, ast.expr] = {}
    ours: dict[str, tuple[str, str]] = {}
    others: dict[str, str] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=target)]):
                constants[target] = node.value
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value):
                constants[target] = value
            case ast.ImportFrom(module=str(origin)):
                for alias in node.names:
                    known = alias.asname or alias.name
                    if origin.startswith(PACKAGE):
                        ours[known] = (origin.removeprefix(f"{PACKAGE}."), alias.name)
                    else:
                        others[known] = f"from {origin} import {alias.name}"
            case ast.Import():
                for alias in node.names:
                    known = alias.asname or alias.name
                    others[known] = ast.unparse(ast.Import([alias]))
    return Source(
        ast.get_docstring(tree) or "", functions, constants, dict(_said(tree)), ours, others
    )


def _said(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What the text below a constant begins with."""
    for node, after in pairwise(tree.body):
        match node, after:
            case ast.Assign(targets=[ast.Name(id=word)]), ast.Expr(
                value=ast.Constant(value=str(text))
            ):
                first = re.split(r"[,:;.]( |$)", text)[0]
                yield word, first[0].lower() + first[1:]


def found(module: str, word: str) -> tuple[str, str]:
    """The module that defines what a module calls by a name, and its name there."""
    held = source(module)
    while word in held.ours:
        module, word = held.ours[word]
        held = source(module)
    return module, word


def _commented(tree: ast.Module, text: str) -> None:
    """Each statement of a function gets the comments on its lines, and those on lines of their own before it."""
    comments = dict(_comments(text))
    statements = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef)
    ]
    for node in statements:
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
        lines = range(node.lineno, last + 1)
        note(node, " ".join(comments[line] for line in lines if line in comments))


def _comments(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and not token.string.startswith("# noqa"):
            yield token.start[0], token.string
