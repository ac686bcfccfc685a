"""`facts --prove`: equalities with their numbers, and honest words for what nobody proved."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llm_gallery import extras
from llm_gallery.cli import main
from llm_gallery.running.compared import compared_models

Captured = pytest.CaptureFixture[str]


def proof(model: str, capsys: Captured) -> dict[str, Any]:
    assert main(["facts", model, "--prove", "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)["proof"]
    return found


def test_a_model_that_was_compared(capsys: Captured) -> None:
    found = proof("gpt-oss-20b", capsys)
    assert found["runs"]
    for equality in ("one_by_one", "kept", "multiply_adds"):
        assert found[equality]["holds"]
    assert found["multiply_adds"]["done"] == found["multiply_adds"]["stated"] > 10**6
    assert found["tensors"] == {"read": 37, "stored": 37}
    assert found["reference"]["models"] == ["gpt-oss-120b", "gpt-oss-20b"]
    assert 0 < found["reference"]["error"] < 1e-12
    assert not any("wiring" in what for what in found["not_proven"])


def test_a_model_with_parts_that_nothing_runs(capsys: Captured) -> None:
    found = proof("deepseek-v3", capsys)
    assert found["tensors"]["read"] < found["tensors"]["stored"]
    assert "multi-token prediction" in found["not_proven"][0]
    assert "all 61 layers" in found["not_proven"][1]


def test_a_model_of_a_family_in_which_others_were_compared(capsys: Captured, tmp_path: Any) -> None:
    from llm_gallery.catalog.load import find

    entry = find("llama-3-8b").entry
    assert entry is not None
    file = tmp_path / "config.json"
    file.write_text(json.dumps(entry.config), "utf-8")
    found = proof(str(file), capsys)
    assert found["reference"]["error"] is None
    assert "llama-3-8b" in found["reference"]["models"]
    assert "this model's wiring by itself" in found["not_proven"][0]


def test_a_model_that_reads_a_text_both_ways(capsys: Captured, tmp_path: Any) -> None:
    """A token alone isn't what it is among others, so that nothing says that the two are equal."""
    file = tmp_path / "config.json"
    held = {
        "model_type": "cpmant",
        "vocab_size": 96,
        "hidden_size": 24,
        "num_attention_heads": 2,
        "dim_head": 8,
    }
    held |= {
        "dim_ff": 40,
        "num_hidden_layers": 2,
        "prompt_length": 4,
        "prompt_types": 3,
        "eps": 1e-6,
    }
    file.write_text(json.dumps(held), "utf-8")
    found = proof(str(file), capsys)
    assert found["one_by_one"] == {"holds": True, "error": None}
    assert found["multiply_adds"]["done"] == found["multiply_adds"]["stated"] > 10**5
    assert any("one after another" in what for what in found["not_proven"])
    assert any("the first token's multiply-adds" in what for what in found["not_proven"])
    assert main(["facts", str(file), "--prove"]) == 0
    assert "scores as of all at once" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("model", "instead"),
    [("internlm2-7b", "another of its types"), ("solar-open-2-250b", "a second writing")],
)
def test_a_model_of_a_type_that_the_reference_lacks(
    model: str, instead: str, capsys: Captured
) -> None:
    found = proof(model, capsys)
    assert found["runs"]
    assert found["reference"]["models"] == []
    assert f"transformers, which lacks it: {instead}" in found["not_proven"][0]


def test_a_model_that_cant_run_is_said_to_be_unproven(capsys: Captured) -> None:
    found = proof("internlm3-8b", capsys)
    assert not found["runs"]
    assert found["not_proven"] == [
        "anything: it can't run yet, rope_scaling is 'dynamic', which nothing computes"
    ]


def test_a_type_that_nothing_was_compared_with_is_said_to_be_one(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "llm_gallery.running.compared.compared_models",
        lambda: compared_models()._replace(types={}),
    )
    found = proof("llama-3-8b", capsys)
    assert found["runs"]
    assert (
        found["not_proven"][0]
        == "this type by itself: no run of it was compared with the reference"
    )


def test_the_text_has_the_same_numbers(capsys: Captured) -> None:
    found = proof("gpt-oss-20b", capsys)
    assert main(["facts", "gpt-oss-20b", "--prove"]) == 0
    text = capsys.readouterr().out
    assert f"{found['kept']['done']:,} numbers, as the fact sheet states" in text
    assert f"{found['multiply_adds']['done']:,} multiply-adds, as the fact sheet states" in text
    assert f"transformers {compared_models().transformers}" in text
    assert "DIFFERENT" not in text


def test_without_numpy_it_says_how_to_install_it(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(extras.PACKAGES, "run", ("no_such_package",))
    assert main(["facts", "gpt2-xl", "--prove"]) == 2
    assert "llm-architecture-gallery[run]" in capsys.readouterr().err


def test_measurements_are_of_models_that_run_and_small() -> None:
    measured = compared_models()
    errors = [error for family in measured.families.values() for error in family.values()]
    assert len(errors) > 100
    assert all(0 < error < 1e-12 for error in errors)
