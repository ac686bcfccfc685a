"""The parts of a printed file, in its order: numbers, checkpoint, each mechanism, layers, model, generation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from llm_gallery.code.definitions import tree_of

Kind = Literal["numbers", "checkpoint", "mechanism", "layers", "model", "generation"]

LAYER = re.compile(r"(\w+_)?layer(_\d+)?")
"""How functions of layers are called; a mechanism is what they call."""
STREAM, MODEL, GENERATE = "stream", "model", "generate"
"""The functions up to the last norm, up to the scores, and of text; a file without a prediction module has no first one."""
SAYS: dict[Kind, str] = {
    "numbers": "What is imported, and the numbers of the model.",
    "checkpoint": "How its arrays are read.",
    "layers": "What each sort of layer does, and their order.",
    "model": "From tokens to the scores of the next one.",
    "generation": "Token after token, from the command line.",
}
OF_PLACES = "From tokens to the scores of each place."
EACH_PLACE = "The likeliest token of each place, from the command line."
"""What is said instead of a file that reads a text whole."""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that belong together; the first line of the file is 1, and `last` is inside."""

    kind: Kind
    name: str  # of the function, for a mechanism; else its kind
    says: str
    first: int
    last: int


def outline(text: str) -> tuple[Section, ...]:
    """The sections of a printed file: together, all its lines."""
    body = tree_of(text).body
    lines = text.rstrip("\n").split("\n")
    starts = [*_starts(body)]
    firsts = [_first(lines, body, at) for at, *_ in starts]
    ends = [*(first - 1 for first in firsts[1:]), len(lines)]
    return tuple(
        Section(kind, name, says, first, last)
        for (_, kind, name, says), first, last in zip(starts, firsts, ends, strict=True)
    )


def _starts(body: Sequence[ast.stmt]) -> Iterator[tuple[int, Kind, str, str]]:
    """The statement that each section begins with, its kind, its name and what it says."""
    names = [_name(node) for node in body]
    stored, weights = names.index("DTYPES"), names.index("Weights")
    model = names.index(STREAM if STREAM in names else MODEL)
    whole = GENERATE not in names  # what reads a text whole ends with the command line alone
    generation = len(names) - 1 if whole else names.index(GENERATE)
    layers = next(at for at, name in enumerate(names) if LAYER.fullmatch(name))
    called = {name for node in body[layers:generation] for name in _called(node)}
    yield 0, *_plain("numbers")
    yield stored, *_plain("checkpoint")
    first = weights + (2 if names[weights + 1] == "group_rows" else 1)
    mechanisms = [at for at in range(first, layers) if names[at] in called]
    for start, at in pairwise([first - 1, *mechanisms]):
        yield start + 1, "mechanism", names[at], _said(body[at])
    yield layers, *_plain("layers")
    yield model, "model", "model", OF_PLACES if whole else SAYS["model"]
    yield generation, "generation", "generation", EACH_PLACE if whole else SAYS["generation"]


def _plain(kind: Kind) -> tuple[Kind, str, str]:
    return kind, kind, SAYS[kind]


def _name(node: ast.stmt) -> str:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return ""


def _called(node: ast.AST) -> Iterable[str]:
    """Names of functions that it calls."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name):
            yield one.func.id


def _said(node: ast.stmt) -> str:
    """The first line of what a function says of itself."""
    told = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
    return (told or "").split("\n", 1)[0]


def _first(lines: Sequence[str], body: Sequence[ast.stmt], at: int) -> int:
    """The first line of a statement, with the comments directly above it."""
    line = body[at].lineno
    while at and line > 1 and lines[line - 2].startswith("#"):
        line -= 1
    return line
