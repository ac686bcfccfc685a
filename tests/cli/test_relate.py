"""diff, lineage and trends: what programs rely on, and what wrong usage is told."""

from __future__ import annotations

import json

import pytest

from llm_gallery.cli import main

Captured = pytest.CaptureFixture[str]


def test_diff_in_every_format(capsys: Captured) -> None:
    assert main(["diff", "deepseek-v3", "kimi-k2", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["models"] == [
        {"id": "deepseek-v3", "name": "DeepSeek V3"},
        {"id": "kimi-k2", "name": "Kimi K2"},
    ]
    sentence = said["differences"][0]["sentences"][0]
    assert main(["diff", "deepseek-v3", "kimi-k2"]) == 0
    assert sentence in capsys.readouterr().out
    assert main(["diff", "deepseek-v3", "kimi-k2", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("# DeepSeek V3, Kimi K2\n\n" + sentence)


def test_diff_of_a_model_with_itself(capsys: Captured) -> None:
    assert main(["diff", "gpt2-xl", "gpt2-xl"]) == 0
    assert capsys.readouterr().out == "No difference.\n"


def test_lineage_as_json_and_focused(capsys: Captured) -> None:
    assert main(["lineage", "--format", "json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert {"id", "released", "generation"} <= tree["nodes"][0].keys()
    assert {"child", "parent", "evidence", "distance", "changes"} <= tree["edges"][0].keys()
    assert {edge["evidence"] for edge in tree["edges"]} == {"measured", "stated"}
    assert main(["lineage", "deepseek-v3"]) == 0
    assert capsys.readouterr().out.startswith("2024-12-26  DeepSeek V3 (+ DeepSeek R1")
    assert main(["lineage", "kimi-k2", "--ancestor", "deepseek-v3", "--format", "json"]) == 0
    (step,) = json.loads(capsys.readouterr().out)["steps"]
    assert (step["parent"], step["child"]) == ("deepseek-v3", "kimi-k2")


def test_trends(capsys: Captured) -> None:
    assert main(["trends"]) == 0
    assert json.loads(capsys.readouterr().out)["concepts"][0]["first"] == "gpt-1"


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["diff", "gpt2-xl"], 2, "llm-gallery"),
        (["diff", *["gpt2-xl"] * 7], 2, "7 models are more than the six"),
        (["diff", "gpt2-xl", "kimi-k2", "--format", "yaml"], 2, "yaml"),
        (["diff", "gpt2-xl", "kimi-k9"], 3, '"kimi-k9" is no model'),
        (["lineage", "--ancestor", "gpt2-xl"], 2, "--ancestor needs the model"),
        (["lineage", "kimi-k9"], 3, '"kimi-k9" is no model of the tree'),
        (["lineage", "gpt2-xl", "--ancestor", "kimi-k2"], 3, "doesn't descend from kimi-k2"),
    ],
)
def test_wrong_usage_and_refusals(
    arguments: list[str], code: int, line: str, capsys: Captured
) -> None:
    assert main(arguments) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert line in said.err
    assert said.err.count("\n") == 1
