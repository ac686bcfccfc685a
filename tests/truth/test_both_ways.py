"""CPM-Ant reads what it is given both ways: the reference's scores of a text, of each token that it writes, and what is kept."""

from __future__ import annotations

import numpy as np
import pytest

from llm_gallery.analysis.memory import cache
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proof import CLOSE
from llm_gallery.running.run import run
from tests.truth.test_random_configs import mutated

GIVEN = 6
"""Tokens of the text; those after them are written."""


@pytest.mark.truth
@pytest.mark.parametrize(("seed", "step"), [(0, 1), (1, 1), (2, 1), (3, 1), (1, 2)])
def test_what_is_written_after_a_text_equals_the_references(seed: int, step: int) -> None:
    """Also where two tokens are added at a time: they see each other both ways."""
    import torch

    from tools import reference_run

    raw = reference_run.with_epsilon(miniature(mutated("cpmant", seed)))
    answer = reference_run.answer(raw, seed)
    tokens = [*answer.tokens]
    with reference_run.doubles(), torch.no_grad():
        model = reference_run.built(raw, seed)
        made = model(input_ids=torch.tensor([tokens[:GIVEN]]), use_cache=True)
        wanted = [made.logits[0].numpy()]
        for end in range(GIVEN + step, len(tokens) + 1, step):
            made = model(input_ids=torch.tensor([tokens[:end]]), cache=made.cache, use_cache=True)
            wanted.append(made.logits[0, -step:].numpy())
    scores, past = run(answer.architecture, answer.weights, tokens[:GIVEN])
    found = [scores]
    for start in range(GIVEN, len(tokens), step):
        scores, past = run(answer.architecture, answer.weights, tokens[start : start + step], past)
        found.append(scores)
    both = np.concatenate(found), np.concatenate(wanted)
    assert both[0].shape == both[1].shape
    assert np.abs(both[0] - both[1]).max() < CLOSE * np.abs(both[1]).max()
    assert past.numbers == cache(answer.architecture.root).elements_at(len(tokens))
