"""What README.md says can be typed: its Python runs, and the command line knows every command, option and value."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

import llm_gallery
import llm_gallery.cli.census_commands
import llm_gallery.cli.commands
import llm_gallery.cli.site_commands
from llm_gallery.analysis.contract import facts
from llm_gallery.catalog.load import entries, find
from llm_gallery.cli.app import app

TEXT = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^llm-gallery ([^#\n]+)", TEXT, re.M)
DOCS = sorted((Path(__file__).parents[1] / "docs").glob("*.md"))
OF_DOCS = {
    c for file in DOCS for c in re.findall(r"^llm-gallery ([^#\n]+)", file.read_text("utf-8"), re.M)
}
SNIPPETS = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)


@pytest.mark.parametrize("command", sorted({*COMMANDS, *OF_DOCS}))
def test_a_command_is_known(command: str) -> None:
    called, bound, _ = app.parse_args(shlex.split(command), print_error=False, exit_on_error=False)
    assert called.__module__ in {
        f"llm_gallery.cli.{name}" for name in ("commands", "census_commands", "site_commands")
    }
    assert bound.arguments or command.strip() in ("list", "trends", "accuracy", "lineage", "serve")


def test_every_command_is_shown() -> None:
    shown = {command.split()[0] for command in COMMANDS} | {"serve"}  # as `make serve`
    assert shown == {name for name in app if not name.startswith("-")}


def evaluated(snippet: str, **held: Any) -> list[Any]:
    """What a notebook would show under each line of a snippet that is an expression."""
    shown = []
    for node in ast.parse(snippet).body:
        if isinstance(node, ast.Expr):
            shown.append(eval(ast.unparse(node), held))
        else:
            exec(ast.unparse(node), held)
    return shown


def test_python_uses_public_names_only() -> None:
    imported = [
        (node.module, name.name)
        for snippet in SNIPPETS
        for node in ast.walk(ast.parse(snippet))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    ]
    assert {module for module, _ in imported} == {"llm_gallery", "numpy.random"}
    own = {name for module, name in imported if module == "llm_gallery"}
    assert own == {*llm_gallery.__all__} - {"Refusal"}


def test_python_draws(tmp_path: Path) -> None:
    model, changed, tree = evaluated(SNIPPETS[0])
    assert "Architecture of Qwen3-Next 80B-A3B" in model.svg
    assert "Difference of DeepSeek V3 and Kimi K2" in changed.svg
    assert "Family tree" in tree.svg
    assert model.save(tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF")


def test_python_counts() -> None:
    model = find("gpt2-xl")
    assert model.entry is not None
    total, stored, changes, ancestor, ids, prose, near = evaluated(
        SNIPPETS[1], config=model.entry.config
    )
    assert total == facts(model.architecture)["parameters"]["total"]
    assert stored[0] == ("transformer.wte.weight", (50257, 1600))
    assert changes
    assert ancestor == "DeepSeek V3"
    assert ids == [entry.id for entry in entries()]
    assert "is a dense Transformer. It has 1.56B parameters in 48 layers" in prose
    assert near == "GPT-2 XL"


def test_python_runs() -> None:
    model = find("gpt2-xl")
    assert model.entry is not None
    config = model.entry.config
    kept, file = evaluated(SNIPPETS[2], config=config)
    small = llm_gallery.describe(llm_gallery.miniature(config))
    assert kept == 2 * 5 * facts(small, dtype="fp32")["cache"]["bytes_per_token"]  # float64
    assert file.startswith('"""Llama 3 8B in numpy')
