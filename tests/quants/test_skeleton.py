"""A GGUF without weights: our reader reads back what was written, and its model weighs the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_gallery import quants
from llm_gallery.catalog.load import find
from llm_gallery.catalog.quants import conversion_of
from llm_gallery.cli import main
from llm_gallery.conversion.skeleton import MARK
from llm_gallery.sources import gguf

MODELS = ("llama-3.1-8b", "qwen3-30b-a3b", "gemma-3-27b", "deepseek-v3")


@pytest.mark.parametrize("model", MODELS)
def test_a_skeleton_is_read_back(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "skeleton.gguf"
    assert main(["tensors", model, "--format", "gguf", "-o", str(file)]) == 0
    stored, made = gguf.read(file), conversion_of(find(model))
    assert not stored.faults
    assert {tensor.name: tensor.shape for tensor in stored.tensors} == {
        tensor.name: tensor.shape for tensor in made.tensors
    }
    assert stored.metadata[MARK] is True
    assert stored.metadata["general.architecture"] == made.name
    assert file.stat().st_blocks * 512 < file.stat().st_size / 100
    of_file, of_model = quants(file), quants(model)
    assert [mix.by_tensor for mix in of_file.mixes] == [mix.by_tensor for mix in of_model.mixes]
    assert of_file.held is not None
    assert of_file.held.bytes == of_model.mix("BF16").bytes


@pytest.mark.parametrize("model", ["llama-3.1-8b", "qwen3-30b-a3b"])
def test_a_skeleton_has_the_same_facts(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "skeleton.gguf"
    main(["tensors", model, "--format", "gguf", "-o", str(file)])
    shown = []
    for given in (model, str(file)):
        assert main(["facts", given, "--format", "json"]) == 0
        shown.append(json.loads(capsys.readouterr().out))
    assert shown[0]["parameters"] == shown[1]["parameters"]
    assert shown[0]["cache"] == shown[1]["cache"]


def test_a_skeleton_needs_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tensors", "llama-3.1-8b", "--format", "gguf"]) == 2
    assert "name it with -o FILE.gguf" in capsys.readouterr().err
    assert main(["tensors", "llama-3.1-8b", "-o", str(tmp_path / "a.gguf")]) == 2
    assert main(["tensors", "gla-1.3b", "--format", "gguf", "-o", str(tmp_path / "a.gguf")]) == 3
    assert not (tmp_path / "a.gguf").exists()
