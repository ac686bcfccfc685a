"""An adapter is told apart from a model, and its own parameters are counted where the catalog has its base."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find

LORA = {
    "peft_type": "LORA",
    "base_model_name_or_path": "meta-llama/Llama-2-7b-hf",
    "r": 8,
    "target_modules": ["q_proj", "v_proj"],
    "bias": "none",
    "modules_to_save": None,
}


def told(folder: Path, **changed: Any) -> str:
    (folder / "adapter_config.json").write_text(json.dumps({**LORA, **changed}))
    with pytest.raises(Refusal) as refused:
        find(str(folder))
    return str(refused.value).removeprefix(f"{folder}: it is an adapter of ")


def test_parameters_of_its_own_are_two_narrow_matrices_a_wide_one(tmp_path: Path) -> None:
    # 32 layers, two matrices of 4,096 x 4,096 in each: 32 x 2 x 8 x (4,096 + 4,096)
    assert told(tmp_path) == (
        "meta-llama/Llama-2-7b-hf (adapter_config.json: LoRA of rank 8 on q_proj, v_proj, "
        "4,194,304 parameters of its own), expected a config.json; give that model, llama-2-7b"
    )
    # the MLP's too: 32 x 16 x (3 x (4,096 + 11,008) + 2 x (4,096 + 4,096))
    wider = ["q_proj", "v_proj", "mlp.gate_proj", "up_proj", "down_proj"]
    assert "31,588,352 parameters" in told(tmp_path, r=16, target_modules=wider)


IN_TWO = 2 * 2 * 8 * (4_096 + 4_096)  # two layers
BOTH = 32 * 2 * 8 * (4_096 + 4_096)  # q and v of all
IA3 = {"peft_type": "IA3", "target_modules": ["k_proj", "v_proj", "down_proj"], "feedforward_modules": ["down_proj"]}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "own"),
    [
        ({"use_dora": True}, BOTH + 32 * 2 * 4_096),  # a length for each row
        ({"target_modules": "all-linear"}, 32 * 8 * (4 * 2 * 4_096 + 3 * (4_096 + 11_008))),
        ({"target_modules": r".*layers\.(0|1)\.self_attn\.(q|v)_proj"}, IN_TWO),
        ({"layers_to_transform": [0, 31]}, IN_TWO),
        ({"layers_to_transform": 31, "layers_pattern": "layers"}, IN_TWO // 2),
        ({"exclude_modules": ["v_proj"]}, BOTH // 2),
        ({"exclude_modules": r".*\.v_proj"}, BOTH // 2),
        ({"rank_pattern": {"v_proj": 16}}, BOTH // 2 + BOTH),
        ({"modules_to_save": ["lm_head"]}, BOTH + 32_000 * 4_096),
        ({"bias": "all"}, BOTH),  # Llama has none
        (IA3, 32 * (4_096 + 4_096 + 11_008)),
    ],
)
def test_what_else_is_counted(changed: dict[str, Any], own: int, tmp_path: Path) -> None:
    """By hand; PEFT 0.21.2 itself counts equally on small Llamas, Qwen2s and GPT-2s with such configs."""
    assert f", {own:,} parameters of its own" in told(tmp_path, **changed)


def test_biases_are_those_of_the_base(tmp_path: Path) -> None:
    # Qwen2 7B: 28 layers, biases of q, k and v; queries 3,584 wide, keys and values 512
    base = {"base_model_name_or_path": "Qwen/Qwen2-7B", "target_modules": ["q_proj"]}
    narrow = 28 * 8 * (3_584 + 3_584)
    for bias, own in (("lora_only", 28 * 3_584), ("all", 28 * (3_584 + 2 * 512))):
        assert f"{narrow + own:,} parameters" in told(tmp_path, **base, bias=bias)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"peft_type": "PREFIX_TUNING"}, "PREFIX_TUNING, whose own parameters aren't counted"),
        ({"use_qalora": True}, "LORA with use_qalora, whose own parameters aren't counted"),
        ({"target_modules": []}, "LORA with target_modules, whose own parameters aren't counted"),
        ({"target_modules": 5}, "LORA with target_modules, whose own parameters aren't counted"),
        ({"exclude_modules": 5}, "LORA with exclude_modules, whose own parameters aren't counted"),
        ({"rank_pattern": {"q_proj": "8"}}, "LORA with rank_pattern, whose own"),
        ({"layers_to_transform": "0"}, "LORA with layers_to_transform, whose own"),
        ({"r": 0}, "LORA with r, whose own parameters aren't counted"),
        ({"target_modules": "(.+)+q_proj"}, "which no matrix of that model is told by here"),
        ({"target_modules": "q_proj("}, "which no matrix of that model is told by here"),
        ({"target_modules": ["q_proj", "c_attn"]}, "of which not all are matrices of that model"),
    ],
)
def test_what_is_not_known_is_not_counted(
    changed: dict[str, Any], said: str, tmp_path: Path
) -> None:
    assert said in told(tmp_path, **changed)


def test_of_another_base_it_says_which(tmp_path: Path) -> None:
    assert told(tmp_path, base_model_name_or_path="some/model") == (
        '"some/model" (adapter_config.json), expected a config.json; give that model\'s'
    )


def test_of_mlx_it_is_told_by_other_keys(tmp_path: Path) -> None:
    trained = {"lora_parameters": {"rank": 8}, "model": "meta-llama/Llama-2-7b-hf"}
    (tmp_path / "adapter_config.json").write_text(json.dumps(trained))
    with pytest.raises(Refusal, match="LoRA of MLX, whose own parameters aren't counted"):
        find(str(tmp_path))
