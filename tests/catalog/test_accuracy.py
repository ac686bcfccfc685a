"""Every published count is explained to the last parameter, from the described tree and a list of reasons."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import tensors
from llm_gallery.catalog.accuracy import block_scales, published, rows
from llm_gallery.catalog.accuracy_table import markdown, summary, to_json
from llm_gallery.catalog.load import MODELS, find
from llm_gallery.cli import main

IDS = sorted(file.stem for file in MODELS.glob("*.toml"))
ROWS = {row.id: row for row in rows()}
COUNTED = [i for i in IDS if "elements" in published().get(i, {}) and not ROWS[i].rounded]
KEYS = {"elements", "rounded", "source", "note", "scales", "extra", "unexplained"}


def test_every_model_has_a_row_and_every_line_a_model() -> None:
    assert sorted(ROWS) == IDS
    assert set(published()) <= set(IDS)
    assert all(set(held) <= KEYS for held in published().values())


@pytest.mark.parametrize("identifier", IDS)
def test_our_side_is_counted_from_the_tree(identifier: str) -> None:
    root, row = find(identifier).architecture.root, ROWS[identifier]
    counted = parameters(root)
    assert row.total == counted.total
    assert row.multi_token_prediction == counted.multi_token_prediction
    assert row.other_modalities == counted.other_modalities


@pytest.mark.parametrize("identifier", COUNTED)
def test_published_count_is_explained_to_the_last_parameter(identifier: str) -> None:
    said, row = published()[identifier], ROWS[identifier]
    assert row.published == said["elements"]
    assert row.remainder == said.get("unexplained", {}).get("elements", 0)
    assert row.verdict == ("remainder" if "unexplained" in said else "exact")


@pytest.mark.parametrize("identifier", IDS)
def test_reason_names_everything_that_lies_between(identifier: str) -> None:
    row = ROWS[identifier]
    if row.verdict in ("exact", "remainder"):
        assert ("multi-token-prediction" in row.reason) >= bool(row.multi_token_prediction)
        assert ("towers" in row.reason) >= bool(row.other_modalities)
    for term in row.extra:
        assert f"{abs(term.elements):,}" in row.reason
        assert term.elements
    assert row.reason.endswith(".")
    assert row.source.startswith("https://")


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("voxtral-realtime-4b", "to which the language model and its towers round"),
        ("mistral-large-3-675b", "to which the language model and its towers are cut"),
        (
            "intern-s2-397b",
            "to which the language model, its multi-token-prediction modules and its towers round",
        ),
        ("glm-5.3", "to which the language model and its multi-token-prediction modules round"),
        ("nemotron-3-ultra-550b-a55b", "to which the language model rounds"),
        ("grok-1-314b", "of which the language model has 1,684,820,992 more"),
    ],
)
def test_a_round_number_says_what_it_counts(model: str, says: str) -> None:
    start = f"Published as a round number, {says}: nothing to compare with to the last parameter."
    assert ROWS[model].reason.startswith(start)


def test_scales_are_counted_block_by_block() -> None:
    root = find("minimax-m2.5").architecture.root
    one_by_one = sum(
        -(-tensor.shape[0] // 128) * -(-tensor.shape[1] // 128)
        for tensor in tensors(root)
        if len(tensor.shape) == 2
        and not any(word in tensor.name for word in ("embed_tokens", "lm_head", "moe.gate."))
    )
    assert block_scales(root) == one_by_one == 13_880_064


def test_a_wrong_count_leaves_a_remainder() -> None:
    right = ROWS["gpt2-xl"]
    wrong = replace(right, total=right.total - 1)
    assert (right.verdict, wrong.verdict, wrong.remainder) == ("exact", "remainder", 1)


def test_table_says_how_many_come_out() -> None:
    found = list(ROWS.values())
    exact = sum(row.verdict == "exact" for row in found)
    assert f"Of {len(found)} models, {exact} come out to the last parameter." in summary(found)
    lines = [line for line in markdown(found).splitlines() if line.startswith("| ")]
    assert len(lines) == len(found) + 2
    assert {line.count(" | ") for line in lines} == {7}


def test_command_prints_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accuracy", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == to_json(list(ROWS.values()))
    assert main(["accuracy", "--format", "markdown"]) == 0
    assert capsys.readouterr().out == markdown(list(ROWS.values()))
    assert main(["accuracy"]) == 0
    assert "1,607,942,848" in capsys.readouterr().out
