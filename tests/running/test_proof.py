"""A proof bites: what the fact sheet states too much or too little is seen, in what is kept and what is computed."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest

from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.mechanisms._mechanism import Kept
from llm_gallery.recognition import describe
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proof import Run, compared, proof, some
from llm_gallery.running.random_weights import RandomWeights
from llm_gallery.running.run import run
from llm_gallery.running.tally import Tally
from tests.running.test_run import CONFIGS, MODELS


@pytest.mark.parametrize("model", MODELS)
def test_a_run_keeps_and_computes_what_is_stated(model: str) -> None:
    found = proof(CONFIGS[model])
    assert found.run.kept.done == found.run.kept.stated > 0
    assert found.run.work.done == found.run.work.stated > 0
    assert found.run.holds


@pytest.mark.parametrize(("model", "kind"), [("gpt-oss-20b", "attention"), ("deepseek-v3", "mlp")])
def test_work_that_is_stated_wrongly_is_seen(model: str, kind: str) -> None:
    honest = MECHANISMS[kind]
    more = replace(honest, work=lambda block, position: honest.work(block, position) + position)
    with patch.dict(MECHANISMS, {kind: more}):
        run = ran(model)
    assert run.kept.holds
    assert run.work.done < run.work.stated
    assert [*run.uneven] == [*range(2, 15)]
    assert not run.holds


def test_experts_that_no_token_needed_are_counted_as_spared() -> None:
    model = "longcat-flash-lite-68.5b-a3b"
    small, run = miniature(CONFIGS[model]), ran(model)
    choices = 2 * 14 * 3  # layers, tokens, experts of a token
    expert = 3 * small["hidden_size"] * small["expert_ffn_hidden_size"]
    assert run.holds
    assert 0 < run.spared < choices * expert
    assert run.spared % expert == 0
    assert ran("deepseek-v3").spared == 0


def test_one_number_more_that_is_stated_to_be_kept_is_seen() -> None:
    honest = MECHANISMS["mamba2"]
    more = replace(
        honest, kept=lambda block: Kept(states=(*honest.kept(block).states, (1, "bf16")))
    )
    with patch.dict(MECHANISMS, {"mamba2": more}):
        run = ran("nemotron-3-super-120b-a12b")
    assert run.work.holds
    assert run.kept.done < run.kept.stated
    assert not run.holds


def ran(model: str) -> Run:
    small = describe(miniature(CONFIGS[model]))
    return compared(small, RandomWeights(small.root), some(small.root))


def test_a_product_is_counted_once_and_stays_what_it_was() -> None:
    tally = Tally()
    x, y = np.ones((3, 4)), np.arange(20.0).reshape(4, 5)
    with tally.counting():
        assert np.array_equal(x @ tally.matrix(y), x @ y)
        assert np.array_equal(np.einsum("ij,jk->ik", x, y), x @ y)
    np.einsum("ij,jk->ik", x, y)
    assert (tally.matrices, tally.mixing) == (60, 60)


def test_weights_are_drawn_when_they_are_read() -> None:
    small = describe(miniature(CONFIGS["deepseek-v3"]))
    weights = RandomWeights(small.root)
    run(small, weights, some(small.root))
    assert 0 < len(weights.read) < len(weights)
    again = RandomWeights(small.root)
    assert all(np.array_equal(again[name], array) for name, array in weights.read.items())
