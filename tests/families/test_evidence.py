"""What a family knows of each fact: stated by the config, assumed from the reference, implied or derived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from llm_gallery.architecture.block import Architecture, Block, layers, mixer, walk
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries
from llm_gallery.families import names
from llm_gallery.recognition import describe
from tests.odd_configs import changed

SMALL: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 96,
    "max_position_embeddings": 128,
    "tie_word_embeddings": False,
    "hidden_act": "silu",
}


def small(model_type: str, **more: Any) -> Architecture:
    return describe({"model_type": model_type, **SMALL, **more})


def attention(described: Architecture, index: int = 0) -> Mapping[str, Fact]:
    block = mixer(layers(described.root)[index])
    assert block is not None
    return block.facts


def test_a_stated_value_names_its_key() -> None:
    facts = attention(small("llama"))
    assert facts["kv_heads"] == Fact(2, "stated", "num_key_value_heads")
    assert facts["head_dim"] == Fact(8, "derived", "hidden_size / num_attention_heads")


def test_an_absent_value_is_the_references_and_marked_so() -> None:
    config = {**SMALL, "model_type": "mistral", "num_attention_heads": 8}
    config["max_position_embeddings"] = 8192
    del config["num_key_value_heads"]
    described = describe(config)
    assert attention(described)["kv_heads"] == Fact(8, "assumed", "num_key_value_heads")
    assert attention(described)["window"] == Fact(4096, "assumed", "sliding_window")
    assert "num_key_value_heads" in described.assumed


def test_null_is_a_statement() -> None:
    described = small("mistral", sliding_window=None)
    assert "window" not in attention(described)
    assert "sliding_window" not in described.assumed


def test_what_the_class_fixes_is_implied() -> None:
    assert attention(small("qwen3", head_dim=8))["qk_norm"] == Fact("per head", "implied", "")


def test_booleans_keep_their_evidence() -> None:
    stated = small("llama", attention_bias=True)
    assert attention(stated)["bias"] == Fact(True, "stated", "attention_bias")
    assert attention(small("llama"))["bias"] == Fact(False, "assumed", "attention_bias")
    assert stated.root.facts["tied"] == Fact(False, "stated", "tie_word_embeddings")


def test_other_spellings_of_the_reference_are_read() -> None:
    one = small("qwen3_moe", num_experts=4, num_experts_per_tok=2, moe_intermediate_size=8)
    other = small("qwen3_moe", num_local_experts=4, num_experts_per_tok=2, moe_intermediate_size=8)
    experts = [block for _, block in walk(other.root) if block.kind == "moe"]
    assert experts[0].facts["experts"] == Fact(4, "stated", "num_local_experts")
    assert other.unread == ()
    assert one.assumed == other.assumed


def test_a_key_that_nobody_reads_is_reported() -> None:
    assert small("llama", brand_new_attention=3, use_cache=True).unread == ("brand_new_attention",)


@pytest.mark.parametrize("key", ["rope_scaling", "rope_parameters"])
def test_an_extension_is_read_in_either_spelling(key: str) -> None:
    held = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64}
    facts = attention(small("llama", rope_theta=5000.0, **{key: held}))
    assert facts["rope_base"].value == 5000.0
    assert facts["rope_scaling"] == Fact("yarn", "stated", f"{key}.rope_type")
    assert facts["rope_factor"] == Fact(4.0, "stated", f"{key}.factor")
    assert facts["original_context"].value == 64


def test_half_rotated_heads_say_how_many_dimensions() -> None:
    facts = attention(small("glm4_moe", n_routed_experts=4, num_experts_per_tok=2))
    assert facts["rotated"] == Fact(4, "derived", "head_dim x partial_rotary_factor")


def test_heads_that_leave_channels_over_and_turn_whole_pairs() -> None:
    """The reference's own default has 96 heads in 4,096 channels, of 42 each, and turns 22 of them."""
    block = mixer(layers(describe({"model_type": "glm4_moe"}).root)[0])
    assert isinstance(block, Block)
    share = "hidden_size / num_attention_heads, rounded down"
    whole = "head_dim x partial_rotary_factor, rounded up to pairs"
    assert block.facts["head_dim"] == Fact(42, "derived", share)
    assert block.facts["rotated"] == Fact(22, "derived", whole)
    assert block.settings["spacing"] == 21


