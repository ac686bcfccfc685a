"""Bytes and parameters of a checkpoint by part of the model, and by type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from llm_gallery.checking.contract import Share
from llm_gallery.checking.matrix import OF_BYTES, Matrix
from llm_gallery.checking.pair import Pair
from llm_gallery.sources.stored import StoredTensor


def by_part(pairs: Iterable[Pair]) -> tuple[Share, ...]:
    """Described tensors by part of the model, the largest first."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for pair in pairs:
        for tensor, parameters in _divided(pair.matrix, pair.parameters):
            _add(sums[pair.wanted.part], tensor.bytes, parameters)
    return _shares(sums)


def by_prefix(parts: Mapping[str, Iterable[Matrix]]) -> tuple[Share, ...]:
    """Parts of a checkpoint that nothing describes, the largest first."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for prefix, matrices in parts.items():
        for matrix in matrices:
            for tensor, parameters in _divided(matrix, matrix.elements or 0):
                _add(sums[prefix], tensor.bytes, parameters)
    return _shares(sums)


def by_type(
    matrices: Iterable[Matrix],
    extra: Iterable[StoredTensor],
    parameters: Callable[[Matrix], int],
) -> tuple[Share, ...]:
    """All tensors by type, the largest first; `extra` are those that hold no parameters."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for matrix in matrices:
        for tensor, held in _divided(matrix, parameters(matrix)):
            packs = held and matrix.scheme and matrix.scheme not in OF_BYTES
            name = f"{matrix.scheme} ({tensor.dtype})" if packs else tensor.dtype
            _add(sums[name], tensor.bytes, held)
    for tensor in extra:
        _add(sums[tensor.dtype], tensor.bytes, 0)
    return _shares(sums)


def types(tensors: Iterable[StoredTensor]) -> dict[str, int]:
    """How many tensors have a type, that of the most bytes first."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for tensor in tensors:
        _add(sums[tensor.dtype], tensor.bytes, 0)
    return {share.name: share.tensors for share in _shares(sums)}


def _divided(matrix: Matrix, parameters: int) -> Iterable[tuple[StoredTensor, int]]:
    """Stored tensors of a matrix; its parameters count with the first, which holds the numbers."""
    return zip(matrix.stored, (parameters, *[0] * (len(matrix.stored) - 1)), strict=True)


def _add(sums: list[int], size: int, parameters: int) -> None:
    sums[0] += 1
    sums[1] += size
    sums[2] += parameters


def _shares(sums: Mapping[str, Sequence[int]]) -> tuple[Share, ...]:
    made = [
        Share(name=name, tensors=tensors, bytes=size, parameters=parameters)
        for name, (tensors, size, parameters) in sums.items()
    ]
    return tuple(sorted(made, key=lambda share: -share.bytes))
