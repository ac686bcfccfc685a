"""The schemes in which a module's matrix is packed or scaled, by the last word of the tensor that holds its numbers.

Formats: safetensors of DeepSeek (fp8 in blocks), compressed-tensors, ModelOpt, AutoAWQ, GPTQModel, bitsandbytes, MLX.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from llm_gallery.checking.matrix import BITSANDBYTES, FP8, GPTQ, INT8, Matrix
from llm_gallery.sources.stored import StoredTensor

FLOAT8 = ("F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ")
Beside = Mapping[str, StoredTensor]
"""What stands beside it, after the name of the module."""
NUMBERS_OF_A_SCALE = {"NVFP4": 16, "MXFP4": 32}


def _weight(name: str, tensor: StoredTensor, beside: Beside) -> Matrix | None:
    """A module's `weight`, which may be packed, with what stands beside it."""
    stored = (tensor, *beside.values())
    if any(word.startswith("weight.quant_state.") for word in beside):
        return Matrix(name, stored, BITSANDBYTES, None, _lacking(beside, "weight.absmax"))
    scale = beside.get("weight_scale") or beside.get("scale")
    match tensor.dtype:
        case "U32" if "scales" in beside:
            plain = beside["scales"].dtype == "U8"  # MLX's MXFP4 and NVFP4 have no biases
            return Matrix(name, stored, "MLX", None, "" if plain else _lacking(beside, "biases"))
        case "U8" if scale is not None and tensor.shape:
            return _halves(
                name, tensor, beside, "NVFP4" if "weight_scale_2" in beside else "MXFP4", scale
            )
        case "I8" if scale is not None and scale.dtype == "F8_E8M0" and tensor.shape:
            return _halves(name, tensor, beside, "MXFP4", scale)
        case "I8":
            return Matrix(name, stored, INT8, tensor.shape) if beside else None
        case kind if kind in FLOAT8:
            return Matrix(name, stored, FP8, tensor.shape, _blocks(tensor, beside))
    return Matrix(name, stored, "", tensor.shape) if beside else None


def _weight_packed(name: str, tensor: StoredTensor, beside: Beside) -> Matrix:
    """A matrix of compressed-tensors: words of 32 bits, or bytes of two numbers."""
    scale = beside.get("weight_scale")
    if tensor.dtype == "U8" and tensor.shape:
        scheme = "NVFP4" if "weight_global_scale" in beside else "MXFP4"
        return _halves(name, tensor, beside, scheme, scale)
    fault = _lacking(beside, "weight_scale")
    return Matrix(name, (tensor, *beside.values()), "compressed-tensors", None, fault)


def _qweight(name: str, tensor: StoredTensor, beside: Beside) -> Matrix:
    """A matrix of AWQ, which packs its outputs, or of GPTQ, which packs its inputs."""
    scales, zeros = beside.get("scales"), beside.get("qzeros")
    stored = (tensor, *beside.values())
    if scales is None or len(scales.shape) != 2 or len(tensor.shape) != 2:
        return Matrix(name, stored, "GPTQ or AWQ", None, "lacks scales")
    rows, columns = tensor.shape
    groups, outputs = scales.shape
    fault = _lacking(beside, "qzeros")
    if columns != outputs:
        return Matrix(name, stored, "AWQ", (outputs, rows), fault or _misfit(scales, groups, rows))
    bits = zeros.shape[-1] * 32 // outputs if zeros is not None and zeros.shape and outputs else 0
    if not bits:
        return Matrix(name, stored, GPTQ, None, fault)
    inputs = rows * 32 // bits
    return Matrix(name, stored, GPTQ, (outputs, inputs), fault or _misfit(scales, groups, inputs))


def _halves(
    name: str, tensor: StoredTensor, beside: Beside, scheme: str, scale: StoredTensor | None
) -> Matrix:
    """A matrix of two numbers in a byte, with a scale for so many of a row."""
    shape = (*tensor.shape[:-1], 2 * tensor.shape[-1])
    fault = ""
    if scale is None:
        fault = "lacks weight_scale"
    elif scale.shape != (*shape[:-1], shape[-1] // NUMBERS_OF_A_SCALE[scheme]):
        fault = _of_shape(scale)
    return Matrix(name, (tensor, *beside.values()), scheme, shape, fault)


def _blocks(tensor: StoredTensor, beside: Beside) -> str:
    """What is wrong with scales of blocks of rows and columns; "" where they fit or aren't there."""
    scale = beside.get("weight_scale_inv")
    if scale is None or len(scale.shape) != 2 or len(tensor.shape) != 2:
        return ""
    sides = zip(scale.shape, tensor.shape, strict=True)
    return "" if all(_divides(count, size) for count, size in sides) else _of_shape(scale)


def _misfit(scale: StoredTensor, groups: int, inputs: int) -> str:
    return "" if _divides(groups, inputs) else _of_shape(scale)


@cache
def _divides(count: int, size: int) -> bool:
    """Whether so many scales can belong to so many numbers: to all, to each, or to blocks of a power of two."""
    return count in (1, size) or any(-(-size // 2**power) == count for power in range(3, 12))


def _of_shape(scale: StoredTensor) -> str:
    shape = " × ".join(map(str, scale.shape)) or "a number"
    return f"{scale.name.rpartition('.')[2]} is {shape}"


def _lacking(beside: Beside, needed: str) -> str:
    return "" if needed in beside else f"lacks {needed}"


SCHEMES: Mapping[str, Callable[[str, StoredTensor, Beside], Matrix | None]] = {
    "weight": _weight,
    "weight_packed": _weight_packed,
    "qweight": _qweight,
}
