"""A short helper that is called once stands where it is called, with what it was called for as a comment."""

from __future__ import annotations

import ast
import textwrap
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.code.definitions import Definition, functions
from llm_gallery.code.edits import Edit, between, edited, names_in, replaced

LONGEST = 4
"""Statements of a helper, its return included."""


@dataclass(frozen=True, slots=True)
class Place:
    """The one statement that calls a helper, and the function that it stands in."""

    line: ast.Assign | ast.Return
    call: ast.Call
    of: Definition
    around: ast.FunctionDef


def inlined(held: Sequence[Definition], kept: Collection[str]) -> Sequence[Definition]:
    """Functions without helpers that are called once; `kept` are names of functions that stay."""
    stay: set[tuple[Definition, Definition]] = set()
    while (fewer := _once(held, kept, stay)) is not None:
        held = fewer
    return held


def _once(
    held: Sequence[Definition], kept: Collection[str], stay: set[tuple[Definition, Definition]]
) -> list[Definition] | None:
    """With one helper where it is called; None where there is none. Those that `stay` where they are get known."""
    named: Counter[str] = Counter()
    for one in held:
        named.update(one.named)
    for one, node in functions(held):
        if node.name in kept or len(node.args.args) < 2 or named[node.name] != 1:
            continue
        caller = next(other for other in held if node.name in other.named)
        if (one, caller) in stay:
            continue
        place = _place(caller, node.name)
        made = None if place is None else _statements(one, node, place)
        if place is not None and made is not None:
            changed = caller.edited([replaced(place.line, made)])
            return [changed if other is caller else other for other in held if other is not one]
        stay.add((one, caller))
    return None


def _place(caller: Definition, name: str) -> Place | None:
    """Where a helper is called; None where that is inside an expression, a branch or a loop."""
    around = caller.function
    for line in () if around is None else around.body:
        match line:
            case (
                ast.Assign(value=ast.Call(func=ast.Name(id=word)) as call)
                | ast.Return(value=ast.Call(func=ast.Name(id=word)) as call)
            ) if word == name:
                assert around is not None
                return Place(line, call, caller, around)
    return None


def _statements(one: Definition, node: ast.FunctionDef, place: Place) -> str | None:
    """What stands in the place of the call; None where the helper is long or its names are taken."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    *lines, last = body
    if len(body) > LONGEST or not isinstance(last, ast.Return) or last.value is None:
        return None
    if not all(isinstance(line, ast.Assign) for line in lines):
        return None
    given = {arg.arg: one for arg, one in zip(node.args.args, place.call.args, strict=True)}
    times = Counter(name.id for name in names_in(*body))
    if not all(_fits(value, times[word]) for word, value in given.items()):
        return None
    if _taken(body, given, place):
        return None
    edits = [
        replaced(name, ast.get_source_segment(place.of.text, given[name.id]) or "")
        for name in names_in(*body)
        if name.id in given and not _same(given[name.id], name.id)
    ]
    return _text(one.text, node, edits, place)


def _text(code: str, node: ast.FunctionDef, edits: Sequence[Edit], place: Place) -> str:
    """The helper's statements with what it was given; several under its first line of documentation."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    last = body[-1]
    assert isinstance(last, ast.Return)
    back = _back(last, place.line)
    end = (node.end_lineno or 0) - (back is None)
    start = (node.body[0].end_lineno or 0) if body is not node.body else node.lineno
    stretch = edited(code, [*edits, *(back or ())]).splitlines()[start:end]
    said = (ast.get_docstring(node) or "").partition("\n")[0]
    lines = [f"    # {said}", *stretch] if said and len(body) > 1 else stretch
    return textwrap.dedent("\n".join(lines)).replace("\n", "\n    ")


def _back(last: ast.Return, line: ast.Assign | ast.Return) -> list[Edit] | None:
    """What makes a return the caller's own statement; None where all has its name already."""
    value = last.value
    assert value is not None
    if isinstance(line, ast.Return):
        return []
    targets, given = _sides(line.targets[0]), _sides(value)
    if len(targets) != len(given):
        targets, given = [line.targets[0]], [value]
    pairs = [
        (ast.unparse(one), ast.unparse(other)) for one, other in zip(targets, given, strict=True)
    ]
    left = [i for i, (one, other) in enumerate(pairs) if one != other]
    if not left:
        return None
    head = ", ".join(pairs[i][0] for i in left)
    edits = [Edit(last.lineno, last.col_offset, value.lineno, value.col_offset, f"{head} = ")]
    for i in set(range(left[-1])) - {*left}:
        here, after = given[i], given[i + 1]
        edits.append(Edit(here.lineno, here.col_offset, after.lineno, after.col_offset, ""))
    if left[-1] < len(given) - 1:
        edits.append(between(given[left[-1]], given[-1]))
    return edits


def _sides(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _fits(given: ast.expr, times: int) -> bool:
    """Whether what a call gives reads well in the place of a parameter that is named so many times."""
    if isinstance(given, ast.Name | ast.Constant):
        return True
    return times == 1 and isinstance(given, ast.Call | ast.Subscript | ast.Attribute)


def _same(given: ast.expr, word: str) -> bool:
    return isinstance(given, ast.Name) and given.id == word


def names_set(node: ast.AST) -> set[str]:
    """The names that are written."""
    return {one.id for one in names_in(node) if isinstance(one.ctx, ast.Store)}


def _taken(body: Sequence[ast.stmt], given: Mapping[str, ast.expr], place: Place) -> bool:
    """Whether a name would mean another thing: to the helper's lines in their new place, or to the caller's."""
    around = place.around
    own = {argument.arg for argument in around.args.args}
    own |= {name for line in around.body for name in names_set(line)}
    written = {name for line in body for name in names_set(line)}
    passed = {
        name for word, one in given.items() if not _same(one, word) for name in names_read([one])
    }
    renamed = {word for word, one in given.items() if not _same(one, word)}
    if written & (passed | renamed) or (names_read(body) - written - given.keys()) & own:
        return True
    after = [line for line in around.body if line.lineno > place.line.lineno]
    still = names_read(after) - names_set(place.line)
    return any(name in (still if name in own else names_read(around.body)) for name in written)


def names_read(nodes: Sequence[ast.AST]) -> set[str]:
    """The names that are read."""
    return {one.id for one in names_in(*nodes) if isinstance(one.ctx, ast.Load)}
