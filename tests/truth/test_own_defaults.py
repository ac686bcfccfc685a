"""Types whose own default is odd: heads that don't share the width evenly, keys that are null; exact, or refused as no model."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.recognition import describe
from tests.truth.test_running import same
from tools import reference
from tools.digests import cached_bytes, described, renamed, spelled, tied

EXACT = ("glm4_moe", "mimo_v2_flash")
NO_MODEL = {
    "deepseek_ocr2": "text_config.num_experts_per_tok is null",  # how many, and in which layers
    "dots1": "n_routed_experts is null",
    "glm4v_moe": "a multiple of num_attention_heads (96)",  # 8, 12 and 12 of 11 pairs are pictures'
    "lfm2_moe": "layer_types is null",
    "qwen3_omni_moe": "73 channels of each head are rotated",  # a key of its talker is missing
    "qwen3_omni_moe_thinker": "73 channels of each head are rotated",  # 74 angles for 73 channels
    "step3p7": "sliding_window is null",
}
"""What the reference can't build of its own default, or can't run, and what is said of it."""
SIZES: Mapping[str, Any] = {
    "vocab_size": 97, "hidden_size": 64, "intermediate_size": 48, "num_hidden_layers": 3, "num_key_value_heads": 2,
    "max_position_embeddings": 512, "moe_intermediate_size": 32, "n_routed_experts": 6, "num_experts_per_tok": 2,
}  # fmt: skip


def default(model_type: str) -> Mapping[str, Any]:
    made = reference.config({"model_type": model_type})
    held: Mapping[str, Any] = json.loads(made.to_json_string(use_diff=False))
    return held


@pytest.mark.truth
@pytest.mark.parametrize("model_type", EXACT)
def test_a_default_is_exact_whether_stated_or_left_out(model_type: str) -> None:
    built = reference.model({"model_type": model_type})
    stored = reference.stored(built)
    theirs = spelled(model_type, {**stored.parameters, **stored.buffers})
    for raw in ({"model_type": model_type}, default(model_type)):
        made = describe(raw)
        assert made.unread == made.warnings == ()
        assert described(made.root) == theirs
        assert tied(made.root) == renamed(model_type, stored.tied)
        for length in (3, 260):
            assert cached_bytes(made.root, length) == reference.cached_bytes(built, length)


@pytest.mark.truth
def test_a_default_that_leaves_open_how_many_experts_run_is_exact_but_for_those() -> None:
    """The reference builds it, and can't choose among its experts; of what is kept the choice tells nothing."""
    built = reference.model({"model_type": "deepseek_v2"})
    stored = reference.stored(built)
    with pytest.raises(TypeError):
        reference.cached_bytes(built, 5)
    choosing = reference.model({"model_type": "deepseek_v2", "num_experts_per_tok": 6})
    for raw in ({"model_type": "deepseek_v2"}, default("deepseek_v2")):
        made = describe(raw)
        assert made.unread == ()
        assert described(made.root) == spelled("deepseek_v2", stored.parameters)
        assert tied(made.root) == stored.tied == {}
        for length in (3, 260):
            assert cached_bytes(made.root, length) == reference.cached_bytes(choosing, length)


@pytest.mark.truth
@pytest.mark.parametrize("model_type", NO_MODEL)
def test_a_default_that_is_no_model_is_refused_in_a_line(model_type: str) -> None:
    raw = default(model_type)
    with pytest.raises(Refusal) as refused:
        describe(raw)
    assert NO_MODEL[model_type] in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    with pytest.raises((TypeError, AttributeError, RuntimeError, ValueError)):
        reference.cached_bytes(reference.model(raw), 5)


@pytest.mark.truth
@pytest.mark.parametrize(
    ("heads", "factor"),
    [(6, 0.5), (6, 0.75), (6, 0.3), (8, 0.4)],
    ids=["5 of 10", "7 of 10", "3 of 10", "3 of 8"],
)
def test_heads_that_leave_channels_over_run_as_the_references(heads: int, factor: float) -> None:
    held = {"model_type": "glm4_moe", "num_attention_heads": heads, "partial_rotary_factor": factor}
    same({**SIZES, **held})


@pytest.mark.truth
def test_windowed_layers_without_keys_of_their_own_run_as_the_references() -> None:
    sizes = {"num_attention_heads": 4, "head_dim": 12, "v_head_dim": 8, "sliding_window": 5}
    same({**SIZES, "model_type": "mimo_v2_flash", "num_key_value_heads": 1, **sizes})


@pytest.mark.truth
def test_a_language_model_of_the_reference_is_described_or_a_gap() -> None:
    from transformers.models.auto import modeling_auto as auto

    spoken = {
        name
        for task in ("CAUSAL_LM", "IMAGE_TEXT_TO_TEXT", "MULTIMODAL_LM")
        for name in getattr(auto, f"MODEL_FOR_{task}_MAPPING_NAMES")
    }
    gaps = tomllib.loads(Path("docs/gaps.toml").read_text("utf-8"))["architecture"]
    named = {word.strip(",") for gap in gaps for word in gap["name"].split()}
    left = {name for name in spoken - named if unknown(name)}
    assert len(spoken) > 200
    assert left == set()


def unknown(model_type: str) -> bool:
    """True if the refusal of a config without keys says that no family describes its type."""
    try:
        describe({"model_type": model_type})
    except Refusal as refusal:
        return "which no family describes yet" in str(refusal)
    return False
