"""A short helper that is called once stands where it is called, with what it was called for as a comment."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.code.edits import Edit, calls, edited, functions, mentions, replaced, without

LONGEST = 4
"""Statements of a helper, its return included."""


@dataclass(frozen=True, slots=True)
class Place:
    """The one statement that calls a helper, and the function that it stands in."""

    line: ast.Assign | ast.Return
    call: ast.Call
    around: ast.FunctionDef


def inlined(code: str, kept: Collection[str]) -> str:
    """The code of functions without helpers that are called once; `kept` are names of functions that stay."""
    while (shorter := _once(code, kept)) is not None:
        code = shorter
    return code


def _once(code: str, kept: Collection[str]) -> str | None:
    tree = ast.parse(code)
    for node in functions(tree):
        if node.name in kept or len(node.args.args) < 2 or mentions(tree, [node.name]) != 1:
            continue
        if (place := _place(tree, node.name)) is not None:
            made = _statements(code, node, place)
            if made is not None:
                return edited(code, [without(node), replaced(place.line, made)])
    return None


def _place(tree: ast.Module, name: str) -> Place | None:
    """Where a helper is called; None where that is inside an expression, a branch or a loop."""
    for around in functions(tree):
        for line in around.body:
            match line:
                case ast.Assign(value=ast.Call() as call) | ast.Return(value=ast.Call() as call):
                    if calls(call, [name])[:1] == [call]:
                        return Place(line, call, around)
    return None


def _statements(code: str, node: ast.FunctionDef, place: Place) -> str | None:
    """What stands in the place of the call; None where the helper is long or its names are taken."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    *lines, last = body
    if len(body) > LONGEST or not isinstance(last, ast.Return) or last.value is None:
        return None
    if not all(isinstance(line, ast.Assign) for line in lines):
        return None
    given = {arg.arg: one for arg, one in zip(node.args.args, place.call.args, strict=True)}
    if any(not _simple(one) and _named(body, word) != 1 for word, one in given.items()):
        return None
    written = {name for line in lines for name in _set(line)}
    if _taken(written, given, place):
        return None
    edits = [
        replaced(one, ast.get_source_segment(code, given[one.id]) or "")
        for line in body
        for one in ast.walk(line)
        if isinstance(one, ast.Name) and one.id in given and not _same(given[one.id], one.id)
    ]
    return _text(code, node, edits, place)


def _text(code: str, node: ast.FunctionDef, edits: Sequence[Edit], place: Place) -> str:
    """The helper's statements with what it was given, under its first line of documentation."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    last = body[-1]
    assert isinstance(last, ast.Return)
    assert last.value is not None
    head = "return " if isinstance(place.line, ast.Return) else f"{_targets(code, place.line)} = "
    back = Edit(last.lineno, last.col_offset, last.lineno, last.value.col_offset, head)
    changed = edited(code, [*edits, back]).splitlines()
    first = min(line.lineno for line in body)
    stretch = changed[first - 1 : node.end_lineno]
    if isinstance(place.line, ast.Assign) and _back(last.value, place.line):
        stretch = stretch[:-1]
    said = (ast.get_docstring(node) or "").partition("\n")[0]
    lines = [f"    # {said}", *stretch] if said else stretch
    return textwrap.dedent("\n".join(lines)).replace("\n", "\n    ")


def _back(value: ast.expr, line: ast.Assign) -> bool:
    """Whether a helper gives back under the same names."""
    return ast.unparse(value) == ast.unparse(line.targets[0])


def _targets(code: str, line: ast.Assign) -> str:
    return ast.get_source_segment(code, line.targets[0]) or ""


def _simple(given: ast.expr) -> bool:
    return isinstance(given, ast.Name | ast.Constant)


def _same(given: ast.expr, word: str) -> bool:
    return isinstance(given, ast.Name) and given.id == word


def _named(lines: Sequence[ast.stmt], word: str) -> int:
    return sum(mentions(line, [word]) for line in lines)


def _set(line: ast.stmt) -> Iterator[str]:
    """The names that a statement writes."""
    for one in ast.walk(line):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id


def _taken(written: set[str], given: Mapping[str, ast.expr], place: Place) -> bool:
    """Whether a helper would write what its caller, or another of its own lines, still reads."""
    targets = {*_set(place.line)}
    after = [line for line in place.around.body if line.lineno > place.line.lineno]
    read = {one.id for line in after for one in ast.walk(line) if isinstance(one, ast.Name)}
    renamed = {
        word: one.id for word, one in given.items() if isinstance(one, ast.Name) and one.id != word
    }
    if written & renamed.keys():  # a parameter that is written under another name
        return True
    passed = {
        name.id for one in given.values() for name in ast.walk(one) if isinstance(name, ast.Name)
    }
    return bool(written & (read - targets)) or bool(written & passed - given.keys())
