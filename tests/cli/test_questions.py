"""What the docs say can be asked: every command runs, and the answers are those that the configs give."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_gallery.cli import main

Captured = pytest.CaptureFixture[str]
DOCS = Path(__file__).parents[2] / "docs"


def commands() -> Iterator[str]:
    """Every command of the two pages, without its remark."""
    for name in ("lineage.md", "comparison.md"):
        text = (DOCS / name).read_text("utf-8")
        for found in re.findall(r"^llm-gallery [^#\n]+|`llm-gallery [a-z][^`]*`", text, re.M):
            yield found.strip("` \n")


RUN = sorted({one for one in commands() if not re.search(r"\b[A-Z]{1,}\b|\[", one)})


@pytest.mark.whole
@pytest.mark.parametrize("command", RUN)
def test_every_documented_command_runs(
    command: str, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command)[1:]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out or list(tmp_path.iterdir())


def asked(capsys: Captured, *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def section(text: str, title: str) -> dict[str, str]:
    """The lines under a title, by model."""
    block = next(one for one in text.split("\n\n") if one.startswith(title))
    return {line.split()[1]: line for line in block.splitlines()[1:]}


def test_which_qwen_models_have_a_shared_expert(capsys: Captured) -> None:
    said = asked(capsys, "trends", "--concept", "shared-expert")
    having = {line.split()[1] for line in said.splitlines() if "  qwen" in line}
    assert {"qwen3-next-80b-a3b", "qwen3.5-397b-a17b", "qwen3.6-35b-a3b"} <= having
    assert not having & {"qwen3-30b-a3b", "qwen3-235b-a22b", "qwen3-coder-480b-a35b", "qwen3.5-27b"}


def test_who_mixes_local_and_global_attention(capsys: Captured) -> None:
    found = section(asked(capsys, "trends"), "Local beside global attention")
    for model, words in {
        "gemma-2-27b": "23 local  23 global  1 to 1, 4,096 tokens",
        "gemma-3-27b": "52 local  10 global  5.2 to 1, 1,024 tokens",
        "command-a-111b": "48 local  16 global  3 to 1, 4,096 tokens",
        "llama-4-maverick": "36 local  12 global  3 to 1, 8,192 tokens",
        "gpt-oss-20b": "12 local  12 global  1 to 1, 128 tokens",
        "olmo-3-7b": "24 local  8 global   3 to 1, 4,096 tokens",
    }.items():
        assert words in found[model]
    assert "mistral-7b-v0.1" not in found, "all its layers are local"
    assert "deepseek-v4-pro" not in found, "a compressed stream reaches all tokens"


def test_who_drops_positions(capsys: Captured) -> None:
    found = section(asked(capsys, "trends"), "Attention without positions")
    for model, words in {
        "smollm3-3b": "9 of 36 layers",
        "llama-4-scout": "12 of 48 layers",
        "command-a-111b": "16 of 64 layers",
        "kimi-linear-48b-a3b": "7 of 7 layers",
    }.items():
        assert found[model].endswith(words)
    assert "llama-3-8b" not in found


def test_which_dense_models_barely_changed(capsys: Captured) -> None:
    first = asked(capsys, "lineage", "--root", "llama-2-70b").splitlines()[0]
    for name in ("Yi 34B", "Llama 3 8B", "Llama 3.1 405B", "Nanbeige 4.1 3B"):
        assert name in first
    said = asked(capsys, "diff", "olmo-2-7b", "olmo-3-7b")
    assert said.startswith("OLMo 3 7B is OLMo 2 7B with windows of 4,096 tokens in three layers")


def test_llama_4_keeps_its_own_attention(capsys: Captured) -> None:
    said = asked(capsys, "diff", "deepseek-v3", "llama-4-maverick")
    assert "instead of multi-head latent attention" in said


def test_answers_come_first_and_say_what_is_asked(capsys: Captured) -> None:
    head = asked(capsys, "trends").split("\n\n")[0]
    for title in (
        "Dense against sparse",
        "Hybrids",
        "Local and global attention",
        "Layers without positions",
        "The trillion-parameter line",
        "The next shift",
    ):
        assert f"\n  {title}: " in head
    assert "The first here came on 11 July 2025." in " ".join(head.split())
    assert "Kimi K2 (1.03T)" in " ".join(head.split())


def test_what_would_have_been_named_and_what_became_of_it(capsys: Captured) -> None:
    said = asked(capsys, "trends", "--next", "--at", "2025-Q1")
    assert said.startswith("What may come next, at the end of 2025-Q1\n")
    assert "At the end of 2025-Q1 it named" in said
    assert "At the end of 2025-Q2 it named" not in said
    assert re.search(r" designs → \d+ of \d+ in the year after: (went on|held|fell back)", said)


def test_a_year_is_told_in_three_forms(capsys: Captured) -> None:
    text = asked(capsys, "trends", "--report", "2025")
    marked = asked(capsys, "trends", "--report", "2025", "--format", "markdown")
    plain = json.loads(asked(capsys, "trends", "--report", "2025", "--format", "json"))
    assert text.startswith("2025 in open language models\n")
    assert marked.startswith("# 2025 in open language models\n")
    assert plain["year"] == 2025
    for title in ("The recipe of 2025, and who deviates", "What came", "What went", "Five numbers"):
        assert f"\n{title}\n" in text
        assert f"\n## {title}\n" in marked


def test_who_dropped_a_concept_and_brought_it_back_is_one_command(capsys: Captured) -> None:
    said = asked(capsys, "trends", "--concept", "shared-expert")
    told = " ".join(said.split())
    assert "Had it, left it out, brought it back Alibaba Cloud: with it 2024-03 Qwen1.5" in told
    assert "; without it 2025-04 Qwen3 235B-A22B (+3); with it again 2025-09 Qwen3-Next" in told
    assert max(map(len, said.splitlines())) <= 140, "long schedules are counted by kind of layer"
    plain = json.loads(asked(capsys, "trends", "--concept", "shared-expert", "--format", "json"))
    assert plain["needs"] == ["mixture-of-experts"]
    assert plain["series"][0]["organization"] == "Alibaba Cloud"
    docs = (DOCS / "lineage.md").read_text("utf-8")
    rows = [plain, plain["series"][0], plain["series"][0]["turns"][0]]
    assert all(f'"{key}"' in docs for row in rows for key in row)


def test_what_others_measured_is_told_with_the_concept(capsys: Captured) -> None:
    said = asked(capsys, "trends", "--concept", "shared-expert")
    assert "1.808 → 2.414" in said
    assert "https://arxiv.org/abs/2401.06066" in said
    plain = json.loads(asked(capsys, "trends", "--concept", "shared-expert", "--format", "json"))
    assert plain["ablations"][0]["title"] == "DeepSeekMoE"


@pytest.mark.whole
def test_what_may_come_next_is_told_alike_in_every_process() -> None:
    """Ties have an order of their own, not that of a set."""
    told = {
        subprocess.run(
            [sys.executable, "-m", "llm_gallery.cli", "trends", "--next"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1
