"""The command that says whether a model fits."""

from __future__ import annotations

import json

import pytest

from llm_gallery.cli import main

CONTRACT = {
    "fits": bool,
    "engine": dict,
    "device": dict,
    "weights_bytes": int,
    "cache_bytes": int,
    "per_rank_bytes": int,
    "spare_bytes": int,
    "longest_context": int,
    "most_sequences": int,
    "tokens_per_second_at_most": float,
    "assumptions": list,
}
"""Keys that other programs read."""


def test_it_ends_with_whether_it_fits(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["fit", "gemma-3-27b", "--on", "rtx-4090", "--quant", "Q4_K_M"]
    assert main([*asked, "-n", "65536"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(
        "Gemma 3 27B on GeForce RTX 4090 with llama.cpp 0c1e570\nQ4_K_M holds 65,536 tokens with 1.97 GiB to spare.\n"
    )
    assert "* Q4_K_M         15.40   6.35     57/s" in shown
    assert "Longest context  91,392 tokens\n" in shown
    assert (
        "  GQA, 10 layers                             5.00  10 layers × 65,536 tokens × 8,192 B\n"
        in shown
    )
    assert shown.endswith(
        "\nllama-server -m Gemma-3-27B-Q4_K_M.gguf -c 65536 -np 1 -ngl 99 -fa on\n"
    )
    assert main(asked) == 1
    assert (
        "Q4_K_M doesn’t hold 131,072 tokens: 3.03 GiB are lacking; it reaches 91,392.\n"
        in capsys.readouterr().out
    )
    assert main([*asked, "-n", "much"]) == 2
    assert main(["fit", "gemma-3-27b"]) == 3
    assert capsys.readouterr().out == ""


def test_json_has_its_schema_and_the_contracts_keys(capsys: pytest.CaptureFixture[str]) -> None:
    import jsonschema

    assert main(["fit", "gpt2-xl", "--format", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    device = ["--memory", "2x24GiB", "--bandwidth", "1008GB/s"]
    assert main(["fit", "gpt2-xl", *device, "--with", "vllm", "--tp", "1", "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    jsonschema.validate(printed, schema)
    assert {key: type(printed[key]) for key in CONTRACT} == CONTRACT
    assert printed["engine"] == {"name": "vllm", "version": "0.32.0"}
    assert printed["device"]["count"] == 2
    assert printed["split"] == {"tp": 1, "dp": 2, "ep": False}
    assert printed["per_rank_bytes"] == printed["weights_bytes"] + printed["cache_bytes"]
    assert printed["spare_bytes"] == printed["device"]["usable_bytes"] - printed["per_rank_bytes"]
    assert printed["per_rank_bytes"] == sum(part["bytes"] for part in printed["parts"])
