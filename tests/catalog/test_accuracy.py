"""Every published count is explained to the last parameter, from the described tree and a list of reasons."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import tensors
from llm_gallery.catalog.accuracy import Row, block_scales, published, row, rows
from llm_gallery.catalog.accuracy_table import markdown, summary, to_json
from llm_gallery.catalog.load import find
from llm_gallery.cli import main
from tests.sample import catalog, models

KEYS = {"elements", "rounded", "source", "note", "scales", "extra", "unexplained"}


def of(model: str) -> Row:
    entry = find(model).entry
    assert entry is not None
    return row(entry)


@cache
def all_rows() -> tuple[Row, ...]:
    return rows()


@pytest.mark.whole
def test_every_model_has_a_row() -> None:
    assert {row.id for row in all_rows()} == {*catalog()}
    assert len(all_rows()) == len(catalog())


def test_every_line_has_a_model() -> None:
    assert set(published()) <= {*catalog()}
    assert all(set(held) <= KEYS for held in published().values())


@pytest.mark.parametrize("model", models())
def test_every_row_is_counted_from_the_tree_and_explained_to_the_last_parameter(model: str) -> None:
    held, counted = of(model), parameters(find(model).architecture.root)
    assert held.total == counted.total
    assert held.multi_token_prediction == counted.multi_token_prediction
    assert held.other_modalities == counted.other_modalities
    said = published().get(model, {})
    if "elements" in said and not held.rounded:
        assert held.published == said["elements"]
        assert held.remainder == said.get("unexplained", {}).get("elements", 0)
        assert held.verdict == ("remainder" if "unexplained" in said else "exact")
    if held.verdict in ("exact", "remainder"):
        assert ("multi-token-prediction" in held.reason) >= bool(held.multi_token_prediction)
        assert ("towers" in held.reason) >= bool(held.other_modalities)
    for term in held.extra:
        assert f"{abs(term.elements):,}" in held.reason
        assert term.elements
    assert held.reason.endswith(".")
    assert held.source.startswith("https://")


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
    assert of(model).reason.startswith(start)


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
    right = of("gpt2-xl")
    wrong = replace(right, total=right.total - 1)
    assert (right.verdict, wrong.verdict, wrong.remainder) == ("exact", "remainder", 1)


@pytest.mark.whole
def test_table_says_how_many_come_out() -> None:
    found = list(all_rows())
    exact = sum(row.verdict == "exact" for row in found)
    assert f"Of {len(found)} models, {exact} come out to the last parameter." in summary(found)
    lines = [line for line in markdown(found).splitlines() if line.startswith("| ")]
    assert len(lines) == len(found) + 2
    assert {line.count(" | ") for line in lines} == {7}


@pytest.mark.whole
def test_command_prints_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accuracy", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == to_json(list(all_rows()))
    assert main(["accuracy", "--format", "markdown"]) == 0
    assert capsys.readouterr().out == markdown(list(all_rows()))
    assert main(["accuracy"]) == 0
    assert "1,607,942,848" in capsys.readouterr().out
