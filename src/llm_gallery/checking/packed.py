"""What packed tensors hold: matrices of 4 or 8 bits with their scales, as one tensor of so many parameters.

Each scheme is known by the names, dtypes and shapes that stand beside one another; no config is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import prod
from typing import NamedTuple

from llm_gallery.sources.stored import StoredTensor

Held = Mapping[str, StoredTensor]
FLOAT8 = ("F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ")
KEY_VALUE_SCALE = re.compile(
    r".*\.((k|v|kv|q|prob)_scale|[kv]_proj\.output_scale|[kv]_zero_point)", re.ASCII
)
BUFFER = re.compile(
    r"(.*\.)?(inv_freq|rotary_emb\.(cos|sin)_cached|position_ids|attn\.(masked_)?bias|num_batches_tracked)",
    re.ASCII,
)
"""What programs compute anew, though some checkpoints store it."""
SCALES = (
    "weight_scale_inv", "weight_scale", "weight_scale_2", "weight_global_scale", "weight_zero_point",
    "weight_shape", "weight_g_idx", "weight_format", "SCB", "input_scale", "input_scale_ub",
    "input_global_scale", "input_zero_point", "output_scale", "qzeros", "scales", "g_idx", "biases",
    "weight.absmax", "weight.quant_map", "weight.nested_absmax", "weight.nested_quant_map",
    "weight.quant_state.bitsandbytes__nf4", "weight.quant_state.bitsandbytes__fp4",
)  # fmt: skip
"""What stands beside a packed matrix, after the name of its module."""
BESIDE_STACKED = ("_scales", "_scale_inv", "_scale", "_input_scale")
"""What stands beside a stack of matrices that has a name of its own, as experts have."""


class Matrix(NamedTuple):
    """A tensor as the model has it, of however many stored ones."""

    name: str
    stored: tuple[StoredTensor, ...]  # the first holds the numbers
    scheme: str  # "" where it is stored as it is
    shape: tuple[int, ...] | None  # None: the header doesn't say
    lacks: str = ""  # a tensor of the scheme that isn't there

    @property
    def elements(self) -> int | None:
        """Parameters, where the header says how many."""
        return None if self.shape is None else prod(self.shape)

    @property
    def bytes(self) -> int:
        """Of all that is stored of it."""
        return sum(tensor.bytes for tensor in self.stored)

    def fits(self, shape: tuple[int, ...]) -> bool:
        """Whether it holds a tensor of a shape: of schemes that store rows and columns the other way round, turned."""
        first = self.stored[0]
        if self.shape is None:
            return _holds(self.scheme, first, shape)
        if self.scheme == BLOCKS:
            return self.shape in (shape, (*shape[:-2], *shape[:-3:-1]))
        return self.shape == shape


def _holds(scheme: str, first: StoredTensor, shape: tuple[int, ...]) -> bool:
    """Whether as many bytes can hold a shape, where they alone are known."""
    if scheme == BITSANDBYTES:
        return -(-prod(shape) // 2) == first.bytes
    words = 4 * 8 * first.shape[-1] if first.shape else 0
    return first.shape[:-1] == shape[:-1] and any(
        -(-shape[-1] * bits // 32) * 32 == words for bits in (2, 3, 4, 5, 6, 8)
    )


FP8, INT8 = "FP8", "INT8"
UNPACKED = (FP8, INT8)
"""Schemes of one number a byte: the type says it."""
BLOCKS = "MXFP4 in blocks"
BITSANDBYTES = "bitsandbytes, 4 bits"


def matrices(tensors: Iterable[StoredTensor]) -> tuple[list[Matrix], list[StoredTensor]]:
    """The tensors that are meant, and those beside them that are none: scales of keys and values, buffers."""
    held = {tensor.name: tensor for tensor in tensors}
    whole: dict[str, Matrix] = {}
    taken: set[str] = set()
    for name, tensor in held.items():
        for made in _packed(name, tensor, held):
            whole[name] = made
            taken.update(part.name for part in made.stored)
    beside = [
        tensor
        for name, tensor in held.items()
        if name not in taken and (KEY_VALUE_SCALE.fullmatch(name) or BUFFER.fullmatch(name))
    ]
    taken.update(tensor.name for tensor in beside)
    plain = (
        Matrix(name, (tensor,), "", tensor.shape)
        for name, tensor in held.items()
        if name not in taken
    )
    found = [*whole.values(), *plain]
    scaled = any(matrix.scheme == FP8 and len(matrix.stored) > 1 for matrix in found)
    if scaled:
        found = [_expecting_scale(matrix) for matrix in found]
    return found, beside


def _expecting_scale(matrix: Matrix) -> Matrix:
    if matrix.scheme == FP8 and len(matrix.stored) == 1 and matrix.name.endswith(".weight"):
        return matrix._replace(lacks=f"{matrix.name}_scale_inv or {matrix.name}_scale")
    return matrix


def _packed(name: str, tensor: StoredTensor, held: Held) -> Iterator[Matrix]:
    """The matrix whose numbers a tensor holds, where it is packed or scaled."""
    stem, _, last = name.rpartition(".")
    maker = _BY_LAST.get(last)
    if maker is not None:
        beside = tuple(held[other] for suffix in SCALES if (other := f"{stem}.{suffix}") in held)
        beside = tuple(one for one in beside if not KEY_VALUE_SCALE.fullmatch(one.name))
        made = maker(stem, tensor, beside)
        if made is not None:
            yield made
    elif name.endswith("_blocks") and (scales := held.get(f"{name[:-7]}_scales")) is not None:
        if len(tensor.shape) > 1:
            shape = (*tensor.shape[:-2], tensor.shape[-2] * tensor.shape[-1] * 2)
            yield Matrix(name[:-7], (tensor, scales), BLOCKS, shape)
    elif tensor.dtype in FLOAT8:
        stacked = tuple(held[n] for suffix in BESIDE_STACKED if (n := name + suffix) in held)
        if stacked:
            yield Matrix(name, (tensor, *stacked), FP8, tensor.shape)


def _weight(stem: str, tensor: StoredTensor, beside: tuple[StoredTensor, ...]) -> Matrix | None:
    """A module's `weight`, which may be packed, with what stands beside it."""
    last = {one.name.removeprefix(f"{stem}."): one for one in beside}
    name, stored = f"{stem}.weight", (tensor, *beside)
    scale = last.get("weight_scale")
    if any(word.startswith("weight.quant_state.") for word in last):
        return Matrix(name, stored, BITSANDBYTES, None)
    match tensor.dtype:
        case "U32" if "scales" in last:
            return Matrix(name, stored, "MLX", None)
        case "U8" if scale is not None and tensor.shape:
            scheme = "NVFP4" if "weight_scale_2" in last else "MXFP4"
            return Matrix(name, stored, scheme, _doubled(tensor))
        case "I8":
            return Matrix(name, stored, INT8, tensor.shape) if beside else None
        case kind if kind in FLOAT8:
            return Matrix(name, stored, FP8, tensor.shape)
    return Matrix(name, stored, "", tensor.shape) if beside else None


