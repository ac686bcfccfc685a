"""Beam and Dory: sums that weigh stream and branch, by depth or by learned rates; a loop that begins with what was before it."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.contract import facts
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import layers, mixers, tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.file import printed
from llm_gallery.code.supported import refused
from llm_gallery.recognition import describe

BEAM: dict[str, Any] = {"model_type": "beam"}
DORY: dict[str, Any] = {"model_type": "dory"}


def test_defaults_are_the_releases() -> None:
    """Of Beam all and active are published as 501.3B and 23.4B, of Dory every element."""
    counted = parameters(describe(BEAM).root)
    assert round(counted.total / 1e8) == 5013
    assert round(counted.active / 1e8) == 234
    assert parameters(describe(DORY).root).total == 3_975_229_440


def test_beams_layers_rotate_where_they_see_a_window() -> None:
    reading = [next(iter(mixers(layer))) for layer in layers(describe(BEAM).root)]
    full = [i for i, block in enumerate(reading) if "window" not in block.facts]
    assert full == [5, 11, 17, 23, 29, 35, 41, 47, 51]  # each sixth, and the last
    assert [i for i, block in enumerate(reading) if block.value("position") == "none"] == full
    assert [i for i, block in enumerate(reading) if block.value("temperature_tuning")] == full


def test_beam_sums_with_weights_by_depth() -> None:
    numpy = pytest.importorskip("numpy")
    from types import SimpleNamespace

    from llm_gallery.mechanisms.forward.shares_by_depth import joined

    one = numpy.ones((1, 2))
    first = joined(SimpleNamespace(layer=0, summand=2), None, 0 * one, one)
    assert first == pytest.approx(one / 2**0.5)  # embedding and branch: half each, in squares
    stream = one
    for layer in range(4):  # as many equal summands of length 1 as give the root of their number
        for summand in (2, 3):
            stream = joined(SimpleNamespace(layer=layer, summand=summand), None, stream, one)
    assert stream == pytest.approx(9 * one / 9**0.5)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"rope_parameters": {"sliding_attention": None}}, "rope_parameters has no full_attention"),
        ({"n_group": 7}, "num_experts is 256, expected a multiple of n_group"),
        ({"num_experts_per_tok": 129}, "num_experts_per_tok is 129, expected at most"),
        ({"mlp_layer_types": ["moe"] * 52}, "mlp_layer_types"),
    ],
)
def test_what_the_reference_fails_on_is_refused(own: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        describe({**BEAM, **own})


def test_dorys_loop_runs_and_keeps_again() -> None:
    once, twice, thrice = (
        describe({**DORY, "n_recurrent_loops": passes}).root for passes in (1, 2, 3)
    )
    assert [len(layers(root)) for root in (once, twice, thrice)] == [36, 56, 76]
    assert len({parameters(root).total for root in (once, twice, thrice)}) == 1
    kept = [cache(root).elements_at(3) for root in (once, twice, thrice)]
    assert kept[2] - kept[1] == kept[1] - kept[0] == 20 * 3 * 2 * 4 * 256
    work = [flops_per_token(root, 1) for root in (once, twice, thrice)]
    assert work[2] - work[1] == work[1] - work[0] > 0
    assert "looped-depth" not in facts(describe({**DORY, "n_recurrent_loops": 1}))["concepts"]
    assert "looped-depth" in facts(describe(DORY))["concepts"]


def test_dorys_two_ways_to_count_layers_are_one_model() -> None:
    kinds = ["sliding_attention", "sliding_attention", "sliding_attention", "full_attention"] * 9
    paired = {
        **DORY,
        "layer_types": [word for kind in kinds for word in (kind, "mlp")],
        "num_hidden_layers": 72,
        "n_input_layers": 16,
        "n_recurrent_layers": 40,
        "n_output_layers": 16,
    }
    ours, theirs = (
        [(tensor.name, tensor.shape) for tensor in tensors(describe(raw).root)]
        for raw in (DORY, paired)
    )
    assert ours == theirs
    names = dict(ours)
    assert names["backbone.layers.0.mixer.sqk"] == (4096,)
    assert names["backbone.layers.71.mlp_alpha"] == (2560,)
    assert len(names) == len(ours)


def test_passes_that_read_the_last_ones_keys_keep_nothing_and_are_not_run() -> None:
    last = describe({**DORY, "recurrent_kv_cache_mode": "last_loop"})
    once = describe({**DORY, "n_recurrent_loops": 1})
    assert cache(last.root).elements_at(5) == cache(once.root).elements_at(5)
    assert "how it is cut" in refused(last)
    assert refused(once) == refused(describe(DORY)) == ""


@pytest.mark.parametrize(
    "own",
    [
        {"n_recurrent_layers": 19},
        {"n_input_layers": 28},
        {"layer_types": ["mlp", "full_attention"] * 18},
        {"layer_types": ["full_attention", "mlp"] * 17 + ["full_attention"] * 2},
        {"rope_parameters": {"full_attention": {"rope_theta": 1e4}}},
    ],
)
def test_no_sections_are_refused(own: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        describe({**DORY, **own})


def test_both_are_printed() -> None:
    beam, dory = (printed(describe(raw), "") for raw in (BEAM, DORY))
    assert "count = 2 * layer + summand" in beam
    assert "np.abs(w['mlp_alpha'] * RATE_UNIT)" in dory
    assert dory.count("x = (x + looped)") == 2  # where a first pass begins, and a later one


@pytest.mark.parametrize("raw", [BEAM, DORY])
def test_one_token_runs_as_among_others(raw: dict[str, Any]) -> None:
    pytest.importorskip("numpy")
    from llm_gallery.running.proof import proof

    assert proof(raw).run.holds
