"""Statements as text, with their comments; and without what nobody reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from llm_gallery.code.edits import names_in

STEP = "    "
WIDEST = 98
"""Of a line with its comment, less the two spaces between them."""


def note(node: ast.stmt, text: str) -> None:
    """Gives a statement a comment, which ast has no place for."""
    vars(node)["comment"] = text


def comment(node: ast.stmt) -> str:
    """A statement's comment."""
    return str(vars(node).get("comment", ""))


def block_text(lines: Sequence[ast.stmt], depth: int) -> str:
    """Statements, each on a line."""
    return "".join(_text(line, depth) for line in lines)


def _text(node: ast.stmt, depth: int) -> str:
    start, said = STEP * depth, comment(node)
    text = _line(node, depth)
    head, *rest = text.split("\n", 1)
    if not said:
        return text
    if len(head) + len(said) > WIDEST:
        return f"{start}{said}\n{text}"
    return "\n".join([f"{head}  {said}", *rest])


def _line(node: ast.stmt, depth: int) -> str:
    """Without its comment."""
    start, end = STEP * depth, "\n"
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            made = f"{start}if {ast.unparse(test)}:{end}{block_text(body, depth + 1)}"
            return made + (f"{start}else:\n{block_text(orelse, depth + 1)}" if orelse else "")
        case ast.For(target=target, iter=over, body=body):
            head = f"{start}for {_bare(target)} in {ast.unparse(over)}:{end}"
            return head + block_text(body, depth + 1)
        case ast.Assign(targets=[target], value=value):
            return f"{start}{_bare(target)} = {_bare(value)}{end}"
        case ast.Return(value=ast.Tuple() as value):
            return f"{start}return {_bare(value)}{end}"
    return f"{start}{ast.unparse(node)}{end}"


def _bare(node: ast.expr) -> str:
    """A tuple without parentheses."""
    text = ast.unparse(node)
    return text[1:-1] if isinstance(node, ast.Tuple) and len(node.elts) > 1 else text


def without_unused(lines: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Without names that nobody reads or that stand for another, and without one that is only returned."""
    held = [(line, _reads(line)) for line in _without_overwritten(_without_aliases(lines))]
    while True:
        read = {word for _, words in held for word in words}
        kept = [(line, words) for line, words in held if not _unread(line, read)]
        if len(kept) == len(held):
            return _returned_at_once([line for line, _ in held])
        held = kept


def _without_aliases(lines: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Without `a = b`, or `a, b = c, d`, where none is set again: what it stands for in its place."""
    held = list(lines)
    for place, line in enumerate(held):
        if not isinstance(line, ast.Assign):
            continue
        words, given = [*sets(line)], [*_read(line.value)]
        if not words or len(words) != len(given):
            continue
        after = held[place + 1 :]
        if not {*words, *(one.id for one in given)} & set_by(after):
            renamed = _Renamed(dict(zip(words, given, strict=True)))
            for later in after:
                renamed.visit(later)
            if place and not comment(held[place - 1]):
                note(held[place - 1], comment(line))
            return _without_aliases([*held[:place], *after])
    return held


def _without_overwritten(lines: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Without `a = b` before `a = c`, where nothing between reads it."""
    return [line for place, line in enumerate(lines) if not _overwritten(line, lines[place + 1 :])]


def _overwritten(line: ast.stmt, after: Sequence[ast.stmt]) -> bool:
    """Whether a line sets nothing but one name that a later line sets before any reads it."""
    match line:
        case ast.Assign(targets=[ast.Name(id=word)]):
            for later in after:
                if word in _reads(later):
                    return False
                if isinstance(later, ast.Assign) and word in sets(later):
                    return True
    return False


def _read(value: ast.expr) -> Iterator[ast.Name]:
    """The names of a value that is nothing but names; none of any other."""
    sides = value.elts if isinstance(value, ast.Tuple) else [value]
    names = [side for side in sides if isinstance(side, ast.Name)]
    if len(names) == len(sides):
        yield from names


class _Renamed(ast.NodeTransformer):
    """Other names in the place of some."""

    def __init__(self, given: Mapping[str, ast.Name]) -> None:
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.given.get(node.id, node)


def _reads(line: ast.stmt) -> set[str]:
    """The names of a statement but for those that it only sets."""
    if not isinstance(line, ast.Assign):
        return {one.id for one in names_in(line)}
    (target,) = line.targets
    sides = target.elts if isinstance(target, ast.Tuple) else [target]
    places = [side for side in sides if not isinstance(side, ast.Name)]
    return {one.id for one in names_in(line.value, *places)}


def _unread(line: ast.stmt, read: set[str]) -> bool:
    match line:
        case ast.Assign(targets=[ast.Name(id=word)]):
            return word not in read
    return False


def _returned_at_once(lines: list[ast.stmt]) -> list[ast.stmt]:
    """`y = f(x); return y` as `return f(x)`."""
    match lines[-2:]:
        case [
            ast.Assign(targets=[ast.Name(id=word)], value=value) as before,
            ast.Return(value=ast.Name(id=given)) as last,
        ] if word == given:
            last.value = value
            note(last, " ".join(filter(None, (comment(before), comment(last)))))
            return [*lines[:-2], last]
    return lines


def set_by(lines: Sequence[ast.stmt]) -> set[str]:
    """The names that statements set, those inside of tests and loops too."""
    return {name for line in lines for one in inner(line) for name in sets(one)}


def inner(line: ast.stmt) -> Iterator[ast.stmt]:
    """A statement, and all those inside it."""
    yield line
    for body in ("body", "orelse"):
        for one in getattr(line, body, ()):
            yield from inner(one)
    for case in getattr(line, "cases", ()):
        for one in case.body:
            yield from inner(one)


def sets(node: ast.AST) -> Iterator[str]:
    """The names that a statement sets."""
    match node:
        case ast.Assign(targets=[target]) | ast.For(target=target) | ast.AugAssign(target=target):
            yield from _names(target)
        case ast.AnnAssign(target=target):
            yield from _names(target)


def _names(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple):
        for one in target.elts:
            yield from _names(one)
