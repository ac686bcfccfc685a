"""Miniatures are small: what makes a release large is no mechanism."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

import pytest

from llm_gallery.architecture.block import tensors
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.recognition import describe, shrinking
from llm_gallery.recognition.shrinking import Shrinking
from llm_gallery.running.miniature import miniature
from llm_gallery.running.miniature_sizes import largest
from tests.running.test_run import CONFIGS
from tests.sample import first, sample

TIMM = ".timm_model."
"""Gemma 3n's vision tower, whose sizes are those of its name."""


@pytest.mark.parametrize("model", first(CONFIGS, sample()))
def test_a_miniature_is_small(model: str) -> None:
    small = describe(miniature(CONFIGS[model])).root
    stored = (t for t in tensors(small) if t.tied_to is None and TIMM not in t.name)
    assert sum(prod(t.shape) for t in stored) < 6_500_000  # of 25 layers in DeepSeek V4.1


def test_a_size_that_a_config_leaves_out_is_small_too() -> None:
    """Gemma 4's per-layer table has 262,144 rows where nothing says otherwise, a window 4,096 tokens."""
    config = {k: v for k, v in CONFIGS["gemma-2-9b"].items() if k != "sliding_window"}
    assert miniature(config)["sliding_window"] == 5


def test_a_family_says_in_its_file_how_it_is_made_small() -> None:
    """Rules of the files that it builds on come first; the language model may stand in an object of its own."""
    text = {"model_type": "inkling2_loop_text"}
    loop = shrinking({"model_type": "inkling2_loop", "text_config": text})
    files = [rule.__module__.rpartition(".")[2] for rule in loop.shrink]
    assert files == ["inkling2_text", "inkling2_loop_text"]
    assert loop.at == "text_config"
    assert shrinking(CONFIGS["llama-3-8b"]) == Shrinking()
    small = miniature(CONFIGS["deepseek-v4.1-flash"])["text_config"]
    assert small["head_dim"] == CONFIGS["deepseek-v4.1-flash"]["text_config"]["head_dim"]


def test_a_size_that_its_mechanism_states_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    config = CONFIGS["deepseek-v3"]
    assert miniature(config)["kv_lora_rank"] == 20
    home = MECHANISMS["latent_attention"]
    smaller = replace(home, miniature={**home.miniature, "kv_lora_rank": 12})
    monkeypatch.setitem(MECHANISMS, "latent_attention", smaller)
    largest.cache_clear()
    assert miniature(config)["kv_lora_rank"] == 12
    monkeypatch.undo()
    largest.cache_clear()


LAGUNA: dict[str, Any] = {
    "model_type": "laguna", "vocab_size": 97, "hidden_size": 24, "intermediate_size": 64, "num_hidden_layers": 4,
    "num_attention_heads": 3, "num_key_value_heads": 3, "num_experts": 2, "num_experts_per_tok": 1,
    "num_attention_heads_per_layer": [3, 6, 6, 6],
}  # fmt: skip


def test_heads_of_each_layer_stay_multiples_of_the_keys() -> None:
    assert miniature(LAGUNA)["num_attention_heads_per_layer"] == [3, 6]


def test_windowed_layers_keep_twice_the_keys() -> None:
    """MiMo V2's class takes it as fixed."""
    twelve = {"num_attention_heads": 12, "num_key_value_heads": 2}
    windowed = {"swa_num_attention_heads": 12, "swa_num_key_value_heads": 4}
    small = miniature(CONFIGS["mimo-v2-flash"] | twelve | windowed)
    assert small["swa_num_key_value_heads"] == 2 * small["num_key_value_heads"] == 4
    assert small["swa_num_attention_heads"] == small["num_attention_heads"] == 8


def test_scales_of_a_projection_are_no_list_of_layers() -> None:
    five = CONFIGS["falcon-h1-7b"] | {"num_hidden_layers": 5}
    assert miniature(five)["ssm_multipliers"] == five["ssm_multipliers"]


def test_each_key_head_keeps_an_indexer() -> None:
    """MiniMax M3's reference takes no other."""
    config = CONFIGS["minimax-m3-428b"]
    text = {k: v for k, v in config["text_config"].items() if k != "sparse_attention_config"}
    types = ["full_attention", *["minimax_m3_sparse"] * (text["num_hidden_layers"] - 1)]
    own = {"index_n_heads": text["num_key_value_heads"], "index_block_size": 128}
    own |= {"index_head_dim": 128, "index_topk_blocks": 16, "layer_types": types}
    small = miniature(config | {"text_config": text | own})["text_config"]
    assert small["index_n_heads"] == small["num_key_value_heads"] < 4
