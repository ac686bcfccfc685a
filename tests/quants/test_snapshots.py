"""Types of every tensor in every mix, against the digests of llama.cpp's own snapshots."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.conversion import converted
from llm_gallery.quants.members import Weight, members
from llm_gallery.quants.mixes import MIXES
from llm_gallery.quants.model import model_facts
from llm_gallery.quants.rule import types
from llm_gallery.recognition import describe
from tools import llama_cpp
from tools.generate_quant_digests import FILE, digest, written

MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "deepseek-v3.1": ("deepseek-v3.1", {}),
    "gemma-3-4b-it": (
        "gemma-3-27b",
        {"hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 34, "num_attention_heads": 8,
         "num_key_value_heads": 4, "head_dim": 256},
    ),
    "gpt-oss-120b": ("gpt-oss-120b", {}),
    "meta-llama-3.1-70b-instruct": ("llama-3.1-70b", {}),
    "nvidia-nemotron-3-nano-30b-a3b": ("nemotron-3-nano-30b-a3b", {}),
    "qwen3-0.6b": ("qwen3-0.6b", {"tie_word_embeddings": False}),  # its file stores the head
    "qwen3-14b": (
        "qwen3-8b",
        {"hidden_size": 5120, "intermediate_size": 17408, "num_hidden_layers": 40, "num_attention_heads": 40,
         "max_window_layers": 40},
    ),
    "qwen3-coder-next": ("qwen3-coder-next-80b-a3b", {}),
    "qwen3.5-397b-a17b": ("qwen3.5-397b-a17b", {}),
    "qwen3.6-27b": ("qwen3.6-27b", {}),
    "glm-4.6v": ("glm-4.5-air", {}),
    "step-3.5-flash": ("step-3.5-flash", {}),
}  # fmt: skip
"""The model of the catalog that a snapshot is of, or one of its kind with its sizes."""


def snapshots() -> dict[str, dict[str, str]]:
    """Digests by snapshot and mix."""
    found: dict[str, dict[str, str]] = {}
    for line in FILE.read_text("utf-8").splitlines()[1:]:
        model, mix, held = line.split()
        found.setdefault(model, {})[mix] = held
    return found


SAMPLE = ["meta-llama-3.1-70b-instruct", "qwen3.6-27b", "gpt-oss-120b"]


@pytest.mark.parametrize(
    "snapshot",
    [name if name in SAMPLE else pytest.param(name, marks=pytest.mark.whole) for name in MODELS],
)
def test_types_are_those_of_a_snapshot(snapshot: str) -> None:
    """The files of the snapshots were made when the converter left modules of multi-token prediction out."""
    of, changes = MODELS[snapshot]
    config = deepcopy(dict(find(of).config))
    (config.get("text_config") or config).update(changes)
    made = converted(describe(config), config)
    model = model_facts(made.keys)
    drafts = made.keys.get(f"{made.name}.nextn_predict_layers", 0)
    model = model._replace(layers=model.layers - drafts)
    left_out = tuple(f"blk.{model.layers + draft}." for draft in range(drafts))
    weights = [
        Weight(tensor.name, tensor.shape, "F32")
        for tensor in made.tensors
        if not tensor.name.startswith(left_out)
    ]
    tensors = members(weights, model)
    wrong = []
    for mix, expected in snapshots()[snapshot].items():
        found = types(tensors, model, mix)
        others = [
            f"{t.weight.name} {found[t.weight.name]}"
            for t in tensors
            if t.quantized and found[t.weight.name] != MIXES[mix]
        ]
        if digest(MIXES[mix], others) != expected:
            wrong.append(mix)
    assert not wrong


def test_the_digests_are_of_the_pinned_version() -> None:
    assert FILE.read_text("utf-8").startswith(f"# {llama_cpp.version()};")
    assert snapshots().keys() == MODELS.keys()
    assert all({*held} < {*MIXES} for held in snapshots().values())


@pytest.mark.truth
def test_the_digests_are_those_of_the_sources() -> None:
    assert written(llama_cpp.sources()) == FILE.read_text("utf-8")
