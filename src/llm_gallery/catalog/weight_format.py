"""How a release stores its weights, by its own config: the number format that its calculator starts with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

METHODS: Mapping[str, str] = {"fp8": "fp8", "fbgemm_fp8": "fp8", "mxfp4": "mxfp4"}
"""Formats by `quant_method`, where that alone says it."""
FORMATS: Mapping[str, str] = {
    "float-quantized": "fp8",
    "nvfp4-pack-quantized": "nvfp4",
    "mxfp4-pack-quantized": "mxfp4",
}
"""Formats by the `format` of compressed-tensors, where that alone says it."""
ALGORITHMS: Mapping[str, str] = {"FP8": "fp8", "NVFP4": "nvfp4", "W4A16_AWQ": "int4"}
"""Formats by the `quant_algo` of ModelOpt."""
BITS: Mapping[object, str] = {4: "int4", 8: "int8"}
MODES: Mapping[str, str] = {"mxfp4": "mxfp4", "nvfp4": "nvfp4", "mxfp8": "fp8"}
"""Formats by MLX's `mode`; of its own ("affine"), `bits` say it."""
PARAMS: Mapping[str, str] = {"fp8_e4m3": "fp8"}
"""Formats by the `qformat_weight` of Mistral's params.json."""
DTYPES: Mapping[str, str] = {"float32": "fp32", "float16": "bf16", "bfloat16": "bf16"}


def released_format(config: Mapping[str, Any]) -> str | None:
    """A weight format of `analysis.footprint`, that of most weights; None where the config doesn't say."""
    parts = [part for part in (config, config.get("text_config")) if isinstance(part, Mapping)]
    if any(part.get("expert_dtype") == "fp4" for part in parts):  # experts are most of a model
        return "mxfp4"
    for part in parts:
        quantized = part.get("quantization_config") or part.get("quantization")  # MLX calls it so
        if isinstance(quantized, Mapping):
            return _quantized(quantized)
    named = (str(part.get(key)) for part in parts for key in ("dtype", "torch_dtype"))
    return next((DTYPES[name] for name in named if name in DTYPES), None)


def _quantized(settings: Mapping[str, Any]) -> str | None:
    method = str(settings.get("quant_method"))
    named = METHODS.get(method) or FORMATS.get(str(settings.get("format")))
    named = named or ALGORITHMS.get(str(settings.get("quant_algo")))
    named = named or PARAMS.get(str(settings.get("qformat_weight")))
    named = named or MODES.get(str(settings.get("mode")))
    if named:
        return named
    if method == "bitsandbytes":
        return "int4" if settings.get("load_in_4bit") else "int8"
    return next((BITS[bits] for bits in _bits(settings) if bits in BITS), None)


def _bits(settings: Mapping[str, Any]) -> Iterator[object]:
    """Of integers: AWQ and GPTQ say `bits`, compressed-tensors says them of each group of matrices."""
    yield settings.get("bits")
    groups = settings.get("config_groups")
    for group in groups.values() if isinstance(groups, Mapping) else ():
        weights = group.get("weights") if isinstance(group, Mapping) else None
        if isinstance(weights, Mapping):
            yield weights.get("num_bits")
