"""A printed file at work on random weights, with a reader's lines in the place of its own.

It needs nothing but numpy: a lesson's page runs it.
"""

from __future__ import annotations
import __future__

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

import numpy as np

Array = Any  # of numpy
FILE, EDIT = "the file", "your code"
"""What the two texts are called in a traceback."""
WATCH = "__watch__"
"""Beside each definition of the watched function: a call that notes what goes in and comes out."""


class Wrong(Exception):
    """Why a reader's code gives nothing: a sentence, and the line of the edit where there is one."""

    def __init__(self, said: str, line: int | None = None) -> None:
        super().__init__(said)
        self.said, self.line = said, line


@dataclass(slots=True)
class Call:
    """One call of the watched function."""

    given: tuple[Any, ...]
    gave: Any


class Program:
    """A file of which some definitions are a reader's; all of it is executed anew."""

    def __init__(
        self,
        file: str,
        edit: str,
        watched: str,
        arrays: Mapping[str, Array],
        *,
        drafts: bool = False,
    ) -> None:
        """With `drafts` the prediction module scores the tokens after the next.

        Raises Wrong where the edit is no Python, or lacks what it is to define.
        """
        self.watched, self.drafts = watched, drafts
        self.calls: list[Call] = []
        self.seen: dict[str, Array] = {}  # the arrays inside the call that was looked into last
        self.names: dict[str, Any] = {"__name__": "printed", WATCH: self._watching}
        self._noting = False
        with np.errstate(all="ignore"), telling():
            for code in _pieces(file, edit, watched):
                exec(code, self.names)
        self.weights = _in_memory(self.names["Weights"])(arrays)
        self.names["Weights"] = type(self.weights)

    def scores(self, tokens: list[int], *, apart: bool = False) -> tuple[Array, list[Any]]:
        """The scores of all tokens at once, or `apart`, one after another; and what each layer keeps.

        What drafts leaves the last token out: none is there that follows it.
        """
        count = self.names["LAYERS"] * self.names.get("PASSES", 1) + self.drafts
        past: list[dict[str, Array]] = [{} for _ in range(count)]
        run = self.names["draft" if self.drafts else "model"]
        text = tokens[:-1] if self.drafts else tokens
        groups = [[token] for token in text] if apart else [text]
        made, seen = [], 0
        with np.errstate(all="ignore"), telling():
            for group in groups:
                positions = np.arange(seen, seen + len(group))
                given = [np.array(group)]
                if self.drafts:
                    given.append(np.array(tokens)[positions + 1])
                made.append(run(self.weights, *given, past, positions))
                seen += len(group)
            return np.concatenate(made), past

    def noted(self, tokens: list[int]) -> tuple[Array, list[Any]]:
        """The same as `scores`, all at once, with each call of the watched function noted."""
        self.calls, self._noting = [], True
        try:
            return self.scores(tokens)
        finally:
            self._noting = False

    def again(self, call: Call, others: Program, *, look: bool = False) -> Any:
        """What the watched function gives on what it was given in another program's call."""
        given = [self._settings_of(value, others) for value in copied(call.given)]
        function = self.function
        with np.errstate(all="ignore"), telling():
            if not look:
                return function(*given)
            self.seen = {}
            sys.setprofile(_looking(function.__code__, self.seen))
            try:
                return function(*given)
            finally:
                sys.setprofile(None)

    def _settings_of(self, value: Any, others: Program) -> Any:
        """What differs from layer to layer, as this program states it."""
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            name = next((name for name, one in others.names.items() if one is value), None)
            return value if name is None else self.names[name]
        return value

    def _watching(self, function: Callable[..., Any]) -> Callable[..., Any]:
        self.function = function

        def watched(*given: Any) -> Any:
            if not self._noting:
                return function(*given)
            kept = copied(given)
            gave = function(*given)
            self.calls.append(Call(kept, copied(gave)))
            return gave

        return watched


@contextmanager
def telling() -> Iterator[None]:
    """What goes wrong inside is said in a sentence, with the line of the edit that it comes from."""
    try:
        yield
    except Wrong:
        raise
    except (Exception, SystemExit) as error:
        line, inside, trace = None, "", error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_filename == EDIT:
                line, inside = trace.tb_lineno, ""
            elif code.co_filename == FILE:
                inside = code.co_name
            trace = trace.tb_next
        what = f"{type(error).__name__}: {error}"
        raise Wrong(f"{what}, in {inside}" if inside else what, line) from error


def copied(value: Any) -> Any:
    """A value whose arrays, lists and dicts nobody else holds."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K")  # as it lies: in another order sums round otherwise
    if isinstance(value, list) or type(value) is tuple:
        return type(value)(copied(one) for one in value)
    return {name: copied(one) for name, one in value.items()} if type(value) is dict else value


def _in_memory(weights: Any) -> Any:
    """The file's class of weights, over arrays in memory instead of a checkpoint's."""

    def read(self: Any, name: str, rows: Any) -> Array:
        array, row = self.arrays[self.path + name], getattr(self, "row", None)
        return array[rows] if row is None else array[row][rows]

    return type("Weights", (weights,), {"rows": read})


def _looking(code: CodeType, seen: dict[str, Array]) -> Callable[[FrameType, str, Any], None]:
    """Keeps the arrays of one function's names when it returns."""

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == "return" and frame.f_code is code:
            for name, value in frame.f_locals.items():
                if isinstance(value, np.ndarray) and value.dtype.kind in "fib":
                    seen[name] = value.copy()

    return look


def _pieces(file: str, edit: str, watched: str) -> Iterator[CodeType]:
    """The file's statements, those that the edit defines anew replaced, the edit's others at the end."""
    try:
        edited = ast.parse(edit)
    except SyntaxError as error:
        raise Wrong(f"{error.msg}", error.lineno) from error
    parts: list[tuple[str, ast.stmt]] = []
    own: dict[str, list[ast.stmt]] = {}
    for node in edited.body:
        own.setdefault(defined(node), []).append(node)
    if watched not in own:
        raise Wrong(f"{watched} is gone, and the model calls it")
    for node in ast.parse(file).body:
        name = defined(node)
        mine = own.pop(name, None) if name else None
        parts += [(FILE, node)] if mine is None else [(EDIT, one) for one in mine]
        if name == watched:
            parts.append((FILE, ast.parse(f"{name} = {WATCH}({name})").body[0]))
    parts += [(EDIT, node) for nodes in own.values() for node in nodes]
    run: list[ast.stmt] = []
    for place, (whose, node) in enumerate(parts):
        run.append(node)
        if place + 1 == len(parts) or parts[place + 1][0] != whose:
            flags = __future__.annotations.compiler_flag
            try:
                yield compile(ast.Module(run, []), whose, "exec", flags, dont_inherit=True)
            except SyntaxError as error:
                raise Wrong(f"{error.msg}", error.lineno) from error
            run = []


def defined(node: ast.stmt) -> str:
    """The name that a statement gives to a function, class or value; else none."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""
