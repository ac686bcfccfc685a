"""A fault of ours: exit code 70 and one line that asks to report it, of any command; from Python it is raised as it is."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from llm_gallery import describe
from llm_gallery.architecture.mistake import Mistake
from llm_gallery.catalog import load
from llm_gallery.cli import FAULT, main
from tests.cli.test_interrupted import making_a_class

LINE = (
    r"llm-gallery: {} ended in a fault of ours \({} at llm_gallery\.[\w.]+:\d+, version [\w.]+{}\); "
    r"please report this line, and what you gave, to the gallery's authors\n"
)
RAISED = {
    "check": (["check", "."], "catalog.check", "check"),
    "code": (["code", "gpt2-xl"], "catalog.load", "described"),
    "draw": (["draw", "gpt2-xl", "-o", "x.svg"], "catalog.load", "described"),
    "explain": (["explain", "gpt2-xl"], "catalog.load", "described"),
    "facts": (["facts", "gpt2-xl"], "catalog.load", "described"),
    "list": (["list"], "catalog.load", "files"),
    "tensors": (["tensors", "gpt2-xl"], "catalog.load", "described"),
    "build": (["build", "site"], "catalog.load", "files"),
}
"""Commands, and what fails in them."""


def failing(error: BaseException) -> object:
    def failed(*_: object, **__: object) -> None:
        raise error

    return failed


@pytest.mark.parametrize("command", RAISED)
@pytest.mark.parametrize("error", [LookupError("a\nb"), RecursionError()])
def test_a_command_says_it_in_a_line(
    command: str,
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, module, name = RAISED[command]
    monkeypatch.setattr(import_module(f"llm_gallery.{module}"), name, failing(error))
    monkeypatch.setattr(load, "_DESCRIBED", {})
    assert main(arguments) == FAULT == 70
    message = re.escape(f": {error!s}".encode("unicode_escape").decode()) if str(error) else ""
    said = capsys.readouterr()
    assert re.fullmatch(LINE.format(command, type(error).__name__, message), said.err), said.err
    assert "Traceback" not in said.out


PROGRAM = """
import sys
from llm_gallery import cli
{}
sys.exit(cli.main(["facts", "gpt2-xl"]))
"""
FULL = """
import resource
from llm_gallery.catalog import load
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
def described(*_):
    held = []
    while True:
        held.append("x" * len(held))
load.described = described
"""
DEEP = """
from llm_gallery.catalog import load
def described(*_):
    return described()
load.described = described
"""
UNLOADED = "sys.modules['llm_gallery.cli.command'] = None"
"""What is wrong in a module is found where it is imported."""


@pytest.mark.parametrize(
    ("program", "error"),
    [(FULL, "MemoryError"), (DEEP, "RecursionError"), (UNLOADED, "ModuleNotFoundError")],
)
def test_a_process_ends_with_70(program: str, error: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(program)], capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout) == (70, "")
    assert re.fullmatch(LINE.format("facts", error, ".*"), ran.stderr), ran.stderr


def test_a_mistake_in_a_file_of_the_package_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("llm_gallery.cli.command.app", failing(Mistake("no colour", "x.py: ")))
    assert main(["list"]) == FAULT
    assert capsys.readouterr().err == "llm-gallery: x.py: no colour\n"


def test_an_interrupt_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llm_gallery.cli.command.app", making_a_class)
    assert main(["list"]) == 130


def test_python_raises_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "described", failing(KeyError("a")))
    with pytest.raises(KeyError):
        describe({"model_type": "llama"})
