"""Checkpoints as transformers saves them are whole: headers of small random models, which tools/saved.py writes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from llm_gallery import check
from llm_gallery.checking.report import Report
from tests.checkpoint_headers import Tensors, described, entries, folder, write

SAVED: dict[str, Any] = json.loads(Path(__file__).with_name("saved.json").read_text("utf-8"))
READ = {
    "qwen3_vl_moe": "shapes are read as transformers saves them",
    "dory": "names are read as transformers saves them",
    "olmo_hybrid": "names are read as transformers saves them; shapes are read as transformers saves them",
    "kimi_linear": "names are read as transformers saves them",
    "molmo2": "shapes are read as transformers saves them",
    "qwen3_moe": "experts are read as stacks of one tensor for all",
    "olmoe": "experts are read as stacks of one tensor for all",
    "mixtral": "names are read with `block_sparse_moe` for `mlp`, as transformers has them in memory; experts are read as stacks of one tensor for all",
}
"""How a report says that it read what isn't stored as in a release."""


def stored(family: str) -> Tensors:
    held = SAVED[family]["tensors"].items()
    return {name: (dtype, tuple(shape)) for name, (dtype, *shape) in held}


def report(place: Path, family: str, held: Tensors) -> Report:
    write(place / "model.safetensors", entries(held))
    (place / "config.json").write_text(json.dumps(SAVED[family]["config"]))
    return check(place)


@pytest.mark.parametrize("family", SAVED)
def test_what_transformers_saves_is_whole(family: str, tmp_path: Path) -> None:
    found = report(tmp_path, family, stored(family))
    assert found.verdict == "whole", found.text()
    assert found.renamed == READ.get(family, "")
    assert [*found.missing, *found.surplus, *found.reshaped] == []
    drafted = sum(part.parameters for part in found.by_part) if found.undrafted else found.described
    assert found.parameters == drafted


FAULTS = {
    "qwen3_vl_moe": r"\.experts\.down_proj$",
    "dory": r"\.lambda_2$",
    "olmo_hybrid": r"\.q_conv1d\.",
    "kimi_linear": r"\.kv_b_proj\.",
    "molmo2": r"new_embedding$",
    "qwen3_moe": r"\.experts\.down_proj$",
    "olmoe": r"\.experts\.gate_up_proj$",
    "granite_speech_plus": r"num_batches_tracked$",
}
"""What is taken away, or gets a row more, of each."""


@pytest.mark.parametrize("family", FAULTS)
def test_a_fault_of_what_is_read_otherwise_is_found(family: str, tmp_path: Path) -> None:
    held = stored(family)
    name = next(name for name in held if re.search(FAULTS[family], name))
    lacking = report(tmp_path, family, {n: t for n, t in held.items() if n != name})
    assert lacking.missing
    dtype, shape = held[name]
    other = report(tmp_path, family, held | {name: (dtype, (*shape, 3))})
    assert not other.whole
    assert other.reshaped


def test_modules_that_draft_may_be_left_out_but_not_a_part_of_them(tmp_path: Path) -> None:
    family = "mimo_v2_flash"
    whole = report(tmp_path, family, stored(family))
    names = whole.undrafted
    assert all(name.startswith("model.mtp.") for name in names)
    assert "Multi-token prediction, not stored" in whole.text()
    norm = next(name for name in names if name.endswith("enorm.weight"))
    width = stored(family)["model.norm.weight"][1]
    part = report(tmp_path, family, stored(family) | {norm: ("BF16", width)})
    assert part.missing == tuple(name for name in names if name != norm)
    assert part.undrafted == ()


def test_what_no_reference_swaps_is_of_another_shape(tmp_path: Path) -> None:
    """Inputs before outputs are Qwen3-VL-MoE's alone to be saved the other way round: of others nothing loads them."""
    held = described("llama-4-scout")
    name = next(name for name in held if name.endswith("experts.gate_up_proj"))
    dtype, (experts, width, both) = held[name]
    found = check(
        folder(tmp_path / "m", held | {name: (dtype, (experts, both, width))}, "llama-4-scout")
    )
    assert [change.name for change in found.reshaped] == [name]


@pytest.mark.parametrize("model", ["qwen3-vl-235b-a22b", "llama-4-scout"])
def test_experts_of_a_stack_may_be_stored_one_by_one(model: str, tmp_path: Path) -> None:
    held = described(model)
    single: Tensors = {}
    for name, (dtype, shape) in held.items():
        prefix, _, word = name.rpartition(".")
        if word == "gate_up_proj" and prefix.endswith(".experts"):
            experts, width, both = shape
            for expert in range(experts):
                for part in ("gate_proj", "up_proj"):
                    single[f"{prefix}.{expert}.{part}.weight"] = (dtype, (both // 2, width))
        elif word == "down_proj" and prefix.endswith(".experts"):
            experts, inner, width = shape
            for expert in range(experts):
                single[f"{prefix}.{expert}.down_proj.weight"] = (dtype, (width, inner))
        else:
            single[name] = (dtype, shape)
    assert len(single) > len(held)
    found = check(folder(tmp_path / "m", single, model))
    assert found.verdict == "whole", found.text()
    assert found.renamed == "experts are read as one tensor for each"
    lost = next(name for name in single if name.endswith("experts.3.down_proj.weight"))
    del single[lost]
    assert check(folder(tmp_path / "n", single, model)).missing == (lost,)


def test_of_qwen3_vl_moe_the_experts_alone_may_be_swapped(tmp_path: Path) -> None:
    held = stored("qwen3_vl_moe")
    name = "model.language_model.layers.0.self_attn.o_proj.weight"
    dtype, shape = held[name]
    assert len({*shape}) == 2
    found = report(tmp_path, "qwen3_vl_moe", held | {name: (dtype, shape[::-1])})
    assert [change.name for change in found.reshaped] == [name]
