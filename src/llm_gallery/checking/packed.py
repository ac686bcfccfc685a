"""What packed tensors hold: matrices of 4 or 8 bits with their scales, as one tensor of so many parameters.

Each scheme is known by the names, dtypes and shapes that stand beside one another; no config is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from llm_gallery.checking.matrix import BLOCKS, FP8, Matrix
from llm_gallery.checking.schemes import FLOAT8, SCHEMES
from llm_gallery.sources.stored import StoredTensor

Held = Mapping[str, StoredTensor]
KEY_VALUE_SCALE = re.compile(
    r".*\.((k|v|kv|q|prob)_scale|[kv]_proj\.output_scale|[kv]_zero_point)", re.ASCII
)
BUFFER = re.compile(
    r"(.*\.)?(inv_freq|rotary_emb\.(cos|sin)_cached|position_ids|attn\.(masked_)?bias|num_batches_tracked)",
    re.ASCII,
)
"""What programs compute anew, though some checkpoints store it."""
SCALES = frozenset((
    "weight_scale_inv", "weight_scale", "weight_scale_2", "weight_global_scale", "weight_zero_point", "scale",
    "weight_shape", "weight_g_idx", "weight_format", "SCB", "input_scale", "input_scale_ub", "qscale_weight",
    "input_global_scale", "input_zero_point", "output_scale", "qzeros", "scales", "g_idx", "biases", "qscale_act",
))  # fmt: skip
"""What stands beside a packed matrix, after the name of its module."""
OF_WEIGHT = frozenset((
    "absmax", "quant_map", "nested_absmax", "nested_quant_map",
    "quant_state.bitsandbytes__nf4", "quant_state.bitsandbytes__fp4",
))  # fmt: skip
"""What bitsandbytes stores beside a matrix, after the name of the matrix."""
BESIDE_STACKED = ("_scales", "_scale_inv", "_scale", "_weight_scale", "_weight_scale_2", "_input_scale")  # fmt: skip
"""What stands beside a stack of matrices that has a name of its own, as experts have."""


class Unpacked(NamedTuple):
    """A checkpoint's tensors as the model has them."""

    matrices: list[Matrix]
    extra: list[StoredTensor]  # scales of keys and values, and buffers


def unpacked(tensors: Iterable[StoredTensor]) -> Unpacked:
    """The tensors that are meant, and those beside them that are none."""
    held = {tensor.name: tensor for tensor in tensors}
    beside = _beside(held)
    packed: dict[str, Matrix] = {}
    taken: set[str] = set()
    for name, tensor in held.items():
        for made in _packed(name, tensor, held, beside):
            packed[name] = made
            taken.update(part.name for part in made.stored)
    extra = [
        tensor
        for name, tensor in held.items()
        if name not in taken and (KEY_VALUE_SCALE.fullmatch(name) or BUFFER.fullmatch(name))
    ]
    taken.update(tensor.name for tensor in extra)
    plain = (
        Matrix(name, (tensor,), "", tensor.shape)
        for name, tensor in held.items()
        if name not in taken
    )
    found = [*packed.values(), *plain]
    if any(matrix.scheme == FP8 and len(matrix.stored) > 1 for matrix in found):
        found = [_expecting_scale(matrix) for matrix in found]
    return Unpacked(found, extra)


def _expecting_scale(matrix: Matrix) -> Matrix:
    """A matrix of 8 bits in a checkpoint whose others have scales."""
    if matrix.scheme == FP8 and len(matrix.stored) == 1 and matrix.name.endswith(".weight"):
        return matrix._replace(fault="lacks weight_scale_inv or weight_scale")
    return matrix


def _beside(held: Held) -> dict[str, dict[str, StoredTensor]]:
    """What stands beside packed matrices, by their module and the name after it."""
    found: dict[str, dict[str, StoredTensor]] = {}
    for name, tensor in held.items():
        module, _, last = name.rpartition(".")
        if last in SCALES:
            if not KEY_VALUE_SCALE.fullmatch(name):
                found.setdefault(module, {})[last] = tensor
            continue
        module, weight, last = name.partition(".weight.")
        if weight and last in OF_WEIGHT:
            found.setdefault(module, {})[f"weight.{last}"] = tensor
    return found


def _packed(
    name: str, tensor: StoredTensor, held: Held, beside: Mapping[str, Held]
) -> Iterator[Matrix]:
    """The matrix whose numbers a tensor holds, where it is packed or scaled."""
    module, _, last = name.rpartition(".")
    scheme = SCHEMES.get(last)
    if scheme is not None:
        made = scheme(f"{module}.weight", tensor, beside.get(module, {}))
        if made is not None:
            yield made
    elif name.endswith("_blocks") and (scales := held.get(f"{name[:-7]}_scales")) is not None:
        if len(tensor.shape) > 1:
            shape = (*tensor.shape[:-2], tensor.shape[-2] * tensor.shape[-1] * 2)
            yield Matrix(name[:-7], (tensor, scales), BLOCKS, shape)
    else:
        yield from _stack(name, tensor, held)


def _stack(name: str, tensor: StoredTensor, held: Held) -> Iterator[Matrix]:
    """A stack of scaled matrices: of 8 bits each number, or two in a byte of the axis that is summed over."""
    if tensor.dtype != "U8" and tensor.dtype not in FLOAT8:
        return
    beside = tuple(held[other] for end in BESIDE_STACKED if (other := name + end) in held)
    if not beside:
        return
    if tensor.dtype in FLOAT8:
        yield Matrix(name, (tensor, *beside), FP8, tensor.shape)
    else:
        scheme = "NVFP4" if f"{name}_weight_scale_2" in held else "MXFP4"
        yield Matrix(name, (tensor, *beside), scheme, None)
