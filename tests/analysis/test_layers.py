"""Layer kinds, their counts and the folded pattern, in the field's words."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.analysis.layers import brief, kinds, pattern, schedule
from llm_gallery.catalog.load import find
from tests.analysis.small import DELTA, EXPERTS, LATENT, small

HYBRID = {**EXPERTS, **DELTA, "layer_types": None, "num_hidden_layers": 8}


@pytest.mark.parametrize(
    ("model_type", "more", "words"),
    [
        ("llama", {"num_hidden_layers": 3}, "3 MQA"),
        ("llama", {"num_key_value_heads": 2}, "2 MHA"),
        ("mistral", {"sliding_window": 4}, "2 sliding-window MQA"),
        ("deepseek_v3", {**LATENT, "num_hidden_layers": 5}, "1 dense + 4 MoE"),
        ("qwen3_next", HYBRID, "(3 Gated DeltaNet + 1 gated MQA) × 2"),
        ("smollm3", {"num_hidden_layers": 8}, "(3 MQA + 1 NoPE MQA) × 2"),
    ],
)
def test_pattern(model_type: str, more: dict[str, Any], words: str) -> None:
    assert pattern(small(model_type, **more).root) == words


def test_a_pattern_without_room_is_counted_by_kind_of_layer() -> None:
    mixed = {
        **HYBRID,
        "layer_types": ["linear_attention", "full_attention", *["linear_attention"] * 6],
    }
    root = small("qwen3_next", **mixed).root
    whole = "1 Gated DeltaNet + 1 gated MQA + 6 Gated DeltaNet"
    assert pattern(root) == whole
    assert brief(root, len(whole)) == whole
    assert brief(root, len(whole) - 1) == "7 Gated DeltaNet + 1 gated MQA"
    assert brief(root, 20) == "7 Gated DeltaNet + 1 kind more"


def test_as_many_kinds_are_named_as_there_is_room_for() -> None:
    said = {"hybrid_override_pattern": "M*M-", "mamba_num_heads": 8, "num_hidden_layers": 4}
    root = small("nemotron_h", **said).root
    two = "2 Mamba-2 + 1 NoPE MQA"
    assert brief(root, len(two)) == f"{two} + 1 kind more"
    assert brief(root, len(two) - 1) == "2 Mamba-2 + 2 kinds more"


def test_two_mixers_of_a_layer_are_one_name() -> None:
    assert "double MLA" in pattern(find("longcat-flash-lite-68.5b-a3b").architecture.root)
    assert "Mamba-2 + " in pattern(find("falcon-h1-7b").architecture.root)


def test_kinds_are_counted_in_order_of_first_appearance() -> None:
    root = small("qwen3_next", **HYBRID).root
    assert [(kind.name, kind.count) for kind in kinds(root)] == [
        ("Gated DeltaNet", 6),
        ("gated MQA", 2),
    ]
    assert schedule(root) == (0, 0, 0, 1, 0, 0, 0, 1)


def test_equal_layers_are_one_kind_whatever_built_them() -> None:
    said = {"hybrid_override_pattern": "M*M-", "mamba_num_heads": 8, "num_hidden_layers": 4}
    found = kinds(small("nemotron_h", **said).root)
    assert [(kind.name, kind.mixer, kind.channels, kind.count) for kind in found] == [
        ("Mamba-2", "Mamba-2", None, 2),
        ("NoPE MQA", "NoPE MQA", None, 1),
        ("MLP", None, "MLP", 1),
    ]
