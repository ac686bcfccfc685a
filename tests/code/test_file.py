"""A printed file as an engineer would have left it: formatted, typed, nothing in it that nothing uses, and the config's numbers."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruff import find_ruff_bin

from llm_gallery import code, describe
from llm_gallery.architecture.block import distinct, layers
from llm_gallery.cli import main
from tests.code.executed import Printed
from tests.code.test_printed import PRINTABLE, REFUSED
from tests.conftest import Golden
from tests.sample import dozen, first, sample

ROOT = Path(__file__).parents[2]
PRINTED = ("llama-3-8b", "gemma-3-27b", "deepseek-v3")
EACH = pytest.mark.parametrize(
    "model", first(PRINTABLE, {*dozen(), *PRINTED}, {*PRINTABLE} - {*sample()}), scope="module"
)
"""One model after the other: its file is printed once."""
DRAFT = "draft"
"""What nothing in a file calls: whoever decodes speculatively does."""
ALIKE = re.compile(r"(\w+_)?layer(_\d+)?\((w|positions|layer|tokens|embedded)\)")
"""Layers of all sorts take the same, whatever they do with it: nothing where a text passes them by."""
RULES = "F,E4,E7,E9,W,I,B,UP,SIM,C4,PIE,RET"


@cache
def file(model: str) -> str:
    return code(model)


def ran(*command: str, text: str | None = None) -> str:
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8")
    return done.stdout + done.stderr if done.returncode else ""


def unused(text: str) -> set[str]:
    """What a file defines and never names again: functions, constants, fields, parameters."""
    tree = ast.parse(text)
    defined: set[str] = set()
    read: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name, args=parameters):
                defined |= {name} - {"__init__", "__getitem__"}
                read_in = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
                defined |= {f"{name}({p.arg})" for p in parameters.args if p.arg not in read_in}
            case ast.ClassDef(name=name):
                defined.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                defined.add(name)
            case ast.Name(id=name):
                read.add(name)
            case ast.Attribute(attr=name, ctx=ast.Load()):
                read.add(name)
    return defined - read - {"_", DRAFT}


def decided(text: str) -> list[str]:
    """Tests in a file that come out the same whatever it is given."""
    tests = (
        node.test
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.If | ast.IfExp | ast.While)
    )
    return [ast.unparse(test) for test in tests if not _open(test)]


def _open(test: ast.expr) -> bool:
    """Whether it asks for anything but constants."""
    names = [one.id for one in ast.walk(test) if isinstance(one, ast.Name)]
    return any(not name.isupper() for name in names)


@EACH
def test_nothing_in_it_is_unused_or_decided_already(model: str) -> None:
    text = file(model)
    assert not {name for name in unused(text) if not ALIKE.fullmatch(name)}
    assert not decided(text)
    assert not ran(find_ruff_bin(), "check", "--isolated", f"--select={RULES}", "-", text=text)
    assert not ran(
        find_ruff_bin(), "format", "--isolated", "--line-length=100", "--check", "-", text=text
    )


@pytest.mark.parametrize(
    "models",
    [
        pytest.param(PRINTED, id="three"),
        pytest.param({*sample()} & {*PRINTABLE}, id="sample", marks=pytest.mark.whole),
        pytest.param(PRINTABLE, id="all", marks=pytest.mark.every),
    ],
)
def test_it_is_typed(models: Collection[str], tmp_path: Path) -> None:
    for number, model in enumerate(models):
        (tmp_path / f"printed_{number}.py").write_text(file(model))
    settings = (
        "--strict",
        "--warn-unreachable",
        "--config-file=",
        f"--cache-dir={ROOT}/.mypy_cache",
    )
    assert not ran(sys.executable, "-m", "mypy", *settings, str(tmp_path))


@EACH
def test_its_numbers_are_the_models(model: str) -> None:
    names = Printed(file(model)).names
    root = describe(model).root
    stated: dict[str, set[Any]] = {}
    for block in distinct(root):
        for name, value in {
            **{k: v.value for k, v in block.facts.items()},
            **block.settings,
        }.items():
            stated.setdefault(name.upper(), set()).add(str(value))
    held = {name: value for name, value in names.items() if name.isupper() and name in stated}
    assert {name for name, value in held.items() if str(value) not in stated[name]} == set()
    assert names["LAYERS"] == len(layers(root)) == len(names.get("SCHEDULE", layers(root)))
    assert f"{sum(1 for _ in layers(root))} layers" in names["__doc__"]


@pytest.mark.golden
@pytest.mark.parametrize("model", PRINTED)
def test_the_whole_file(model: str, golden: Golden) -> None:
    golden(ROOT / "tests" / "golden" / "code" / f"{model}.py.txt", file(model))


def test_the_command_prints_and_writes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["code", "llama-3-8b"]) == 0
    assert capfd.readouterr().out == file("llama-3-8b")
    assert main(["code", "llama-3-8b", "-o", str(tmp_path / "llama.py")]) == 0
    assert (tmp_path / "llama.py").read_text() == file("llama-3-8b")


@pytest.mark.parametrize(
    ("model", "said"),
    [(REFUSED[0], "can't run yet: "), ("nobody-9b", "no model of the catalog")],
)
def test_a_refusal_is_one_line(model: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["code", model]) == 3
    assert said in capfd.readouterr().err