def _weight_packed(stem: str, tensor: StoredTensor, beside: tuple[StoredTensor, ...]) -> Matrix:
    """A matrix of compressed-tensors: words of 32 bits, or bytes of two numbers."""
    has = {one.name.removeprefix(f"{stem}.") for one in beside}
    lacks = "" if "weight_scale" in has else f"{stem}.weight_scale"
    stored = (tensor, *beside)
    if tensor.dtype == "U8" and tensor.shape:
        scheme = "NVFP4" if "weight_global_scale" in has else "MXFP4"
        return Matrix(f"{stem}.weight", stored, scheme, _doubled(tensor), lacks)
    return Matrix(f"{stem}.weight", stored, "compressed-tensors", None, lacks)


def _qweight(stem: str, tensor: StoredTensor, beside: tuple[StoredTensor, ...]) -> Matrix:
    """A matrix of AWQ, which packs its outputs, or of GPTQ, which packs its inputs."""
    last = {one.name.removeprefix(f"{stem}."): one for one in beside}
    scales, zeros = last.get("scales"), last.get("qzeros")
    stored, name = (tensor, *beside), f"{stem}.weight"
    if scales is None or len(scales.shape) != 2 or len(tensor.shape) != 2:
        return Matrix(name, stored, "GPTQ or AWQ", None, f"{stem}.scales")
    rows, columns = tensor.shape
    outputs = scales.shape[1]
    if columns != outputs:
        return Matrix(name, stored, "AWQ", (outputs, rows))
    bits = zeros.shape[-1] * 32 // outputs if zeros is not None and outputs else 4
    lacks = "" if zeros is not None else f"{stem}.qzeros"
    return Matrix(name, stored, "GPTQ", (outputs, rows * 32 // max(bits, 1)), lacks)


def _doubled(tensor: StoredTensor) -> tuple[int, ...]:
    return (*tensor.shape[:-1], 2 * tensor.shape[-1])


_BY_LAST: Mapping[str, Callable[[str, StoredTensor, tuple[StoredTensor, ...]], Matrix | None]] = {
    "weight": _weight,
    "weight_packed": _weight_packed,
    "qweight": _qweight,
}
