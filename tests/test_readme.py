"""What README.md says can be typed: every command and every block of Python runs as it stands there, in order."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import llm_gallery
import llm_gallery.cli.census_commands
import llm_gallery.cli.commands
import llm_gallery.cli.site_commands
from llm_gallery import extras
from llm_gallery.analysis.contract import facts
from llm_gallery.catalog.load import MODELS, entries, find
from llm_gallery.cli.app import app
from llm_gallery.cli.command import with_stream_names
from tests import checkpoint_headers
from tests.census.test_census import hub_rows
from tests.cli.test_bare_installation import installed
from tests.test_extras import PROJECT, distributed

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text("utf-8")
LINES = re.findall(r"^(?:llm-gallery|make) .*", TEXT, re.M)
COMMANDS = re.findall(r"^llm-gallery ([^#\n]+)", TEXT, re.M)
DOCS = sorted((ROOT / "docs").glob("*.md"))
OF_DOCS = {
    c for file in DOCS for c in re.findall(r"^llm-gallery ([^#\n]+)", file.read_text("utf-8"), re.M)
}
SNIPPETS = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)
MODEL = "gpt2-xl"
"""Whose config stands at the path that README.md names."""
ALL = re.compile(r"llm-gallery (list|nearest|sheet|lineage|trends|accuracy|census|build)\b")
"""Commands that describe the whole catalog, or make a census or a site."""


@pytest.mark.parametrize("command", sorted({*COMMANDS, *OF_DOCS}))
def test_a_command_is_known(command: str) -> None:
    words = [*with_stream_names(shlex.split(command.partition(" < ")[0]))]
    called, bound, _ = app.parse_args(words, print_error=False, exit_on_error=False)
    assert called.__module__ in {
        f"llm_gallery.cli.{name}"
        for name in (
            "commands",
            "census_commands",
            "machine_commands",
            "site_commands",
            "weights_commands",
        )
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


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what README.md names, where commands and Python are typed."""
    given(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def given(folder: Path) -> None:
    """Puts what README.md reads into a folder."""
    config = folder / "path/to/config.json"
    config.parent.mkdir(parents=True)
    config.write_text(json.dumps(find(MODEL).config))
    checkpoint_headers.folder(config.parent, checkpoint_headers.described(MODEL))
    (folder / "hub").mkdir()
    hub_rows(folder / "hub/rows.parquet", 60, group=20)
    (folder / "few").mkdir()
    for model in (MODEL, "llama-3-8b"):
        shutil.copy(MODELS / f"{model}.toml", folder / "few")


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is asked of extras meanwhile is brought by the one that README.md says to install."""
    asked: set[str] = set()

    def recorded(package: str) -> Any:
        asked.add(package)
        return find_spec(package)

    monkeypatch.setattr(extras, "find_spec", recorded)
    yield
    assert distributed(asked) <= {*_brought("site")}


def _brought(extra: str) -> Iterator[str]:
    """The packages of an extra, with those of the extras that it names."""
    for line in PROJECT["optional-dependencies"][extra]:
        name, _, rest = re.split(r"[<>=]", line)[0].partition("[")
        if name == PROJECT["name"]:
            for more in rest.rstrip("]").split(","):
                yield from _brought(more)
        else:
            yield name.replace("_", "-")


@pytest.mark.whole
def test_python_draws(paths: Path, brought: None) -> None:
    model, changed, tree = evaluated(SNIPPETS[0])
    assert "Architecture of Qwen3-Next 80B-A3B" in model.svg
    assert "Difference of DeepSeek V3 and Kimi K2" in changed.svg
    assert "Family tree" in tree.svg
    assert model.save("figure.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.whole
def test_python_counts(paths: Path, brought: None) -> None:
    model = find(MODEL)
    total, stored, changes, ancestor, ids, prose, near = evaluated(SNIPPETS[1])
    assert total == facts(model.architecture)["parameters"]["total"]
    assert stored[0] == ("transformer.wte.weight", (50257, 1600))
    assert changes
    assert ancestor == "DeepSeek V3"
    assert ids == [entry.id for entry in entries()]
    assert "is a dense Transformer. It has 1.56B parameters in 48 layers" in prose
    assert near == "GPT-2 XL"


def test_python_checks(paths: Path, brought: None) -> None:
    holds = "Q4_1 holds 65,536 tokens with 1.40 GiB to spare."
    assert evaluated(SNIPPETS[2]) == ["whole", holds, 32_121_045_248]


def test_python_runs(paths: Path, brought: None) -> None:
    kept, file = evaluated(SNIPPETS[3])
    small = llm_gallery.describe(llm_gallery.miniature("llama-3-8b"))
    assert kept == 2 * 5 * facts(small, dtype="fp32")["cache"]["bytes_per_token"]  # float64
    assert file.startswith('"""Llama 3 8B in numpy')
    imported = {
        node.module.partition(".")[0]
        for snippet in SNIPPETS
        for node in ast.walk(ast.parse(snippet))
        if isinstance(node, ast.ImportFrom) and node.module is not None
    }
    assert distributed(imported - {"llm_gallery"}) <= {*_brought("site")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands are typed, one after the other, and found on the path."""
    made = tmp_path_factory.mktemp("typed")
    given(made)
    (made / "bin").mkdir()
    program = made / "bin/llm-gallery"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m llm_gallery.cli "$@"\n')
    program.chmod(0o755)
    return made


def typed(line: str, folder: Path, programs: Path) -> None:
    """Runs a line as it stands; what it writes is there, and standard error says nothing but of that."""
    if line.startswith("llm-gallery build"):
        line = line.partition("#")[0] + "--catalog few"  # the whole one takes minutes
    ran = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env={**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    words = shlex.split(line, comments=True)
    outputs = [after for word, after in pairwise(words) if word == "-o"]
    assert ran.stdout or outputs
    assert all((folder / output).exists() for output in outputs)
    if words[1] != "census":  # which tells how far it is
        assert not [one for one in ran.stderr.splitlines() if " replaced, which held " not in one]


TYPED = [line for line in LINES if line.startswith("llm-gallery") and " census fetch " not in line]
"""All but what asks the Hub, which tests/census/test_fetch.py plays, and `make`, which is looked at below."""


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            line,
            id=line.partition("#")[0].strip(),
            marks=pytest.mark.whole if ALL.match(line) else (),
        )
        for line in TYPED
    ],
)
def test_a_command_does_as_it_stands(line: str, folder: Path) -> None:
    if " census report " in line and not (folder / "census").exists():
        typed(next(one for one in TYPED if " census '" in one), folder, folder / "bin")
    typed(line, folder, folder / "bin")


def test_what_make_is_said_to_make_is_a_target() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.M)
    said = re.findall(r"(?:^|`)make ([a-z]+)", TEXT, re.M)
    assert said
    assert {*said} <= {*targets}


@pytest.mark.every
def test_the_extra_that_is_named_brings_all_of_it(tmp_path: Path) -> None:
    """In an environment that has the wheel, the extra and nothing else."""
    programs = installed(tmp_path, "site").parent
    place = tmp_path / "typed"
    place.mkdir()
    given(place)
    for snippet in SNIPPETS:
        subprocess.run([programs / "python", "-c", snippet], cwd=place, check=True)
    for line in TYPED:
        if not ALL.match(line):
            typed(line, place, programs)


def test_so_many_models_are_compared_with_the_reference() -> None:
    compared = {file.stem for file in (ROOT / "tests/truth/models").glob("*.json")}
    ids = {entry.id for entry in entries()}
    assert compared <= ids
    assert f"The tensors of {len(compared)} of the {len(ids)} models are compared" in TEXT
