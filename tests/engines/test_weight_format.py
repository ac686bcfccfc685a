"""The format of a release by its own config: each way in which publishers say it, and silence."""

from __future__ import annotations

from typing import Any

import pytest

from llm_gallery.analysis.footprint import WEIGHT_FORMATS
from llm_gallery.catalog.entry_draft import draft
from llm_gallery.catalog.load import Source, entries
from llm_gallery.catalog.toml import table
from llm_gallery.engines.weight_format import released_format


def quantized(**said: Any) -> dict[str, Any]:
    return {"quantization_config": said, "torch_dtype": "bfloat16"}


def groups(bits: int) -> dict[str, Any]:
    return {"group_0": {"weights": {"num_bits": bits, "type": "int"}, "targets": ["Linear"]}}


@pytest.mark.parametrize(
    ("config", "format"),
    [
        ({}, None),
        ({"torch_dtype": "bfloat16"}, "bf16"),
        ({"torch_dtype": "float16"}, "bf16"),
        ({"dtype": "float32"}, "fp32"),
        ({"dtype": "posit"}, None),
        ({"dtype": None, "quantization_config": None}, None),
        (quantized(quant_method="fp8", weight_block_size=[128, 128]), "fp8"),
        (quantized(quant_method="mxfp4"), "mxfp4"),
        (quantized(quant_method="gptq", bits=4), "int4"),
        (quantized(quant_method="awq", bits=8), "int8"),
        (quantized(quant_method="bitsandbytes", load_in_4bit=True), "int4"),
        (quantized(quant_method="bitsandbytes"), "int8"),
        (quantized(quant_method="compressed-tensors", format="pack-quantized", config_groups=groups(4)), "int4"),
        (quantized(quant_method="compressed-tensors", format="pack-quantized", config_groups=groups(8)), "int8"),
        (quantized(quant_method="compressed-tensors", format="float-quantized", config_groups=groups(8)), "fp8"),
        (quantized(quant_method="compressed-tensors", format="nvfp4-pack-quantized", config_groups=groups(4)), "nvfp4"),
        (quantized(quant_method="compressed-tensors", format="mxfp4-pack-quantized", config_groups=groups(4)), "mxfp4"),
        (quantized(quant_method="modelopt", quant_algo="NVFP4"), "nvfp4"),
        (quantized(quant_method="something", config_groups=[1]), None),
        ({"text_config": quantized(quant_method="fp8")}, "fp8"),
        ({"text_config": {"torch_dtype": "float32"}}, "fp32"),
        ({"text_config": None}, None),
        (quantized(quant_method="fp8") | {"expert_dtype": "fp4"}, "mxfp4"),
    ],
)  # fmt: skip
def test_formats(config: dict[str, Any], format: str | None) -> None:  # noqa: A002
    assert released_format(config) == format


def test_each_is_a_format_that_bytes_are_known_of() -> None:
    found = {entry.id: released_format(entry.config) for entry in entries()}
    assert set(found.values()) <= {None, *WEIGHT_FORMATS}
    assert found["deepseek-v3"] == found["kimi-k2"] == "fp8"
    assert found["gpt-oss-20b"] == "mxfp4"
    assert found["kimi-k2.5"] == "int4"


@pytest.mark.parametrize("place", ["", "text_config"])
def test_drafts_keep_what_says_it(place: str) -> None:
    entry = next(e for e in entries() if e.id == ("kimi-k2.5" if place else "deepseek-v3"))
    said = {"quant_method": "compressed-tensors", "format": "pack-quantized"}
    long = {**said, "ignore": ["a", "b"], "targets": ["a"] * 13, "config_groups": groups(4)}
    short = {
        **said,
        "ignore": ["a", "b"],
        "config_groups": {"group_0": {"weights": {"num_bits": 4}}},
    }
    config = dict(entry.config)
    within = config[place] if place else config
    changed = {**within, "quantization_config": long, "torch_dtype": "bfloat16"}
    text = draft(Source("x", {**config, place: changed} if place else changed)).text
    path = ".".join(("config", *([place] if place else []), "quantization_config"))
    assert "\n".join(table(path, short)) in text
    assert 'torch_dtype = "bfloat16"' in text
