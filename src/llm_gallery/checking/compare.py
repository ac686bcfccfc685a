"""Described tensors against stored ones: every one is found, missing, surplus, or of another shape."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple, TypedDict

from llm_gallery.architecture.block import Architecture, stack_path
from llm_gallery.checking.contract import Held, Line, Parameters, Share
from llm_gallery.checking.described import DescribedTensor, described
from llm_gallery.checking.folded import folded
from llm_gallery.checking.packed import KEY_VALUE_SCALE, Matrix, matrices
from llm_gallery.checking.renaming import renamed
from llm_gallery.checking.report import Report
from llm_gallery.sources.stored import Stored, StoredTensor

UNCHECKED = "values: only headers were read"


class _OfFiles(TypedDict):
    files: list[Held]
    beside: list[str]
    faults: list[str]
    extra: list[Line]
    types: list[Share]
    unchecked: list[str]


class Pair(NamedTuple):
    """A described tensor and the stored one of its name."""

    name: str
    wanted: DescribedTensor
    matrix: Matrix

    @property
    def fits(self) -> bool:
        """Whether what is stored has the described shape."""
        return self.matrix.fits(self.wanted.shape)


def compare(architecture: Architecture, stored: Stored) -> Report:
    """The report on a checkpoint whose config is described."""
    wanted = described(architecture.root)
    held, extra = matrices(stored.tensors)
    by_name, note = renamed(
        {matrix.name: matrix for matrix in held}, wanted, architecture.model_type
    )
    pairs = [Pair(name, one, by_name[name]) for name, one in wanted.items() if name in by_name]
    by_another_name = {pair.wanted.tied_to for pair in pairs}
    missing = {
        name: one
        for name, one in wanted.items()
        if name not in by_name and not one.tied_to and name not in by_another_name
    }
    rest = {name: matrix for name, matrix in by_name.items() if name not in wanted}
    inside, apart = _divided(rest, wanted, stack_path(architecture.root))
    misfits = [pair for pair in pairs if not pair.fits]
    vocabulary = _of_vocabulary(misfits, architecture.root.value("vocabulary"))
    reshaped = [pair for pair in misfits if pair not in vocabulary]
    tied = [pair for pair in pairs if pair.wanted.tied_to]
    unscaled = [matrix for matrix in by_name.values() if matrix.lacks]
    broken = stored.faults or missing or misfits or inside or unscaled
    prefixes = list(apart)
    return Report(
        place=str(stored.place),
        format=stored.format,
        model=architecture.model_type,
        verdict="not whole" if broken else "whole but for" if prefixes else "whole",
        but_for=prefixes,
        why="",
        missing=_lines((name, (one.shape, None, "", ""), 0) for name, one in missing.items()),
        reshaped=_pair_lines(reshaped),
        surplus=_matrix_lines(inside),
        unscaled=_matrix_lines(unscaled, lambda matrix: f"lacks {matrix.lacks.rpartition('.')[2]}"),
        vocabulary=_pair_lines(vocabulary),
        tied=_pair_lines(tied, lambda pair: f"tied to {pair.wanted.tied_to}"),
        undescribed=_matrix_lines([matrix for part in apart.values() for matrix in part]),
        parameters=Parameters(
            described=sum(prod(one.shape) for one in wanted.values() if not one.tied_to),
            stored=sum(_parameters(pair) for pair in pairs if not pair.wanted.tied_to),
        ),
        parts=_by_part(pairs),
        **_of_files(stored, by_name.values(), extra, pairs),
        renamed=note,
    )


def listed(stored: Stored, model: str, why: str) -> Report:
    """The report on a checkpoint that nothing describes: what it holds, and why it wasn't compared."""
    held, extra = matrices(stored.tensors)
    return Report(
        place=str(stored.place),
        format=stored.format,
        model=model,
        verdict="not compared",
        but_for=[],
        why=why,
        missing=[],
        reshaped=[],
        surplus=[],
        unscaled=[],
        vocabulary=[],
        tied=[],
        undescribed=_matrix_lines(held),
        parameters=Parameters(described=0, stored=sum(one.elements or 0 for one in held)),
        parts=[],
        **_of_files(stored, held, extra, ()),
        renamed="",
    )


def _of_files(
    stored: Stored, held: Iterable[Matrix], extra: Sequence[StoredTensor], pairs: Iterable[Pair]
) -> _OfFiles:
    """What a report says of any checkpoint, whatever is described."""
    return {
        "files": [Held(name=name, bytes=size) for name, size in stored.files.items()],
        "beside": list(stored.beside),
        "faults": list(stored.faults),
        "extra": [
            *_lines(
                (
                    tensor.name,
                    (None, tensor.shape, tensor.dtype, _no_parameter(tensor.name)),
                    tensor.bytes,
                )
                for tensor in extra
            )
        ],
        "types": [*_by_type(held, extra, {pair.matrix.name: pair for pair in pairs})],
        "unchecked": [UNCHECKED],
    }


def _no_parameter(name: str) -> str:
    return "of keys and values" if KEY_VALUE_SCALE.fullmatch(name) else "a buffer"


