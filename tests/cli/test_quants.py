"""The command that weighs a model in the mixes of llama-quantize."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_gallery.cli import main
from tests.gguf_files import half, write


def test_all_mixes_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quants", "llama-3.1-8b"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Llama 3.1 8B as llama-quantize of llama.cpp 0c1e570 makes it\n")
    assert "Q4_K_M              4.8944         4,912,898,304" in shown
    assert "IQ2_M *" in shown
    assert "--allow-requantize" not in shown
    assert main(["quants", "gpt-oss-20b"]) == 0
    kept = "MXFP4_MOE keeps experts as they are released; other mixes take --allow-requantize.\n"
    assert kept in capsys.readouterr().out


def test_one_mix_shows_every_tensor_folded(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quants", "llama-3.1-8b", "--mix", "q4_k_m"]) == 0
    shown = capsys.readouterr().out
    assert "  Q6_K     blk.{0-3,6,9,12,15,18,21,24,27-31}.attn_v.weight  (16)" in shown
    assert main(["quants", "llama-3.1-8b", "--mix", "q4_k_m", "--format", "json"]) == 2
    assert main(["quants", "llama-3.1-8b", "--mix", "q9"]) == 3


def test_json_has_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    import jsonschema

    assert main(["quants", "llama-3.1-8b", "--format", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert main(["quants", "llama-3.1-8b", "--format", "json"]) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), schema)


def test_a_files_own_header_wins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says first what it holds itself, whatever a mix would be."""
    keys = {
        "general.architecture": "llama",
        "llama.block_count": 1,
        "llama.attention.head_count": 4,
    }
    tensors = {
        "token_embd.weight": (8, (64, 256), 64 * 256 // 32 * 34),
        "blk.0.attn_v.weight": half(256, 256),
    }
    file = write(tmp_path / "small.gguf", keys, tensors)
    assert main(["quants", str(file)]) == 0
    first = capsys.readouterr().out.partition("\n")[0]
    held = 64 * 256 // 32 * 34 + 2 * 256 * 256
    assert first.startswith(f"{file} holds {held:,} bytes of tensors")
    assert first.endswith("bits a weight: 1 Q8_0, 1 F16")
    assert main(["quants", str(tmp_path)]) == 0
    of_folder = capsys.readouterr().out.partition("\n")[0]
    assert of_folder == first.replace(str(file), str(tmp_path))
    assert main(["quants", str(tmp_path / "absent.gguf")]) == 3
    assert "absent.gguf doesn't exist" in capsys.readouterr().err


def test_what_has_no_conversion_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quants", "gla-1.3b"]) == 3
    said = capsys.readouterr().err
    assert 'model_type is "gla", whose conversion to GGUF isn\'t mapped here' in said
    assert said.endswith("; convert it with llama.cpp's convert_hf_to_gguf.py\n")
