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
BITS: Mapping[int, str] = {4: "int4", 8: "int8"}
MODES: Mapping[str, str] = {"mxfp4": "mxfp4", "nvfp4": "nvfp4", "mxfp8": "fp8"}
"""Formats by MLX's `mode`; of its own ("affine"), `bits` say it."""
PARAMS: Mapping[str, str] = {"fp8_e4m3": "fp8"}
"""Formats by the `qformat_weight` of Mistral's params.json."""
DTYPES: Mapping[str, str] = {"float32": "fp32", "float16": "bf16", "bfloat16": "bf16"}
UNPACKED = frozenset((None, *DTYPES.values()))
"""Formats of releases that pack nothing; a config that states none is taken for one of them."""


def in_words(format: str) -> str:  # noqa: A002
    """A format as people write it: "FP8", "MXFP4", "int4"."""
    return format.upper() if format.startswith(("fp8", "mxfp", "nvfp")) else format


def released_format(config: Mapping[str, Any]) -> str | None:
    """A weight format of `analysis.footprint`, that of most weights; None where the config doesn't say."""
    if experts_in_fp4(config):  # which are most of a model
        return "mxfp4"
    if (quantized := settings(config)) is not None:
        return _quantized(quantized)
    named = (str(part.get(key)) for part in _parts(config) for key in ("dtype", "torch_dtype"))
    return next((DTYPES[name] for name in named if name in DTYPES), None)


def experts_in_fp4(config: Mapping[str, Any]) -> bool:
    """Whether a config says that of its experts alone, as DeepSeek V4's."""
    return any(part.get("expert_dtype") == "fp4" for part in _parts(config))


def settings(config: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What a config says of how its weights are packed; None where it says nothing."""
    held = (p.get("quantization_config") or p.get("quantization") for p in _parts(config))  # MLX's
    return next((said for said in held if isinstance(said, Mapping)), None)


def _parts(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A config, and that of its language model."""
    return [part for part in (config, config.get("text_config")) if isinstance(part, Mapping)]


def _quantized(said: Mapping[str, Any]) -> str | None:
    method = str(said.get("quant_method"))
    named = METHODS.get(method) or FORMATS.get(str(said.get("format")))
    named = named or ALGORITHMS.get(str(said.get("quant_algo")))
    named = named or PARAMS.get(str(said.get("qformat_weight")))
    named = named or MODES.get(str(said.get("mode")))
    if named:
        return named
    if method == "bitsandbytes":
        return "int4" if said.get("load_in_4bit") else "int8"
    whole = (bits for bits in _bits(said) if isinstance(bits, int))
    return next((BITS[bits] for bits in whole if bits in BITS), None)


def _bits(settings: Mapping[str, Any]) -> Iterator[object]:
    """Of integers: AWQ and GPTQ say `bits`, compressed-tensors says them of each group of matrices."""
    yield settings.get("bits")
    groups = settings.get("config_groups")
    for group in groups.values() if isinstance(groups, Mapping) else ():
        weights = group.get("weights") if isinstance(group, Mapping) else None
        if isinstance(weights, Mapping):
            yield weights.get("num_bits")
