"""Code that runs in a lesson's page: functions of a model's printed file, on its miniature, to be changed.

The functions are those of `llm-gallery code` word for word, with the miniature's numbers.
"""

from __future__ import annotations

import ast
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any, TypeGuard

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import model
from llm_gallery.code.drafting import MODULE
from llm_gallery.code.file import at_once, printed
from llm_gallery.extras import need
from llm_gallery.running import given
from llm_gallery.site.contents import Site
from llm_gallery.site.core import EPOCH
from llm_gallery.site.page import Page

RUNTIME = (
    "pyodide/pyodide.asm.wasm",
    "pyodide/python_stdlib.zip",
    "pyodide/pyodide.asm.js",
    "pyodide/numpy.zip",
)
ARCHIVE = "run.zip"
MODULES = (
    "__init__.py",
    "running/__init__.py",
    "running/draws.py",
    "running/edited.py",
    "running/program.py",
)
"""What runs a printed file in the page: the same files as in the archive that describes, for one Python does both."""
TOKENS = 32
"""The most that a page runs: groups of 128 tokens would take it a second."""
OF_SHAPES = {
    "arange", "broadcast_to", "empty", "full", "group_rows", "range", "repeat", "reshape",
    "sliding_window_view", "split", "tile", "zeros",
}  # fmt: skip
"""Calls whose numbers say how large an array is: with another number the stored arrays don't fit."""


@dataclass(frozen=True, slots=True)
class Dial:
    """A number of the code that may be changed: `name = 5`, or `of = Kind(name=5)`."""

    name: str
    value: float
    of: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """What a page shows and loads of code that runs in it."""

    model: str  # its name
    function: str  # the one that is watched
    code: str  # what a reader may change
    dials: tuple[Dial, ...]
    data: Mapping[str, Any]
    scored: str = "next token’s scores"  # what the miniature gives
    other: str = ""  # the same by another way, to be tried in the place of `code`

    @property
    def json(self) -> bytes:
        """What the page loads when the code is to run."""
        return json.dumps(self.data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def running(
    name: str, function: str, *others: str, call: int = 0, look: str = "", other: str = ""
) -> Running:
    """A function of a catalog's model, and others that a reader may change with it.

    Of its calls by the model the one numbered `call` is drawn, and in it what it names `look`. `other` is the
    function in another way.

    Raises Refusal where the model can't run, or its file has no such function. Needs the `code` extra.
    """
    shown_model = model(name)
    assert shown_model.entry is not None
    config = shown_model.entry.config
    drafts = function == MODULE
    text, data = _miniature(json.dumps(config, sort_keys=True), drafts)
    tree = ast.parse(text)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for code_function in (function, *others):
        if code_function not in functions:
            raise Refusal(
                f"{shown_model.name}'s file has no function {code_function}, expected one of {', '.join(functions)}"
            )
    shown = [node for word, node in functions.items() if word in (function, *others)]
    constants = [*_constants(tree, shown)]
    code = "\n\n\n".join(_source(text, node) for node in shown)
    if constants:
        head = "\n".join(_source(text, node) for node in constants) + "\n\n\n"
        code, other = head + code, other and head + other
    sizes = _sizes(tree)
    dials = tuple(dial for node in constants for dial in _dials(node, _source(text, node), sizes))
    whole = {"file": text, "code": code, "function": function, "call": call, "look": look, **data}
    scored = "scores of the token after the next" if drafts else "next token’s scores"
    if data.get("at_once"):
        scored = "scores of each place"
    return Running(shown_model.name, function, code, dials, whole, scored, other)


@cache
def _miniature(config: str, drafts: bool) -> tuple[str, Mapping[str, Any]]:
    """The printed file of a config's miniature, and what it is run on: with its prediction module where that `drafts`."""
    need("code", "Printing code")
    from llm_gallery.code.formatted import formatted

    small = given.small(json.loads(config))
    whole = given.integers(small.root)
    stored = given.stored(small.root) + (given.of_module(small.root) if drafts else [])
    arrays = {tensor.name: tensor.shape for tensor in stored if tensor.name not in whole}
    text = given.text(small.root)
    data: dict[str, Any] = {
        "arrays": arrays,
        "whole": whole,
        "tokens": text._replace(tokens=min(text.tokens, TOKENS)),
    }
    if drafts:
        data["drafts"] = True
    if at_once(small.root):
        data["at_once"] = True
    return formatted(printed(small, "A miniature.")), data


def _source(text: str, node: ast.stmt) -> str:
    """The lines of a statement, with the comment behind it."""
    return "\n".join(text.splitlines()[node.lineno - 1 : node.end_lineno])


def _constants(tree: ast.Module, shown: Sequence[ast.FunctionDef]) -> Iterator[ast.Assign]:
    """What the functions read of the file's numbers, and of what differs from layer to layer."""
    read = {
        node.id for constant in shown for node in ast.walk(constant) if isinstance(node, ast.Name)
    }
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()):
                if name in read:
                    yield node
            case ast.Assign(value=ast.Call(func=ast.Name(id=kind))):
                if kind in read:
                    yield node


def _dials(node: ast.Assign, line: str, sizes: set[str]) -> Iterator[Dial]:
    """The numbers of a line that no array's shape follows: `sizes` say how large arrays are."""
    target = node.targets[0]
    assert isinstance(target, ast.Name)
    label = line.partition("#")[2].strip()
    match node.value:
        case ast.Constant(value=value):
            if _is_number(value) and not _is_size(target.id, sizes):
                yield Dial(target.id, value, label=label)
        case ast.Call(keywords=keywords):
            for keyword in keywords:
                value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
                if keyword.arg and _is_number(value) and not _is_size(keyword.arg, sizes):
                    yield Dial(keyword.arg, value, target.id)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_size(name: str, sizes: set[str]) -> bool:
    """Whether arrays have as many of something: then only stored ones of another shape would fit another number."""
    return name in sizes or name.lower().endswith("dim")


def _sizes(tree: ast.Module) -> set[str]:
    """Names and fields that say how large an array is: in a call that makes or cuts one, or divided without rest."""
    names = set()
    for node in ast.walk(tree):
        inside: list[ast.expr] = []
        if isinstance(node, ast.Call):
            called = (
                node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
            )
            if called in OF_SHAPES:
                inside = node.args
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv | ast.Mod):
            inside = [node]
        for inner_node in (each for part in inside for each in ast.walk(part)):
            if isinstance(inner_node, ast.Name):
                names.add(inner_node.id)
            elif isinstance(inner_node, ast.Attribute):
                names.add(inner_node.attr)
    return names


def archive() -> bytes:
    """The modules that run a printed file, as a zip that Python imports from."""
    here = files("llm_gallery")
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for name in MODULES:
            info = zipfile.ZipInfo(f"llm_gallery/{name}", EPOCH)
            zipped.writestr(info, here.joinpath(name).read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def parts() -> list[tuple[str, int]]:
    """The files that the page loads before the first run, below `static`, with their bytes."""
    static = files("llm_gallery.site").joinpath("static")
    sizes = [(name, len(static.joinpath(name).read_bytes())) for name in RUNTIME]
    return [*sizes, (ARCHIVE, len(archive()))]


def pages(_: Site) -> Iterator[Page]:
    """What all such code needs; each page adds the data of its own."""
    yield Page(f"static/{ARCHIVE}", archive)
