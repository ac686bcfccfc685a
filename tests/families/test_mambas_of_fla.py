"""Flash Linear Attention's Mamba and Mamba-2 have the reference's types and other keys: the second's steps may have bounds."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

import pytest

from llm_gallery import Refusal, describe
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, walk
from llm_gallery.code.supported import refused
from llm_gallery.families._ignored import MARKS_OF_FLA

CONFIG = {
    "model_type": "mamba2", "architectures": ["Mamba2ForCausalLM"], "A_init_range": [1, 16], "D_has_hdim": False,
    "conv_init": None, "conv_kernel": 4, "dt_init_floor": 1e-4, "dt_max": 0.1, "dt_min": 0.001, "expand": 2,
    "fuse_cross_entropy": True, "fuse_norm": True, "head_dim": 64, "hidden_act": "silu", "hidden_size": 2048,
    "n_groups": 4, "norm_before_gate": False, "norm_eps": 1e-5, "num_heads": 64, "num_hidden_layers": 48,
    "rmsnorm": True, "state_size": 128, "tie_word_embeddings": False, "use_bias": False, "use_conv_bias": True,
    "vocab_size": 32000,
}  # fmt: skip


def mixer(made: Architecture) -> Mapping[str, Any]:
    """What a run needs of its state spaces."""
    return next(block.settings for _, block in walk(made.root) if block.kind == "mamba2")


def test_every_key_is_read_and_the_norm_spans_a_group() -> None:
    made = describe(CONFIG)
    assert made.unread == ()
    assert made.warnings == ()
    mixed = 4096 + 2 * 4 * 128
    layer = 2048 * (4096 + mixed + 64) + 5 * mixed + 3 * 64 + 4096 + 4096 * 2048 + 2048
    assert parameters(made.root).total == 2 * 32000 * 2048 + 2048 + 48 * layer
    assert mixer(made)["norm_groups"] == 4


def test_only_its_norm_may_stand_before_the_gate() -> None:
    config = {**CONFIG, "norm_before_gate": True}
    assert mixer(describe(config))["norm_first"]
    marks = {"rmsnorm", *MARKS_OF_FLA}
    made = describe({key: value for key, value in config.items() if key not in marks})
    assert mixer(made)["norm_groups"] == 4
    assert "norm_first" not in mixer(made)


@pytest.mark.parametrize(("key", "value"), [("rmsnorm", False), ("D_has_hdim", True)])
def test_what_isnt_described_is_refused(key: str, value: bool) -> None:
    with pytest.raises(Refusal, match=key):
        describe({**CONFIG, key: value})


@pytest.mark.parametrize("key", ["dt_limit", "time_step_limit"])
def test_a_bound_of_steps_keeps_it_from_running(key: str) -> None:
    for endless in (inf, {"__float__": "Infinity"}):
        made = describe({**CONFIG, key: [0.0, endless]})
        assert made.unread == ()
        assert refused(made) == ""
    assert f"{key} bounds the steps" in refused(describe({**CONFIG, key: [0.001, 0.1]}))


FIRST = {
    "model_type": "mamba", "architectures": ["MambaForCausalLM"], "conv_kernel": 4, "dt_init_floor": 1e-4,
    "dt_init_scheme": "random", "dt_max": 0.1, "dt_min": 0.001, "dt_rank": 100, "dt_scale": 1.0, "expand": 2,
    "fuse_cross_entropy": True, "fuse_norm": True, "hidden_act": "silu", "hidden_size": 2048,
    "intermediate_size": 4096, "norm_eps": 1e-5, "num_hidden_layers": 48, "state_size": 16,
    "tie_word_embeddings": False, "use_bias": False, "use_conv_bias": True, "vocab_size": 32000,
}  # fmt: skip


@pytest.mark.parametrize(("said", "rank"), [(100, 100), ("auto", 128)])
def test_the_firsts_steps_pass_the_rank_that_its_own_word_says(said: int | str, rank: int) -> None:
    made = describe({**FIRST, "dt_rank": said})
    assert made.unread == ()
    assert made.warnings == ()
    steps = 4096 * (rank + 32) + (rank + 1) * 4096
    layer = 2048 * 2 * 4096 + 5 * 4096 + steps + 17 * 4096 + 4096 * 2048 + 2048
    assert parameters(made.root).total == 2 * 32000 * 2048 + 2048 + 48 * layer
