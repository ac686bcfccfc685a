"""Inkling 2's looped sister: layers in the middle run several times from the same stream, with messages between passes."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block, layers, main_stack, tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.mechanisms.loops import left_behind, pass_ends, reruns
from llm_gallery.mechanisms.wiring import placement
from llm_gallery.recognition import describe

WIDTH, RANK = 8, 3
PLAIN: dict[str, Any] = {
    "model_type": "inkling2_text",
    "vocab_size": 10,
    "unpadded_vocab_size": 9,
    "hidden_size": WIDTH,
    "moe_intermediate_size": 12,
    "num_hidden_layers": 8,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 4,
    "swa_num_attention_heads": 2,
    "swa_num_key_value_heads": 1,
    "swa_head_dim": 4,
    "n_routed_experts": 4,
    "num_experts_per_tok": 2,
    "n_layers_per_attn_res_block": 2,
}
SMALL: dict[str, Any] = {
    **PLAIN,
    "model_type": "inkling2_loop_text",
    "loop_layer_index_start": 2,
    "loop_layer_index_end": 6,
    "loop_num_passes": 3,
    "loop_gate_rank": RANK,
}
GATE = 2 * WIDTH * RANK + 2 * RANK * WIDTH
"""Stream and message to the rank, and back to what is forgotten and what joins."""


def test_each_layer_is_stored_once() -> None:
    looped, plain = (describe(raw).root for raw in (SMALL, PLAIN))
    more = 4 * (4 * GATE + 4 * WIDTH)  # four gates and four queries a layer of the loop
    assert parameters(looped).total == parameters(plain).total + more
    names = [tensor.name for tensor in tensors(looped)]
    assert len(names) == len({*names})
    assert {name for name in names if "controllers" in name} == {
        f"model.llm.layers.{layer}.controllers.{gate}.{part}_weight"
        for layer in range(2, 6)
        for gate in ("attn", "k", "v", "mlp")
        for part in ("down", "forget", "gain")
    }
    assert "model.llm.middle_cycle_cross_pass_kv_queries" in names
    assert "model.llm.layers.8.attn.wq_du.weight" not in names


def test_each_pass_keeps_for_itself() -> None:
    root = describe(SMALL).root
    assert (len(layers(root)), reruns(root)) == (8 + 2 * 4, 2 * 4)
    kept = {passes: cache(_passes(passes)).elements_at(3) for passes in (2, 3, 4)}
    assert kept[3] - kept[2] == kept[4] - kept[3] > 0
    assert cache(root).elements_at(3) == kept[3]


def test_each_pass_computes_the_same() -> None:
    work = [flops_per_token(_passes(passes), 1) for passes in (2, 3, 4)]
    assert work[2] - work[1] == work[1] - work[0] > 0


def _passes(count: int) -> Block:
    return describe({**SMALL, "loop_num_passes": count}).root


def test_the_releases_words_count_more() -> None:
    words = {"core_start": 2, "core_end": 6, "num_passes": 3, "gate_rank": RANK}
    other = {"loop_layer_index_start": 4, "loop_num_passes": 2}
    said = {**SMALL, **other, "loop_gate_rank": 1, "loop_config": words}
    assert _counted(describe(said).root) == _counted(describe(SMALL).root)
    fourth = {**SMALL, "loop_config": {"num_passes": 4}}
    assert _counted(describe(fourth).root) == _counted(_passes(4))


def _counted(root: Block) -> tuple[object, ...]:
    named = [(tensor.name, tensor.shape) for tensor in tensors(root)]
    return named, len(layers(root)), flops_per_token(root, 3)


def test_sums_end_with_their_pass() -> None:
    root = describe(SMALL).root
    assert pass_ends(root) == {2: (6, True), 4: (6, False), 6: (10, True), 8: (10, False)}
    stack = main_stack(root)
    assert stack is not None
    assert left_behind(stack) == 4
    assert pass_ends(describe(PLAIN).root) == {}


def test_a_gate_before_a_norm_is_no_norm_after() -> None:
    (branch, *_) = (b for b in layers(describe(SMALL).root)[6].inside if b.is_residual)
    assert branch.child("message_gate")
    assert placement(branch) == "pre"


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"loop_layer_index_end": 5}, "loop_layer_index_end is 5, expected a multiple"),
        ({"loop_layer_index_end": 10}, "loop_layer_index_end"),
        ({"loop_layer_index_start": 6}, "expected less than loop_layer_index_end, 6"),
        ({"loop_num_passes": 1}, "loop_num_passes is 1, expected 2"),
    ],
)
def test_no_loop_is_refused(own: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        describe({**SMALL, **own})


def test_its_wrapper_has_the_same_language_model() -> None:
    text = {key: value for key, value in SMALL.items() if key != "model_type"}
    vision = {"text_hidden_size": WIDTH}
    whole = describe({"model_type": "inkling2_loop", "text_config": text, "vision_config": vision})
    assert parameters(whole.root).total == parameters(describe(SMALL).root).total


def test_one_token_runs_as_among_others() -> None:
    pytest.importorskip("numpy")
    from llm_gallery.running.proof import proof

    shown = proof({**SMALL, "hidden_size": 16})
    assert shown.run.holds
    assert shown.read == shown.stored
