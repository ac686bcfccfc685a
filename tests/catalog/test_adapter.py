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


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"use_dora": True}, "LORA with use_dora, whose own parameters aren't counted"),
        ({"peft_type": "IA3"}, "IA3, whose own parameters aren't counted"),
        ({"target_modules": "all-linear"}, "LORA, whose own parameters aren't counted"),
        ({"target_modules": []}, "LORA, whose own parameters aren't counted"),
        ({"r": 0}, "LORA, whose own parameters aren't counted"),
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