def _divided(
    rest: Mapping[str, Matrix], wanted: Iterable[str], stack: str
) -> tuple[list[Matrix], dict[str, list[Matrix]]]:
    """What isn't described: inside a described part, or in parts of its own, by their prefixes.

    A part stands on its own where the way to it leaves the described ones above the stack of layers.
    """
    known = {prefix for name in wanted for prefix in _prefixes(name)}
    inside: list[Matrix] = []
    apart: dict[str, list[Matrix]] = {}
    above = {"", *_prefixes(stack)}
    for name, matrix in rest.items():
        parent = max((p for p in _prefixes(name) if p in known), key=len, default="")
        branch = name[len(parent) + 1 if parent else 0 :].split(".")[0]
        if parent in above:
            apart.setdefault(f"{parent}.{branch}".lstrip("."), []).append(matrix)
        else:
            inside.append(matrix)
    return inside, apart


def _prefixes(name: str) -> Iterator[str]:
    """The paths of what a tensor is below."""
    at = name.find(".")
    while at >= 0:
        yield name[:at]
        at = name.find(".", at + 1)


def _of_vocabulary(misfits: Sequence[Pair], vocabulary: object) -> list[Pair]:
    """Ends of the model whose rows alone differ from the config's, all in the same way."""
    ends = [
        pair
        for pair in misfits
        if pair.wanted.shape[:1] == (vocabulary,)
        and pair.matrix.shape is not None
        and pair.matrix.shape[1:] == pair.wanted.shape[1:]
    ]
    same = len({pair.matrix.shape[0] for pair in ends if pair.matrix.shape}) == 1
    return ends if same else []


def _parameters(pair: Pair) -> int:
    """What a matrix holds: of one whose header doesn't say, as many as described where they fit."""
    held = pair.matrix.elements
    return (prod(pair.wanted.shape) if pair.fits else 0) if held is None else held


def _by_part(pairs: Iterable[Pair]) -> list[Share]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for pair in pairs:
        held = sums[pair.wanted.part]
        held[0] += len(pair.matrix.stored)
        held[1] += sum(tensor.bytes for tensor in pair.matrix.stored)
        held[2] += 0 if pair.wanted.tied_to else _parameters(pair)
    return _shares(sums)


def _by_type(
    held: Iterable[Matrix], extra: Iterable[StoredTensor], pairs: Mapping[str, Pair]
) -> list[Share]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for matrix in held:
        pair = pairs.get(matrix.name)
        count = _parameters(pair) if pair else matrix.elements or 0
        count = 0 if pair and pair.wanted.tied_to else count
        for tensor, parameters in zip(
            matrix.stored, (count, *[0] * (len(matrix.stored) - 1)), strict=True
        ):
            _add(sums[_type(tensor, matrix)], tensor.bytes, parameters)
    for tensor in extra:
        _add(sums[tensor.dtype], tensor.bytes, 0)
    return _shares(sums)


def _type(tensor: StoredTensor, matrix: Matrix) -> str:
    packs = matrix.scheme and tensor is matrix.stored[0] and matrix.scheme not in ("FP8", "INT8")
    return f"{matrix.scheme} ({tensor.dtype})" if packs else tensor.dtype


def _add(sums: list[int], size: int, parameters: int) -> None:
    sums[0] += 1
    sums[1] += size
    sums[2] += parameters


def _shares(sums: Mapping[str, Sequence[int]]) -> list[Share]:
    made = [
        Share(name=name, tensors=tensors, bytes=size, parameters=parameters)
        for name, (tensors, size, parameters) in sums.items()
    ]
    return sorted(made, key=lambda share: -share.bytes)


Like = tuple[tuple[int, ...] | None, tuple[int, ...] | None, str, str]
"""Described shape, stored shape, dtype and note: what tensors of one line have in common."""


def _lines(tensors: Iterable[tuple[str, Like, int]]) -> list[Line]:
    """Tensors as lines, of which each stands for those that differ in the numbers of their names alone."""
    alike: dict[Like, dict[str, int]] = defaultdict(dict)
    for name, like, size in tensors:
        alike[like][name] = size
    return [
        Line(
            names=names,
            count=len(members),
            described=None if shape is None else list(shape),
            stored=None if held is None else list(held),
            dtype=dtype,
            bytes=sum(sizes[member] for member in members),
            note=note,
        )
        for (shape, held, dtype, note), sizes in alike.items()
        for names, members in folded(sizes).items()
    ]


def _pair_lines(pairs: Iterable[Pair], note: Callable[[Pair], str] = lambda pair: "") -> list[Line]:
    return _lines(
        (
            pair.name,
            (
                pair.wanted.shape,
                pair.matrix.shape or pair.matrix.stored[0].shape,
                pair.matrix.stored[0].dtype,
                note(pair) or pair.matrix.scheme,
            ),
            sum(tensor.bytes for tensor in pair.matrix.stored),
        )
        for pair in pairs
    )


def _matrix_lines(
    held: Iterable[Matrix], note: Callable[[Matrix], str] = lambda matrix: matrix.scheme
) -> list[Line]:
    return _lines(
        (
            matrix.name,
            (
                None,
                matrix.shape or matrix.stored[0].shape,
                matrix.stored[0].dtype,
                note(matrix),
            ),
            sum(tensor.bytes for tensor in matrix.stored),
        )
        for matrix in held
    )
