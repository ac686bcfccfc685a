"""Marks from options and from a file: drawn, or refused with the place of the mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_gallery.cli import main

Captured = pytest.CaptureFixture[str]


def _draw(*arguments: str) -> int:
    return main(["draw", "llama-3-8b", "-o", "-", "--detail", "card", *arguments])


def test_options_and_file_are_drawn_together(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "marks.toml"
    file.write_text(
        'title = "From a file"\nhighlight = "mlp"\n[notes]\nmodel.layers.0.mlp = "Widens."\n',
        "utf-8",
    )
    options = ["--highlight", "attention", "--note", "attention: Reads all: every token."]
    assert _draw("--marks", str(file), *options) == 0
    svg = capsys.readouterr().out
    for words in ("From a file", "Marked: mlp, attention.", "Note on model.layers.0.mlp: Widens.",
                  "Note on attention: Reads all: every token."):  # fmt: skip
        assert words in svg
    assert _draw("--marks", str(file), "--title", "Mine") == 0
    assert "From a file" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--note", "attention"], "expected a part, a colon and a sentence"),
        (["--note", "attention: a", "--note", "attention: b"], '"attention" has two notes'),
        (["--steps", "--highlight", "attention"], "--steps draws panels, which take no marks"),
    ],
)
def test_wrong_usage(arguments: list[str], words: str, capsys: Captured) -> None:
    assert _draw(*arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('title = "a"\nhightlight = []\n', "line 2: hightlight is no key of marks, expected title, highlight, notes, the nearest is highlight"),
        ("[notes]\na.b = 5\n", "line 2: notes.a.b is 5, expected one line of 1 to 400"),
        ('\n\nhighlight = [3]\n', "line 3: highlight.0 is 3, expected one line"),
        ("title = no\n", "is not TOML: Invalid value (at line 1, column 9)"),
        ('notes = "a"\n', 'line 1: notes is "a", expected a table'),
        ('[notes]\nself_atn = "a"\n', '"self_atn" is no part of this figure, expected a name of a part, or a path: model.layers.0.self_attn'),
    ],
)  # fmt: skip
def test_mistakes_in_a_file(text: str, words: str, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "marks.toml"
    file.write_text(text, "utf-8")
    assert _draw("--marks", str(file)) == 3
    assert words in capsys.readouterr().err


def test_files_that_hold_no_marks(tmp_path: Path, capsys: Captured) -> None:
    assert _draw("--marks", str(tmp_path / "none.toml")) == 3
    assert "can't be read (No such file or directory)" in capsys.readouterr().err
    file = tmp_path / "marks.toml"
    file.write_bytes(b"\xff\xfe")
    assert _draw("--marks", str(file)) == 3
    assert "is not UTF-8 text" in capsys.readouterr().err
    file.write_bytes(b"#" * 70_000)
    assert _draw("--marks", str(file)) == 3
    assert "has more than 64 KiB" in capsys.readouterr().err
