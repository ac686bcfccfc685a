"""Vision towers that wrappers take from timm: every name and shape as timm stores it, or named and not counted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.recognition import describe
from tools.digests import described, digest
from tools.generated import ROOT

HELD: Mapping[str, Any] = json.loads((ROOT / "tests/truth/timm_towers.json").read_text("utf-8"))
"""What timm builds; tools/record_timm.py asked it."""
TOWER = "model.vision_tower.timm_model."
TEXT: Mapping[str, Any] = {
    "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "vocab_size": 97,
}  # fmt: skip
AUDIO: Mapping[str, Any] = {"model_type": "gemma3n_audio"}
SHARED_KEYS = 2 * 512 * 2048 + 256
"""What a layer's own keys and values would store where it reads another's: two maps, and a norm of keys."""


def around(architecture: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The wrapper that takes such a tower, with a small language model."""
    if architecture.startswith("mobilenet"):
        return gemma({"architecture": architecture, "model_args": arguments or None}, "e2b")
    kind, text = ("fast_vlm", "qwen2") if "fastvit" in architecture else ("perception_lm", "llama")
    seen = {"model_type": "timm_wrapper", "architecture": architecture, "hidden_size": 3072}
    return {
        "model_type": kind,
        "text_config": {"model_type": text, **TEXT},
        "vision_config": {**seen, "model_args": {**widths(architecture), **arguments}},
    }


def widths(architecture: str) -> dict[str, Any]:
    """The argument that PerceptionLM's projector asks for, as timm takes it anyway."""
    wide = 1536 if "gigantic" in architecture else 1024
    return {"embed_dim": wide} if "vit_pe" in architecture else {}


def gemma(vision: Mapping[str, Any], size: str) -> dict[str, Any]:
    text = dict(find(f"gemma-3n-{size}").config["text_config"])
    seen = {"model_type": "gemma3n_vision", **vision}
    return {
        "model_type": "gemma3n",
        "text_config": text,
        "vision_config": seen,
        "audio_config": AUDIO,
    }


@pytest.mark.parametrize("row", HELD["towers"], ids=lambda row: row["architecture"])
def test_a_tower_is_timms(row: Mapping[str, Any]) -> None:
    found = describe(around(row["architecture"], row["arguments"]))
    assert found.uncounted == found.unread == ()
    ours = described(found.root)
    tower = {name.removeprefix(TOWER): s for name, s in ours.items() if name.startswith(TOWER)}
    assert digest(tower) == row["digest"]


@pytest.mark.parametrize(
    ("architecture", "arguments"),
    [
        ("mobilenetv5_base", {}),
        ("mobilenetv5_300m_enc", {"stem_size": 32}),
        ("fastvit_mci3", {}),
        ("fastvit_mci2", {"inference_mode": True}),
        ("vit_pe_core_large_patch14_336", {}),  # it would pool by attention
        ("vit_pe_core_large_patch14_336", {"global_pool": "avg"}),
        ("vit_pe_lang_large_patch14_448", {"mlp_ratio": "4"}),
        ("vit_pe_lang_large_patch14_448", {"num_reg_tokens": 4}),
        ("resnet50", {}),
    ],
)
def test_another_tower_is_named_and_not_counted(
    architecture: str, arguments: dict[str, Any]
) -> None:
    found = describe(around(architecture, arguments))
    assert [said.partition(" ")[0] for said in found.uncounted] == ["vision_config"]
    assert not any(name.startswith(TOWER) for name in described(found.root))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"num_heads": 7}, "model_args.embed_dim is 1024, expected a multiple of vision_config.model_args.num_heads (7)"),
        ({"embed_dim": None}, "model_args.embed_dim is missing, expected the width of the tower"),
        ({"depth": -1}, "model_args.depth is -1, expected a positive integer"),
        ({"img_size": [1, 2, 3]}, "model_args.img_size lists 3 values, expected 2"),
    ],
)  # fmt: skip
def test_arguments_that_make_no_tower_are_refused(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal) as refused:
        describe(around("vit_pe_lang_large_patch14_448", arguments))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("size", "sharing", "published"),  # as remembered of the records: no page at hand confirms them
    [("e2b", 10, 5_439_438_272), ("e4b", 15, 7_849_978_192)],
)
def test_gemma_3n_stores_as_much_as_published(size: str, sharing: int, published: int) -> None:
    """The releases keep keys and values of layers, too, that read another's."""
    made = parameters(describe(gemma({}, size)).root)
    assert made.total + made.other_modalities + sharing * SHARED_KEYS == published
