"""A multimodal model around a language model of any family, and odd keys of a family, come out as the reference builds them."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from random import Random
from typing import Any

import pytest

from llm_gallery.catalog.load import entries
from llm_gallery.families._config import LANGUAGE_MODEL
from llm_gallery.recognition import describe
from tests.odd_configs import DROPPED, changed
from tests.truth.test_random_configs import FAMILIES, mutated
from tools import reference
from tools.digests import described, spelled

TOWER = {
    "hidden_size": 64,
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
    "intermediate_size": 96,
}
WRAPPERS: Mapping[str, Mapping[str, Any]] = {
    "cohere2_vision": {"vision_config": {"model_type": "siglip_vision_model", **TOWER}},
    "mistral3": {"vision_config": {"model_type": "pixtral", **TOWER}},
    "kimi_k25": {"vision_config": {}},
}
WITHOUT_A_TABLE = {
    "bloom", "blt", "codegen", "cpmant", "ctrl", "dbrx", "falcon", "falcon_mamba", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "gpt_neox_japanese",
    "gpt_sw3", "gptj", "mamba", "mamba2", "mllama_text_model", "modernbert_decoder", "mpt", "nemotron_h", "opt", "rwkv", "xlstm",
}  # fmt: skip
"""Families whose class keeps its embedding where the wrappers' doesn't find it: the reference builds none of them."""
INNER = sorted(
    family
    for family in FAMILIES
    if LANGUAGE_MODEL not in mutated(family, 1) and family not in WITHOUT_A_TABLE
)


def same(raw: Mapping[str, Any], inner: str) -> None:
    """As many elements: some of the reference's conversions of names reach the inner model's too, and fuse its tensors."""
    stored = reference.stored(reference.model(raw))
    theirs = spelled(inner, {**stored.parameters, **stored.buffers})
    ours = described(describe(raw).root)
    assert sum(map(prod, ours.values())) == sum(map(prod, theirs.values()))


@pytest.mark.truth
@pytest.mark.parametrize("family", INNER)
def test_any_family_inside(family: str) -> None:
    text = FAMILIES[family](Random(f"inside {family}"))
    same(
        {"model_type": "cohere2_vision", "text_config": text, **WRAPPERS["cohere2_vision"]}, family
    )


@pytest.mark.truth
@pytest.mark.parametrize("family", ["llama", "qwen2", "qwen3", "olmo2", "qwen3_moe"])
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_any_wrapper(wrapper: str, family: str) -> None:
    # Kimi K2.5's conversion of its tower's q and k, saved, reaches the inner model's, whose heads must then fit.
    same({"model_type": wrapper, "text_config": mutated(family, 1), **WRAPPERS[wrapper]}, family)


ODD: list[tuple[str, str, object]] = [
    ("stablelm", "head_dim", 32),
    ("gpt_neox", "head_dim", 32),
    ("persimmon", "head_dim", 32),
    ("deepseek_v4", "mlp_bias", True),
    ("gemma4_text", "per_layer_config", None),
    ("gemma4_text", "per_layer_config", {}),
    ("gemma4_unified", "text_config.hidden_size_per_layer_input", 16),
    ("mamba", "d_inner", 32),
    ("kimi_k25", "vision_config", None),
    ("kimi_k25", "tie_word_embeddings", DROPPED),
]


@pytest.mark.truth
@pytest.mark.parametrize(("family", "path", "value"), ODD)
def test_odd_key(family: str, path: str, value: object) -> None:
    raw = changed(mutated(family, 2), tuple(path.split(".")), value)
    assert described(describe(raw).root) == told(raw)


def told(raw: Mapping[str, Any]) -> Mapping[str, tuple[int, ...]]:
    stored = reference.stored(reference.model(raw))
    return spelled(raw["model_type"], {**stored.parameters, **stored.buffers})


@pytest.mark.truth
def test_sparse_layers_of_glm_in_the_words_of_2025() -> None:
    types = ["deepseek_sparse_attention"] * 78
    config = next(entry.config for entry in entries() if entry.id == "glm-5.2")
    raw = changed(config, ("layer_types",), types)
    assert described(describe(raw).root) == told(raw)
