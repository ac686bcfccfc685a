"""The command that explains a model: its three forms, what it takes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_gallery import explain
from llm_gallery.catalog.load import find
from llm_gallery.cli import main
from llm_gallery.explanation import markdown, text, to_json

Captured = pytest.CaptureFixture[str]


def test_it_prints_text_markdown_and_json(capsys: Captured) -> None:
    said = explain("gpt2-xl")
    for form, printed in (("text", text(said)), ("markdown", markdown(said))):
        assert main(["explain", "gpt2-xl", "--format", form]) == 0
        assert capsys.readouterr().out == printed
    assert main(["explain", "gpt2-xl", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == to_json(said)


def test_it_takes_a_config(tmp_path: Path, capsys: Captured) -> None:
    config = {**find("llama-3-8b").config, "num_hidden_layers": 5}
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    assert main(["explain", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "passes 5 equal layers" in said
    assert "Of the models here, Llama 3 8B of April 2024 is the nearest." in said


def test_a_guess_is_said_beside_and_below(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({**find("llama-3-8b").config, "model_type": "unheard_of"}), "utf-8")
    assert main(["explain", str(file)]) == 3
    assert "unheard_of" in capsys.readouterr().err
    assert main(["explain", str(file), "--guess"]) == 0
    printed = capsys.readouterr()
    assert "unheard_of" in printed.err
    assert "unheard_of" in printed.out
    assert "(a guess) is a dense Transformer." in printed.out


def test_what_isnt_there_is_refused(capsys: Captured) -> None:
    assert main(["explain", "gpt2-xxl"]) == 3
    assert "gpt2-xl" in capsys.readouterr().err
    assert main(["explain", "gpt2-xl", "--format", "svg"]) == 2
