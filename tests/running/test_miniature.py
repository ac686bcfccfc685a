"""Miniatures are small: what makes a release large is no mechanism."""

from __future__ import annotations

from math import prod

import pytest

from llm_gallery.architecture.block import tensors
from llm_gallery.catalog.load import find
from llm_gallery.families import describe
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proven import PROVEN
from tests.running.test_run import CONFIGS

PROVEN_MODELS = [model for model in CONFIGS if find(model).architecture.model_type in PROVEN]
LOOKING_UP = ("deepseek-v4.1-flash",)
"""A model with tables of hundreds of millions of rows that doesn't run."""


@pytest.mark.parametrize("model", [*PROVEN_MODELS, *LOOKING_UP])
def test_a_miniature_is_small(model: str) -> None:
    small = describe(miniature(CONFIGS[model])).root
    assert (
        sum(prod(t.shape) for t in tensors(small) if t.tied_to is None) < 6_000_000
    )  # of 25 layers in DeepSeek V4.1