def test_no_extension_is_known_of_an_odd_part() -> None:
    stretched = {"rope_scaling": {"type": "linear", "factor": 2.0}, "rope_theta": 10000.0}
    with pytest.raises(Refusal, match="21 channels of each head are rotated, expected an even"):
        describe({"model_type": "glm4_moe", **stretched})


def test_windowed_layers_that_state_no_heads_have_the_references() -> None:
    block = mixer(layers(describe({"model_type": "mimo_v2_flash"}).root)[1])
    assert isinstance(block, Block)
    assert block.facts["heads"] == Fact(64, "derived", "num_attention_heads")
    assert block.facts["kv_heads"] == Fact(8, "derived", "2 x num_key_value_heads")
    assert block.value("window") == 129


@pytest.mark.parametrize("stated", [{"rope_theta": 5e6}, {"hybrid_layer_pattern": [0]}])
def test_a_release_that_states_half_of_its_windows_keys_is_refused(stated: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match=r"swa_rope_theta is missing|lists 1 layers, expected 48"):
        describe({"model_type": "mimo_v2_flash", **stated})


def windows(described: Architecture) -> list[int | None]:
    found = [mixer(layer) for layer in layers(described.root)]
    return [block.value("window") for block in found if isinstance(block, Block)]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("model_type", "more", "expected"),
    [
        ("olmo3", {"num_hidden_layers": 5}, [9, 9, 9, None, 9]),
        ("gpt_oss", {"num_local_experts": 4, "num_experts_per_tok": 2}, [9, None]),
        ("gemma3_text", {"sliding_window_pattern": 2, "num_hidden_layers": 3}, [9, None, 9]),
        ("gemma3_text", {"layer_types": ["full_attention", "sliding_attention"]}, [None, 9]),
        ("qwen3", {"use_sliding_window": True, "max_window_layers": 1}, [None, 9]),
        ("qwen3", {"use_sliding_window": False, "max_window_layers": 1}, [None, None]),
        ("mistral", {}, [9, 9]),
    ],
)
def test_schedules_of_windows(
    model_type: str, more: dict[str, Any], expected: list[int | None]
) -> None:
    said = {"hidden_activation": "gelu"} if model_type == "gemma3_text" else {}
    described = small(model_type, sliding_window=9, head_dim=8, **{**said, **more})
    assert windows(described) == expected


def test_positions_may_be_absent_from_some_layers() -> None:
    described = small("smollm3", no_rope_layers=[1, 0])
    assert [attention(described, i)["position"].value for i in (0, 1)] == ["rope", "none"]


def test_a_tower_that_the_config_leaves_out_is_the_references_and_marked_so() -> None:
    text = {"model_type": "gemma3_text", **SMALL, "head_dim": 8}
    described = describe({"model_type": "gemma3", "text_config": text})
    assert any(block.kind == "vision_tower" for block in described.root.inside)
    assert "vision_config.hidden_size" in described.assumed


def test_every_family_names_its_reference_and_says_how_it_differs() -> None:
    from importlib import import_module

    for name in names():
        doc = import_module(f"llm_gallery.families.{name}").__doc__ or ""
        first, *rest = doc.strip().splitlines()
        assert first.endswith("."), name
        assert any(line.startswith("Reference: ") for line in rest), name
        assert "https://" in doc, name


CONFIGS = {entry.id: entry.config for entry in entries()}
SAVED = changed(
    CONFIGS["gemma-4-31b"],
    ("text_config", "per_layer_config"),
    {str(i): {"head_dim": 512, "num_key_value_heads": 4} for i in range(5, 60, 6)},
)
"""As the reference saves it: the full layers' sizes one by one."""


@pytest.mark.parametrize(
    ("config", "stated"),
    [
        (CONFIGS["deepseek-v4.1-flash"], {"normalized": "norm_topk_prob"}),
        (SAVED, {"bias": "attention_bias", "head_dim": "per_layer_config"}),
    ],
)
def test_a_config_whose_sizes_are_altered_keeps_its_evidence(
    config: Mapping[str, Any], stated: Mapping[str, str]
) -> None:
    told = [
        block.facts[name]
        for _, block in walk(describe(config).root)
        for name in stated
        if name in block.facts
    ]
    for key in stated.values():
        assert {fact.evidence for fact in told if fact.source == key} == {"stated"}
