"""HRM-Text: two modules that take turns, stored once and run several times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import layers, tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.file import printed
from llm_gallery.mechanisms.loops import looped, reruns
from llm_gallery.recognition import describe

SMALL: dict[str, Any] = {
    "model_type": "hrm_text",
    "vocab_size": 10,
    "hidden_size": 8,
    "intermediate_size": 12,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "head_dim": 4,
    "H_cycles": 3,
    "L_cycles": 2,
}
LAYER = 4 * 8 * 8 + 8 * 8 + 3 * 12 * 8
"""Gate, q, k and v of one matrix, the way back, and an MLP; norms learn nothing."""


def test_both_modules_are_stored_once() -> None:
    root = describe(SMALL).root
    assert parameters(root).total == 2 * 2 * LAYER + 2 * 10 * 8 + 8
    stored = [tensor.name for tensor in tensors(root)]
    assert len(stored) == len({*stored}) == 2 * 2 * 4 + 3
    assert "model.L_module.layers.1.attn.gqkv_proj.weight" in stored
    assert "model.H_module.layers.1.mlp.down_proj.weight" in stored
    assert "model.z_L_init" in stored


def test_each_run_keeps_and_computes() -> None:
    root = describe(SMALL).root
    (row,) = cache(root).rows
    assert row.layers == 3 * (2 + 1) * 2
    scores = 2 * 2 * 4  # of the first token with itself, and its value
    assert flops_per_token(root, 1) == 2 * (row.layers * (LAYER + scores) + 10 * 8)
    assert (len(layers(root)), reruns(root)) == (6, 2)


def test_a_saved_config_says_the_same() -> None:
    saved = {**SMALL, "num_layers_per_stack": 2, "num_hidden_layers": 2 * 3 * 3}
    assert describe(saved).root == describe(SMALL).root


def test_layers_that_run_again_are_said() -> None:
    assert "of which *2 run again in the weights of others*" in looped(6, 3, 2)
    assert "weights of 4" in looped(6, 3, 2)
    assert "3 times" not in looped(6, 1, 2)


def test_a_printed_file_runs_as_the_model_does(tmp_path: Path) -> None:
    np = pytest.importorskip("numpy")
    from llm_gallery import run
    from llm_gallery.running.random_weights import RandomWeights
    from tests.code.checkpoints import written
    from tests.code.executed import Printed

    made = describe(SMALL)
    weights = dict(RandomWeights(made.root))
    written(tmp_path, weights)
    file = Printed(printed(made, ""))
    tokens = [3, 1, 4, 1, 5, 9, 2, 6]
    wanted = run(made, weights, tokens)[0]
    scores = file.scores(file.weights(tmp_path), tokens[:3], tokens[3:])
    assert np.abs(scores - wanted).max() < 1e-12 * np.abs(wanted).max()


def test_biases_are_refused() -> None:
    with pytest.raises(Refusal, match="attention_bias"):
        describe({**SMALL, "attention_bias": True})
