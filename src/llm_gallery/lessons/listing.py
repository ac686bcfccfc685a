"""The code of a lesson: functions of the file that is printed for its model, and the lines that a step runs."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.model_code import code


@dataclass(frozen=True, slots=True)
class Listing:
    """One function as it is printed, and where in the file it stands: its first line is 1; 0 is none of the file."""

    name: str
    first: int
    text: str

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines."""
        return tuple(self.text.split("\n"))

    def places(self, piece: str) -> tuple[int, ...]:
        """The lines that hold a piece of code, from 0."""
        return tuple(at for at, line in enumerate(self.lines) if piece in line)


@cache
def listing(model: str, function: str) -> Listing:
    """A function of a model's file, without its docstring. Raises Refusal where it has none of that name."""
    known = functions(model)
    if function not in known:
        names = ", ".join(known)
        raise Refusal(f"{model}'s file has no function {function!r}, expected one of {names}")
    return known[function]


@cache
def file(model: str) -> str:
    """The printed file of a model of the catalog. Raises Refusal where it can't be printed."""
    return code(model)


@cache
def functions(model: str) -> Mapping[str, Listing]:
    """The functions of a model's file by name, without their docstrings. Raises Refusal where it has no file."""
    text = file(model)
    lines = text.split("\n")
    listings = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            doc = node.body[0]
            has_docstring = isinstance(doc, ast.Expr) and isinstance(doc.value, ast.Constant)
            end = node.end_lineno or node.lineno
            body = doc.end_lineno or doc.lineno if has_docstring else node.body[0].lineno - 1
            head = lines[node.lineno - 1 : node.body[0].lineno - 1]
            code = [*head, *lines[body:end]]
            listings[node.name] = Listing(node.name, node.lineno, "\n".join(code))
    return listings
