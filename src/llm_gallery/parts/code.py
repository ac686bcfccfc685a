"""Where a printed file computes each part: its function, or the line that reads its weights."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from llm_gallery.code.definitions import tree_of

MOST = 40
"""Lines of a function that are shown; the whole of it stands in the file."""


class Lines(NamedTuple):
    """A part's code: the function's name, or "" for a line of a larger one; its first line in the file; the text."""

    function: str
    first: int
    text: str
    more: int  # lines of the function that are left out


def code_lines(text: str) -> Code:
    """The file, ready to be asked."""
    tree = tree_of(text)
    functions = {one.name: Function(one) for one in tree.body if isinstance(one, ast.FunctionDef)}
    schedule = next((one for one in tree.body if _names(one, "SCHEDULE")), None)
    return Code(text.splitlines(), functions, schedule)


@dataclass(frozen=True)
class Statement:
    """A statement, the names of arrays that it reads of w as patterns, and the statements in its body."""

    node: ast.stmt
    reads: tuple[re.Pattern[str], ...]
    inside: tuple[Statement, ...]

    def under(self, path: str) -> bool:
        """Whether it reads what stands directly below the path."""
        names = (path, f"{path}.weight", f"{path}.bias")
        return any(read.fullmatch(name) for read in self.reads for name in names)


@dataclass(frozen=True)
class Function:
    """A function, looked through once for what it reads and calls: many paths are looked up in it."""

    node: ast.FunctionDef

    @cached_property
    def body(self) -> tuple[Statement, ...]:
        """Its statements."""
        return tuple(map(_statement, self.node.body))

    @cached_property
    def calls(self) -> tuple[tuple[ast.Call, re.Pattern[str]], ...]:
        """Calls that are given a view on the weights, and its path with what ends it."""
        return tuple((call, _compiled(rf"{given}(?:\.|\Z)")) for call, given in _calls(self.node))

    @cached_property
    def handed(self) -> tuple[str, ...]:
        """Functions that are given all its weights."""
        return tuple(_handed(self.node))


@dataclass(frozen=True)
class Code:
    """A printed file by its functions."""

    lines: list[str]
    functions: Mapping[str, Function]
    schedule: ast.stmt | None

    def of(self, path: str, *, last: bool = False) -> Lines | None:
        """What computes the part at a path of the checkpoint; None where the file has no line of its own for it.

        With `last` it is where the path's weights are read for the last time: a tied head is at its embedding's path.
        """
        if last:
            statements = _reading(self.functions["model"].body, path)
            return self._statement(statements[-1]) if statements else None
        known = self._within("model", path)
        return known[0] if known else None

    def _within(self, name: str, path: str) -> tuple[Lines, str] | None:
        """The code of a path as the function calls it, and the function that it leads to."""
        function = self.functions.get(name)
        if function is None or not path:
            return None
        for call, given in function.calls:
            at = given.match(path)
            callee = None if at is None else self._callee(call, path)
            if at is None or callee is None:
                continue
            rest = path[at.end() :]
            if not rest:
                return self.function(callee), callee
            return self._within(callee, rest) or self._through(callee, rest)
        return self._through(name, path)

    def _through(self, name: str, path: str) -> tuple[Lines, str] | None:
        """The first statement that reads a weight below the path, in the function or in what it hands its weights to."""
        function = self.functions.get(name)
        if function is None:
            return None
        if statements := _reading(function.body, path):
            return self._statement(statements[0]), name
        for call in function.handed:
            if call != name and (found := self._within(call, path)):
                return found
        return None

    def _callee(self, call: ast.Call, path: str) -> str | None:
        """The function that is called; of a schedule's, the one of the layer that the path names."""
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in self.functions:
            return name
        number = re.search(r"\.(\d+)(?:\.|$)", path)
        if number is None or not isinstance(self.schedule, ast.Assign):
            return None
        order = _ordered(self.schedule.value)
        at = int(number[1])
        return order[at] if at < len(order) and order[at] in self.functions else None

    def function(self, name: str) -> Lines:
        """A function without what it says of itself. Raises KeyError for one that the file doesn't have."""
        function = self.functions[name].node
        body = function.body[1:] if ast.get_docstring(function) else function.body
        first = body[0].lineno
        last = function.end_lineno or first
        shown = self.lines[first - 1 : min(last, first - 1 + MOST)]
        text = "\n".join(line.removeprefix("    ") for line in shown)
        return Lines(name, function.lineno, text, max(0, last - first + 1 - MOST))

    def _statement(self, statement: ast.stmt) -> Lines:
        last = statement.end_lineno or statement.lineno
        shown = self.lines[statement.lineno - 1 : last]
        indent = len(shown[0]) - len(shown[0].lstrip())
        return Lines("", statement.lineno, "\n".join(line[indent:] for line in shown[:MOST]), 0)


def _names(statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == name for target in statement.targets
    )


def _ordered(node: ast.expr) -> list[str]:
    """The names of a schedule, as often as they stand in it: lists, sums and products of them."""
    match node:
        case ast.Name():
            return [node.id]
        case ast.List() | ast.Tuple():
            return [name for one in node.elts for name in _ordered(one)]
        case ast.BinOp(op=ast.Add()):
            return _ordered(node.left) + _ordered(node.right)
        case ast.BinOp(op=ast.Mult(), right=ast.Constant(value=int(times))):
            return _ordered(node.left) * times
    return []


def _calls(function: ast.FunctionDef) -> Iterator[tuple[ast.Call, str]]:
    """Calls that are given a view on the weights, and its path as a pattern."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        for given in node.args:
            if (
                isinstance(given, ast.Call)
                and isinstance(given.func, ast.Attribute)
                and given.func.attr == "at"
                and given.args
            ):
                yield node, _pattern(given.args[0])


def _pattern(node: ast.expr) -> str:
    """A name of the checkpoint with a number where the code has a variable."""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            re.escape(str(one.value)) if isinstance(one, ast.Constant) else r"\d+"
            for one in node.values
        )
    return re.escape(str(node.value)) if isinstance(node, ast.Constant) else r"(?!)"


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Files have most names in common, and more of them than `re` keeps."""
    return re.compile(pattern)


def _statement(node: ast.stmt) -> Statement:
    reads = tuple(_compiled(_pattern(name)) for name in map(_read_name, ast.walk(node)) if name)
    return Statement(node, reads, tuple(map(_statement, getattr(node, "body", []))))


def _read_name(node: ast.AST) -> ast.expr | None:
    """The name of an array that is read of w: of all of it, or of the rows of some tokens."""
    match node:
        case ast.Subscript(value=ast.Name("w")):
            return node.slice
        case ast.Call(func=ast.Attribute(value=ast.Name("w"), attr="rows"), args=[name, *_]):
            return name
    return None


def _reading(statements: Sequence[Statement], path: str) -> list[ast.stmt]:
    """The statements that read w["path.…"], in order; of a loop those inside."""
    found: list[ast.stmt] = []
    for one in statements:
        if one.under(path):
            found += _reading(one.inside, path) or [one.node]
    return found


def _handed(function: ast.FunctionDef) -> Iterator[str]:
    """Functions that are given all weights of this one."""
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and any(isinstance(given, ast.Name) and given.id == "w" for given in node.args)
        ):
            yield node.func.id
