"""What README.md says can be typed: its Python runs, and the command line knows every command, option and value."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.analysis.facts import facts
from llm_gallery.catalog.load import find
from llm_gallery.cli.commands import app

TEXT = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^llm-gallery ([^#\n]+)", TEXT, re.M)
SNIPPETS = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_known(command: str) -> None:
    called, bound, _ = app.parse_args(shlex.split(command), print_error=False, exit_on_error=False)
    assert called.__module__ == "llm_gallery.cli.commands"
    assert bound.arguments or command.strip() in ("list", "trends", "accuracy")


def test_every_command_is_shown() -> None:
    shown = {command.split()[0] for command in COMMANDS} | {"serve"}  # as `make serve`
    assert shown == {name for name in app if not name.startswith("-")}


def test_python_draws(tmp_path: Path) -> None:
    held: dict[str, Any] = {}
    exec(SNIPPETS[0], held)
    drawn = held["figures"].difference("deepseek-v3", "kimi-k2").save(tmp_path / "figure.pdf")
    assert drawn.read_bytes().startswith(b"%PDF")


def test_python_counts() -> None:
    model = find("gpt2-xl")
    assert model.entry is not None
    *imports, last = SNIPPETS[1].strip().splitlines()
    held: dict[str, Any] = {"config": model.entry.config}
    exec("\n".join(imports), held)
    said = facts(model.architecture)["parameters"]["total"]
    assert eval(last, held) == said
