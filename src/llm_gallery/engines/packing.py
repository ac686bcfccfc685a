"""How a matrix is packed: bits of each number, and what stands beside a block of them.

Formats: safetensors of DeepSeek (fp8 in blocks), compressed-tensors, ModelOpt, AutoAWQ, GPTQModel, MLX, OCP MX.
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple


class Packing(NamedTuple):
    """Numbers of so many bits, and the scales that blocks of rows and columns share."""

    bits: int
    rows: int = 0  # that share a scale; 0 for all of a matrix
    columns: int = 0
    scale: int = 0  # bytes of a block's scale and offset
    zero: int = 0  # bits of a block's zero point, packed as the numbers are
    input: int = 0  # bytes a column, as GPTQ's order of inputs
    beside: int = 0  # bytes a matrix

    def bytes(self, shape: tuple[int, ...]) -> int:
        """Bytes of a matrix, or of a stack of them: the last two sizes are rows and columns."""
        *stack, rows, columns = shape
        blocks = _started(rows, self.rows) * _started(columns, self.columns)
        numbers = -(-rows * columns * self.bits // 8)
        zeros = -(-blocks * self.zero // 8)
        each = numbers + zeros + blocks * self.scale + columns * self.input + self.beside
        return prod(stack) * each


def _started(count: int, size: int) -> int:
    return -(-count // size) if size else 1


FP8_BLOCKS = Packing(8, 128, 128, scale=4)
"""As DeepSeek V3 is released: weight_scale_inv in 32 bits for each block of 128 × 128."""
FP8_ROWS = Packing(8, 1, scale=4)
"""As FBGEMM stores it: a scale in 32 bits a row."""
FP8_MATRIX = Packing(8, scale=4)
"""A scale in 32 bits a matrix."""
MXFP4 = Packing(4, 1, 32, scale=1)
NVFP4 = Packing(4, 1, 16, scale=1, beside=8)
"""With a scale in 32 bits a matrix, and that of what it reads."""


def awq(bits: int, group: int) -> Packing:
    """AutoAWQ's: scales in 16 bits, and zero points as wide as the numbers."""
    return Packing(bits, 1, group, scale=2, zero=bits)


def gptq(bits: int, group: int) -> Packing:
    """GPTQ's: as AutoAWQ's, and for each input the number of its group in 32 bits."""
    return Packing(bits, 1, group, scale=2, zero=bits, input=4)
