"""BLT: bytes and patches of them, counted where each byte is a patch, and run wherever patches end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import layers, tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.supported import refused
from llm_gallery.recognition import describe


def part(width: int, count: int, **own: Any) -> dict[str, Any]:
    return {
        "hidden_size": width,
        "intermediate_size": 12,
        "num_hidden_layers": count,
        "num_attention_heads": 2,
        **own,
    }


SMALL: dict[str, Any] = {
    "model_type": "blt",
    "vocab_size": 10,
    "encoder_hash_byte_group_size": [3, 5],
    "encoder_hash_byte_group_vocab": 7,
    "cross_attn_k": 3,
    "local_attention_window_len": 4,
    "patch_in_forward": False,
    "encoder_config": part(8, 2, vocab_size=10, cross_attn_k=3),
    "decoder_config": part(8, 1, cross_attn_k=3, hidden_size_global=16),
    "global_config": part(16, 2),
}


PATCHER = part(8, 1, vocab_size=10)


def layer(width: int) -> int:
    """Four square matrices, three of an MLP."""
    return 4 * width * width + 3 * 12 * width


def test_all_of_it_is_counted() -> None:
    root = describe(SMALL).root
    norms = 2 * (3 * 8 + 2 * 16) + 2 * 2 * 8 + 8
    """Of layers, of both attentions to patches, and the last."""
    between = 8 * 3 * 8 + 24 * 16 + 16 * 3 * 8 + 2 * 4 * 8 * 8
    table, ends = 2 * 7 * 8, 2 * 10 * 8
    wanted = 3 * layer(8) + 2 * layer(16) + norms + between + table + ends
    assert parameters(root).total == wanted == sum(tensor.elements for tensor in tensors(root))
    assert parameters(root).active == wanted - table + 2 * 8


def test_a_byte_is_a_patch_at_most() -> None:
    root = describe(SMALL).root
    growing = {(row.elements_per_token, row.window): row.layers for row in cache(root).rows}
    assert growing == {(0, None): 1, (2 * 8, 4): 3, (2 * 16, None): 2}
    patches = (
        3 + 1
    ) * 2 * 64 * 2 + 2 * 2 * 3 * 8  # three ask one byte, one asks three; scores and values
    matrices = 3 * layer(8) + 2 * layer(16) + 8 * 24 + 24 * 16 + 16 * 24 + 10 * 8
    seen = 3 * 2 * 8 + 2 * 2 * 16
    assert flops_per_token(root, 1) == 2 * (matrices + patches + seen)


def test_what_no_config_says_is_said() -> None:
    found = describe({"model_type": "blt"})
    assert any("how many bytes a patch has" in line for line in found.warnings)
    assert not any("patch" in line for line in describe(SMALL).warnings)
    assert not any(
        "patch" in line for line in describe({**SMALL, "patching_mode": "static"}).warnings
    )


def test_layers_are_of_bytes_of_patches_and_of_bytes() -> None:
    found = layers(describe(SMALL).root)
    assert [any(b.kind == "patching" for b in one.inside) for one in found] == [
        False, True, True, False, True,
    ]  # fmt: skip


def test_cuts_that_nothing_computes_are_refused() -> None:
    assert refused(describe({"model_type": "blt"})) == ""
    for key, value in (("max_patch_length", 9), ("patch_size", None), ("patching_threshold", None)):
        assert "how hard the next byte is to guess" in refused(
            describe({"model_type": "blt", key: value})
        )


def test_parts_must_fit() -> None:
    wrong = {**SMALL, "decoder_config": part(8, 1, cross_attn_k=3, hidden_size_global=8)}
    with pytest.raises(Refusal, match="hidden_size_global"):
        describe(wrong)
    with pytest.raises(Refusal, match="cross_attn_k"):
        describe({**SMALL, "cross_attn_k": 2})


def test_patches_end_as_they_are_told() -> None:
    np = pytest.importorskip("numpy")
    from llm_gallery.mechanisms.forward.patching import ended, entered, left

    whole = SimpleNamespace(vectors=1), SimpleNamespace(linear=None)
    sure, unsure = [9.0, -9.0], [0.0, 0.0]
    ends = ended(np.array([sure, sure, unsure, sure]), 0.5, np.arange(4))
    assert ends.tolist() == [True, False, True, False]
    rows = np.array([[1.0, 5.0], [4.0, 2.0], [3.0, 6.0], [9.0, 9.0]])
    greatest, asked, _, places, now = entered(*whole, rows, {}, ends)
    assert greatest.tolist() == [[1.0, 5.0], [4.0, 6.0]]
    assert asked.tolist() == rows[:3].tolist()
    assert places.tolist() == [0, 1]
    assert now["open_bytes"].tolist() == [[9.0, 9.0]]
    _, visible, _ = left(*whole, np.arange(4.0).reshape(2, 2), {}, rows, ends)
    assert visible.argmax(axis=1).tolist() == [0, 0, 1, 1]


def test_a_proof_says_no_more_where_patches_are_longer() -> None:
    pytest.importorskip("numpy")
    from llm_gallery.running.proof import proof

    by_bytes = proof({**SMALL, "patching_mode": "static"}).run
    assert by_bytes.holds
    assert not by_bytes.most
    assert by_bytes.kept.holds
    longer = proof({"model_type": "blt", "patching_threshold": 3.9}).run
    assert longer.holds
    assert longer.most
    assert longer.kept.done < longer.kept.stated
    assert longer.work.done < longer.work.stated


def test_a_window_of_one_byte_is_a_window() -> None:
    """Beside layers over patches, which have none: it is no truth of them all."""
    pytest.importorskip("numpy")
    from llm_gallery.running.proof import proof

    narrow = {**SMALL, "local_attention_window_len": 1, "patch_in_forward": True}
    assert proof({**narrow, "patching_mode": "entropy", "patcher_config": PATCHER}).run.holds
