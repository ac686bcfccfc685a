"""Every real config that the repository stores runs as a miniature, one token after another as all at once.

They are the catalog's, those of releases that it doesn't hold, and those that strangers sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import pytest

from llm_gallery.architecture.block import walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.supported import refused
from llm_gallery.recognition import describe
from llm_gallery.running import given
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proof import proof
from tests.sample import catalog, dozen, first
from tests.truth.released import CONFIGS
from tests.truth.test_strangers import SENT

Config = Mapping[str, Any]
REAL: Mapping[str, Config] = {
    **{f"sent {model}": sent["config"] for model, sent in SENT.items()},
    **CONFIGS,
}
ODDLY_SPELLED = (
    "sent phi-3-mini-128k", "sent phi-4-mini", "sent mamba-130m", "sent zephyr-no-kv", "sent baichuan-13b",
    "sent falcon-h1-1.5b-deep", "gla-7b", "step-3.7-flash", "kimi-k2.6", "minimax-m3-428b",
)  # fmt: skip
"""What stands beside the object that it belongs to, is said twice, or is left to the class: each once made a miniature
that contradicted itself, or a run that failed."""
SLOW = ("deepseek-v4-flash", "kimi-k3", "mistral-large-4")
"""Groups of 128 tokens, one by one; or so many layers before each kind has come."""
SMALL = 12_000_000
"""Weights of a language model whose sizes are all small: Nemotron Super 49B has layers of many kinds."""


@pytest.mark.parametrize(
    "name",
    first(
        REAL, {*ODDLY_SPELLED, *dozen()} - {*SLOW}, {*catalog(), *REAL} - {*[*REAL][::4], *dozen()}
    ),
)
def test_it_runs_as_a_miniature(name: str) -> None:
    config = REAL[name]
    whole, small = describe(config), describe(miniature(config))
    kinds = ({block.kind for _, block in walk(made.root)} for made in (whole, small))
    assert next(kinds) <= next(kinds)
    assert sum(prod(tensor.shape) for tensor in given.stored(small.root)) < SMALL
    if refused(whole):
        with pytest.raises(Refusal, match="can't run yet: ."):
            proof(config)
        return
    assert proof(config).run.holds
