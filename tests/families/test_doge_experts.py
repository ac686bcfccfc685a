"""Doge's experts: one channel each, chosen by sums of two scores, which tokens of one call share."""

from __future__ import annotations

import numpy as np
import pytest

from llm_gallery import describe
from llm_gallery.analysis.parameters import parameters
from llm_gallery.mechanisms.forward.router import sums
from llm_gallery.running.proof import compared, some
from llm_gallery.running.random_weights import RandomWeights

CONFIG = {
    "model_type": "doge", "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "is_moe": True, "num_experts": 11, "num_experts_per_tok": 4, "vocab_size": 96,
    "keep_window_size": 64, "max_position_embeddings": 64, "tie_word_embeddings": False,
}  # fmt: skip


def test_experts_are_counted_where_they_are_stored_and_where_they_run() -> None:
    made = describe(CONFIG)
    dense = describe({**CONFIG, "is_moe": False})
    router = 2 * 32 * 2 * 3  # of 11 experts 9 are chosen from: by two lists of three
    of = parameters(made.root), parameters(dense.root)
    assert of[0].total - of[1].total == router + 2 * 2 * 11 * 32
    assert of[0].active - of[1].active == router + 2 * 2 * 4 * 32
    assert any("the class mixes their router scores" in line for line in made.warnings)
    assert not any("the class mixes their router scores" in line for line in dense.warnings)


def test_a_token_alone_has_both_lists_of_its_own() -> None:
    alone = np.array([[1.0, 2.0, 10.0, 20.0]])
    assert sums(alone, 2).tolist() == [[11.0, 21.0, 12.0, 22.0]]
    both = sums(
        np.concatenate([alone, 100 * alone]), 2
    )  # the first token's lists, then the second's
    assert both.tolist() == [[101.0, 201.0, 102.0, 202.0], [1010.0, 2010.0, 1020.0, 2020.0]]


@pytest.mark.parametrize("experts", [True, False])
def test_tokens_one_by_one_are_compared_where_none_shares_scores(experts: bool) -> None:
    made = describe({**CONFIG, "is_moe": experts})
    run = compared(made, RandomWeights(made.root), some(made.root))
    assert (run.one_by_one is None) == experts
    assert run.holds
