"""A config is a stranger's text: what is printed of it, and executed, holds its names and numbers as literals alone."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from llm_gallery import Refusal, catalog, code, describe, miniature, run
from llm_gallery.catalog.load import Model
from llm_gallery.code.file import printed
from llm_gallery.code.supported import refused
from llm_gallery.running.proof import some
from llm_gallery.running.random_weights import RandomWeights
from tests.sample import first, of_each_family

MARK = "stranger"
"""In each hostile text: outside of literals it must not come."""
TEXTS = (
    f"__import__('pathlib').Path('{MARK}').touch()",
    f"silu\nopen('{MARK}', 'w')\n",
    f"'); open('{MARK}', 'w'); ('",
    f'"""\nopen("{MARK}", "w")\n"""',
    f"{{{MARK}}}\\",
)
NUMBERS = (
    nan,
    inf,
    -inf,
    1e308,
    -1,
    0,
    True,
    10**30,
    f"__import__('os').{MARK}",
    [MARK],
    {MARK: 1},
)
CONFIGS = {entry.id: entry.config for entry in catalog()}
FROM = {"collections.abc", "pathlib", "typing", "math", "__future__"}
PLAIN = {"json", "re", "sys", "numpy"}


def foreign(text: str) -> Iterator[str]:
    """What a file has that none of ours has: a name from nowhere, a hidden attribute, an import, a stranger's word."""
    tree = ast.parse(text)
    nodes = [*ast.walk(tree)]
    bound = {
        node.id
        for node in nodes
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }
    bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    bound |= {node.name for node in nodes if isinstance(node, ast.ExceptHandler) and node.name}
    known = {*vars(builtins)} - {
        "exec",
        "eval",
        "compile",
        "open",
        "__import__",
        "getattr",
        "setattr",
        "globals",
        "vars",
    }
    literals = 0
    for node in nodes:
        match node:
            case ast.Import(names=names):
                bound |= {one.asname or one.name for one in names}
                yield from (one.name for one in names if one.name not in PLAIN)
            case ast.ImportFrom(module=module, names=names):
                bound |= {one.name for one in names}
                yield from () if module in FROM else (str(module),)
            case ast.Attribute(attr=word) if word.startswith("_"):
                yield word
            case ast.Constant(value=str(said)):
                literals += said.count(MARK)
    read = {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    yield from sorted(read - bound - known - {"__name__"})
    if text.count(MARK) != literals:
        yield MARK


def places(
    config: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each value of a config, those inside objects too."""
    for key, value in config.items():
        if isinstance(value, Mapping):
            yield from places(value, (*path, key))
        else:
            yield (*path, key), value


def changed(config: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The config with another value at a place."""
    key, *rest = path
    inner = changed(config[key], tuple(rest), value) if rest else value
    return {**config, key: inner}


def hostile(config: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A config with a stranger's text, or number, in the place of each of its values; or under a key of his own."""
    for place, (path, value) in enumerate(places(config)):
        if path == ("model_type",):
            continue
        texts = isinstance(value, str | None) or (
            isinstance(value, list) and value and isinstance(value[0], str)
        )
        said = TEXTS if texts else NUMBERS
        one = said[place % len(said)]
        yield changed(config, path, [one] * len(value) if isinstance(value, list) else one)
    yield {**config, TEXTS[0]: 1, f"{MARK} = 1; x": TEXTS[1]}


@pytest.mark.parametrize(
    "model",
    first(of_each_family(), of_each_family()[::12], {*of_each_family()} - {*of_each_family()[::3]}),
)
def test_what_a_stranger_states_is_refused_or_a_literal(model: str) -> None:
    small, tried, refusals = miniature(CONFIGS[model]), 0, []
    for config in hostile(small):
        try:
            text = printed(describe(config), "")
        except Refusal as said:
            refusals.append(str(said))
            continue
        assert [*foreign(text)] == []
        tried += 1
    assert tried or refused(describe(small))  # what no run reads may say anything
    assert all(said.isprintable() for said in refusals)


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "x = ().__class__",
        f"x = {MARK}",
        f"x = 1  # {MARK}",
        "def f(x):\n    return open(x)",
        "from os import path",
    ],
)
def test_what_is_foreign_is_seen(text: str) -> None:
    assert [*foreign(text)]


def test_nothing_that_a_stranger_states_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    small = miniature(CONFIGS["gemma-3-27b"])
    for config in hostile(small):
        try:
            made = describe(config)
            run(made, RandomWeights(made.root), some(made.root)[:2])
        except Refusal:
            continue
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("name", ['"""\nraise SystemExit(7)\n"""', "a\\", '"a"', '""""', "\x00'''"])
def test_a_name_is_text_in_a_docstring(name: str) -> None:
    config = CONFIGS["gpt2-xl"]
    files = (code(Model("given", said, describe(config), config=config)) for said in (name, "GPT"))
    hostile, honest = (ast.parse(file).body for file in files)
    assert [*map(ast.dump, hostile[1:])] == [*map(ast.dump, honest[1:])]
    assert isinstance(hostile[0], ast.Expr)
