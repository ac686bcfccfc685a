"""Standard input and output as files: a dash stands for them; what a file held before is said."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.catalog.load import entries
from llm_gallery.cli import main
from llm_gallery.cli.options import Unusable
from llm_gallery.cli.outputs import write_output, writing

Captured = pytest.CaptureFixture[str]
CONFIG = json.dumps(next(entry.config for entry in entries() if entry.id == "qwen3-0.6b"))


class Piped:
    """What comes through a pipe."""

    def __init__(self, text: str) -> None:
        self.buffer = io.BytesIO(text.encode())


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Piped(CONFIG))


@pytest.mark.parametrize(
    "command",
    [
        ["facts", "-"],
        ["facts", "--prove", "-"],
        ["tensors", "-", "--format", "tsv"],
        ["explain", "-"],
        ["code", "-"],
        ["code", "-", "--output", "-"],
        ["draw", "-", "-o", "-"],
        ["draw", "-", "--steps", "--output", "-"],
        ["diff", "-", "gpt2-xl"],
        ["diff", "gpt2-xl", "-", "-o", "-"],
        ["sheet", "scale", "-", "gpt2-xl", "-o", "-"],
        ["nearest", "-"],
    ],
    ids=" ".join,
)
def test_a_config_comes_through_a_pipe(command: list[str], piped: None, capsys: Captured) -> None:
    assert main(command) == 0
    said = capsys.readouterr()
    assert said.err == ""
    drawn = command[0] != "code" and ("-o" in command or "--output" in command)
    assert said.out.startswith("<svg ") == drawn
    assert "stdin" in said.out or command[0] == "tensors"


def test_it_is_the_model_that_the_file_is(piped: None, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "stdin.json"
    file.write_text(CONFIG)
    said = []
    for model in (str(file), "-"):
        assert main(["facts", model, "--format", "json"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


def test_an_entry_is_drafted_from_a_pipe(piped: None, tmp_path: Path, capsys: Captured) -> None:
    assert main(["add", "-", "--id", "of-a-pipe", "--directory", str(tmp_path)]) == 0
    assert '# name = "of-a-pipe"' in (tmp_path / "of-a-pipe.toml").read_text()
    assert main(["add", "-", "--directory", str(tmp_path)]) == 2
    assert "has no name; give the entry one with --id" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("stdin", "command", "code", "said"),
    [
        (Piped(""), ["facts", "-"], 3, "standard input is empty, expected a JSON object"),
        (Piped("[]"), ["facts", "-"], 3, "standard input holds a list, expected a JSON object"),
        (Piped("{}"), ["facts", "-"], 3, "stdin: the config has no model_type"),
        (None, ["facts", "-"], 2, "Standard input is closed, expected a config through a pipe."),
        (Piped(CONFIG), ["diff", "-", "-"], 2, "Standard input holds one config; name the other"),
    ],
)
def test_what_a_pipe_may_not_hold(
    stdin: Any,
    command: list[str],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    assert main(command) == code
    told = capsys.readouterr()
    assert said in told.err
    assert (told.out, told.err.count("\n")) == ("", 1)


HELD = r"{file} replaced, which held 3 bytes of \d{{4}}-\d\d-\d\d \d\d:\d\d"


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        (["draw", "gpt2-xl"], ".svg"),
        (["draw", "gpt2-xl"], ".png"),
        (["draw", "gpt2-xl", "--steps"], ".svg"),
        (["code", "gpt2-xl"], ".py"),
        (["diff", "gpt2-xl", "llama-3-8b"], ".svg"),
        (["sheet", "legend"], ".svg"),
        (["trends", "--format", "parquet"], ".parquet"),
    ],
)
def test_what_is_replaced_is_said(
    command: list[str], ending: str, tmp_path: Path, capsys: Captured
) -> None:
    file = tmp_path / f"made{ending}"
    assert main([*command, "-o", str(file)]) == 0
    assert capsys.readouterr() == ("", "")
    for one in tmp_path.iterdir():
        one.write_text("old")
    more = len([*tmp_path.iterdir()]) - 1
    assert main([*command, "-o", str(file)]) == 0
    beside = f", and {more} files beside it" if more else ""
    said = capsys.readouterr().err
    assert re.fullmatch(f"llm-gallery: {HELD.format(file=re.escape(str(file)))}{beside}\n", said)
    assert all(one.read_bytes() != b"old" for one in tmp_path.iterdir())


def test_a_failure_is_in_the_systems_words(tmp_path: Path) -> None:
    """Where the system has none, the failure says what it is called."""
    for error, words in (
        (
            OSError(28, "No space left on device"),
            "made.svg can't be written (No space left on device).",
        ),
        (OSError("no such format"), "made.svg can't be written (no such format)."),
        (BlockingIOError(), "made.svg can't be written (BlockingIOError)."),
        (
            FileNotFoundError(2, "No such file", "there.svg"),
            "there.svg can't be written (No such file).",
        ),
    ):
        with pytest.raises(Unusable) as raised, writing(Path("made.svg")):
            raise error
        assert str(raised.value) == words
    with pytest.raises(Unusable, match=r"can't be written \(Is a directory\)"):
        write_output("text", tmp_path)


def test_bytes_are_not_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    with pytest.raises(Unusable, match="isn't shown on a terminal; name a file with --output"):
        write_output(b"PAR1", None)
