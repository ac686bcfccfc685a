"""The command that names who stands near a model: its three forms, what it takes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_gallery import nearest
from llm_gallery.catalog.load import find
from llm_gallery.catalog.nearest import markdown, text, to_json
from llm_gallery.cli import main

Captured = pytest.CaptureFixture[str]


def test_it_prints_text_markdown_and_json(capsys: Captured) -> None:
    said = nearest("gpt2-xl")
    for form, printed in (("text", text(said)), ("markdown", markdown(said))):
        assert main(["nearest", "gpt2-xl", "--format", form]) == 0
        assert capsys.readouterr().out == printed
    assert main(["nearest", "gpt2-xl", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(to_json(said)))


def test_it_takes_a_config_and_a_guess(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "config.json"
    config = {**find("llama-3-8b").config, "num_hidden_layers": 150}
    file.write_text(json.dumps(config), "utf-8")
    assert main(["nearest", str(tmp_path)]) == 0
    assert "150 layers: deeper than all" in capsys.readouterr().out
    file.write_text(json.dumps({**config, "model_type": "unheard_of"}), "utf-8")
    assert main(["nearest", str(file)]) == 3
    assert "unheard_of" in capsys.readouterr().err
    assert main(["nearest", str(file), "--guess"]) == 0
    printed = capsys.readouterr()
    assert "unheard_of" in printed.err
    assert "(a guess)" in printed.out


def test_what_isnt_there_is_refused(capsys: Captured) -> None:
    assert main(["nearest", "gpt2-xxl"]) == 3
    assert "gpt2-xl" in capsys.readouterr().err
    assert main(["nearest", "gpt2-xl", "--format", "svg"]) == 2


def test_the_map_takes_no_models(tmp_path: Path, capsys: Captured) -> None:
    assert main(["sheet", "map", "gpt2-xl", "-o", str(tmp_path / "map.svg")]) == 2
    assert "The map takes no models." in capsys.readouterr().err
