"""A config that leaves open how many experts run, as every command tells it: the most is said to be the most."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from llm_gallery import facts
from llm_gallery.cli import main

Captured = pytest.CaptureFixture[str]
SAID = "how many experts run for a token isn't known (num_experts_per_tok is null)"


@pytest.fixture
def given(tmp_path: Path) -> str:
    """The default of DeepSeek V2's class."""
    file = tmp_path / "open" / "config.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"model_type": "deepseek_v2", "num_experts_per_tok": None}), "utf-8")
    return str(file)


def printed(capsys: Captured, *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_its_counts_are_those_of_one_expert_at_least_and_of_all_at_most(given: str) -> None:
    counts = {
        number: facts({"model_type": "deepseek_v2", "num_experts_per_tok": number})
        for number in (1, 6, 64)
    }
    said = facts(given)
    assert said["parameters"]["total"] == counts[6]["parameters"]["total"]
    assert said["parameters"]["active"] == counts[64]["parameters"]["active"]
    assert said["parameters"]["active_least"] == counts[1]["parameters"]["active_least"]
    assert said["flops_per_token_at"] == counts[64]["flops_per_token_at"]
    assert said["cache"] == counts[6]["cache"]
    assert any(line.startswith(SAID) for line in said["warnings"])


def test_facts_and_words_say_at_most(given: str, capsys: Captured) -> None:
    table = printed(capsys, "facts", given)
    assert "Active for one token, at most             38,612,307,968" in table
    assert "... at least                               3,757,248,512" in table
    assert "a token at 4,096, at most" in table
    assert re.search("Experts per token +not stated  . num_experts_per_tok", table)
    text = printed(capsys, "explain", given)
    assert "at most 38.61B active per token" in text
    assert (
        "A router picks some of 64 experts for each token; how many, the config doesn't state."
        in text
    )
    assert "costs at most 77.73 GFLOP" in text


def test_compared_it_gains_no_number(given: str, capsys: Captured) -> None:
    text = printed(capsys, "diff", "deepseek-v2-lite", given)
    assert "experts per token 6 → not stated" in text
    assert "2.66B → at most 38.61B active" in text
    assert "at most 97.86 GFLOP" in text
    near = printed(capsys, "nearest", given)
    assert "of them active" not in near, "a bound has no rank"
    bounds = re.findall(r"→ (at most )?[\d.]+[BM] active\)", near)
    assert bounds
    assert all(bounds), "the counts that differ end at a bound"
    assert "not stated, in none" not in near


def test_its_figure_asks_and_lights_no_expert(given: str, tmp_path: Path, capsys: Captured) -> None:
    for detail in ("card", "slide", "phone", "standard", "full"):
        file = tmp_path / f"{detail}.svg"
        printed(capsys, "draw", given, "--output", str(file), "--detail", detail)
        drawn = file.read_text("utf-8")
        assert "64 of 64" not in drawn
        if detail in ("standard", "full"):
            assert "? weights" in drawn
            assert "top ?" in drawn


def test_it_is_not_run_and_prints_no_code(given: str, capsys: Captured) -> None:
    assert main(["code", given]) == 3
    assert "num_experts_per_tok is null: how many experts run" in capsys.readouterr().err
