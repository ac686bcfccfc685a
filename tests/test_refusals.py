"""Bad input is told what was found, what was expected, where, and what to do: word for word, and soon."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.architecture.refusal import LONGEST_LINE, Refusal
from llm_gallery.catalog.folding import unfolded
from llm_gallery.catalog.load import entries
from llm_gallery.recognition import describe
from llm_gallery.sources import config_file
from tests.bad_inputs import written_input

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "refusals.toml").read_text("utf-8"))["case"]
FILES = [case for case in CASES if "model" not in case]
CHANGES = [case for case in CASES if "model" in case]
CONFIGS = {entry.id: entry.config for entry in entries()}


def _name(case: dict[str, Any]) -> str:
    return str(case["name"])


def _says(case: dict[str, Any], folder: Path) -> str:
    """The words of a case as a pattern: ANY is whichever families are near today."""
    says: str = case["says"]
    return re.escape(says.replace("FOLDER", str(folder))).replace("ANY", r"\w+(, \w+)*")


def _placed(folder: Path, case: dict[str, Any]) -> Path:
    if "made" in case:
        return written_input(folder, case["made"])
    file = folder / "config.json"
    file.write_text(case["file"], "utf-8")
    return file


@pytest.mark.parametrize("case", FILES, ids=_name)
def test_file(case: dict[str, Any], tmp_path: Path) -> None:
    path = _placed(tmp_path, case)
    with pytest.raises(Refusal) as refused:
        describe(config_file.read(path))
    assert re.fullmatch(_says(case, tmp_path), str(refused.value))


@pytest.mark.parametrize("case", CHANGES, ids=_name)
def test_change(case: dict[str, Any]) -> None:
    config = deepcopy(CONFIGS[case["model"]])
    for key in case.get("drop", []):
        holder, last = _holder(config, key)
        del holder[last]
    for key, value in unfolded(case.get("set", {})).items():
        holder, last = _holder(config, key)
        holder[last] = value
    with pytest.raises(Refusal) as refused:
        describe(config)
    assert str(refused.value) == case["says"]


def _holder(config: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *outer, last = path.split(".")
    for key in outer:
        config = config[key]
    return config, last


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_words_are_one_line_with_an_expectation(case: dict[str, Any]) -> None:
    says = case["says"]
    assert says.isprintable()
    assert len(says) <= LONGEST_LINE
    assert ", expected " in says or "; expected " in says or "; the nearest are " in says


@pytest.mark.parametrize(
    "name", ["missing file", "binary", "50 MB", "10,000 deep", "100,000 keys", "unknown model_type"]
)
def test_command_line(name: str, tmp_path: Path) -> None:
    """Exit 3, one line, nothing on standard output; in little memory. How soon is measured in benchmarks/."""
    case = next(case for case in CASES if case["name"] == name)
    path = _placed(tmp_path, case)
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, "facts", str(path)], capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout) == (3, ""), ran.stderr
    assert re.search(_says(case, tmp_path) + "\n$", ran.stderr)
    assert ran.stderr.count("\n") == 1


LIMITED = """
import re, sys
from pathlib import Path
from llm_gallery.cli import main
code = main(sys.argv[1:])
used = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
assert int(used[1]) < 200 * 1024
sys.exit(code)
"""
