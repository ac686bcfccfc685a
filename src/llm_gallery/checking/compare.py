"""Described tensors against stored ones: every one is found, missing, surplus, or of another shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Literal, TypedDict

from llm_gallery.architecture.block import Architecture, stack_path
from llm_gallery.architecture.refusal import counted
from llm_gallery.checking.contract import Held, Line, Lines, Reshaped
from llm_gallery.checking.described import DescribedTensor
from llm_gallery.checking.divided import divided
from llm_gallery.checking.lines import Like, lines
from llm_gallery.checking.matrix import Matrix
from llm_gallery.checking.packed import KEY_VALUE_SCALE, unpacked
from llm_gallery.checking.pair import Pair, paired
from llm_gallery.checking.report import Report
from llm_gallery.checking.saved import reading, undrafted
from llm_gallery.checking.shares import by_part, by_prefix, by_type, types
from llm_gallery.sources.stored import Stored, StoredTensor

UNCHECKED = "values: only headers were read"


class _OfFiles(TypedDict):
    place: str
    format: Literal["safetensors", "GGUF"]
    files: tuple[Held, ...]
    beside: tuple[str, ...]
    faults: tuple[str, ...]
    tensors: int
    bytes: int
    types: dict[str, int]
    unchecked: tuple[str, ...]


def compare(architecture: Architecture, stored: Stored) -> Report:
    """The report on a checkpoint whose config is described."""
    wanted, held, extra, note = reading(architecture, unpacked(stored.tensors))
    return report(
        architecture,
        stored,
        wanted,
        held,
        extra,
        stack_path(architecture.root),
        partial=bool(architecture.uncounted)
        or architecture.canvas,  # what writes it isn't described
        note=note,
    )


def report(
    architecture: Architecture,
    stored: Stored,
    wanted: Mapping[str, DescribedTensor],
    held: Mapping[str, Matrix],
    extra: Sequence[StoredTensor],
    stack: str,
    *,
    partial: bool,
    note: str = "",
) -> Report:
    """The report on tensors that are wanted and those that are held, by the same names.

    `extra` are stored ones without parameters, `stack` is the path of the layers, `partial` says whether the config
    has parts that nothing describes, `note` how names were read.
    """
    pairs = [paired(name, tensor, held[name]) for name, tensor in wanted.items() if name in held]
    shared = {pair.wanted.tied_to for pair in pairs}
    missing = {
        name: tensor
        for name, tensor in wanted.items()
        if name not in held and not tensor.tied_to and name not in shared
    }
    drafts = undrafted(missing, wanted)
    missing = {name: tensor for name, tensor in missing.items() if name not in drafts}
    rest = {name: matrix for name, matrix in held.items() if name not in wanted}
    strays, apart = divided(rest, wanted, stack, partial=partial)
    misfits = [pair for pair in pairs if not pair.fits]
    vocabulary = _of_vocabulary(misfits, architecture.root.value("vocabulary"))
    tied = [pair for pair in pairs if pair.wanted.tied_to]
    unscaled = [matrix for matrix in held.values() if matrix.fault]
    broken = bool(stored.faults or missing or misfits or strays or unscaled)
    own = {pair.matrix.name: pair.parameters for pair in pairs}
    return Report(
        **_of_files(stored),
        model_type=architecture.model_type,
        verdict="not whole" if broken else "whole but for" if apart else "whole",
        whole=not broken,
        but_for=by_prefix(apart),
        missing=tuple(missing),
        surplus=tuple(matrix.name for matrix in strays),
        reshaped=tuple(
            Reshaped(name=pair.name, stored=pair.stored_shape, expected=pair.wanted.shape)
            for pair in misfits
        ),
        tied=tuple(pair.name for pair in tied),
        parameters=sum(own.values()),
        undrafted=tuple(name for name in wanted if name in drafts),
        described=sum(prod(tensor.shape) for tensor in wanted.values() if not tensor.tied_to),
        renamed=note,
        lines=Lines(
            missing=lines((name, Like(tensor.shape), 0) for name, tensor in missing.items()),
            undrafted=lines(
                (name, Like(wanted[name].shape), 0) for name in wanted if name in drafts
            ),
            reshaped=_pair_lines(pair for pair in misfits if pair not in vocabulary),
            vocabulary=_pair_lines(vocabulary),
            surplus=_matrix_lines(strays),
            unscaled=_matrix_lines(unscaled, lambda matrix: matrix.fault),
            undescribed=_matrix_lines(matrix for part in apart.values() for matrix in part),
            tied=_pair_lines(tied, lambda pair: f"tied to {pair.wanted.tied_to}"),
            extra=_extra_lines(extra),
        ),
        by_part=by_part(pairs),
        by_type=by_type(
            held.values(), extra, lambda matrix: own.get(matrix.name, matrix.elements or 0)
        ),
    )


def listed(stored: Stored, model_type: str, why: str) -> Report:
    """The report on a checkpoint that nothing describes: what it holds, and why it wasn't compared."""
    held, extra = unpacked(stored.tensors)
    unknown = sum(matrix.elements is None for matrix in held)
    return Report(
        **_of_files(stored, unknown),
        verdict="not compared",
        whole=False,
        model_type=model_type,
        why=why,
        parameters=sum(matrix.elements or 0 for matrix in held),
        lines=Lines(undescribed=_matrix_lines(held), extra=_extra_lines(extra)),
        by_type=by_type(held, extra, lambda matrix: matrix.elements or 0),
    )


def _of_files(stored: Stored, unknown: int = 0) -> _OfFiles:
    """What a report says of any checkpoint, whatever is described; `unknown` matrices hold nobody knows how many numbers."""
    unchecked = [UNCHECKED]
    if unknown:
        tensors = counted(unknown, "packed tensor")
        unchecked.append(f"the parameters of {tensors}, which no header says")
    return {
        "place": str(stored.place),
        "format": stored.format,
        "files": tuple(Held(name=name, bytes=size) for name, size in stored.files.items()),
        "beside": stored.beside,
        "faults": stored.faults,
        "tensors": len(stored.tensors),
        "bytes": sum(tensor.bytes for tensor in stored.tensors),
        "types": types(stored.tensors),
        "unchecked": tuple(unchecked),
    }


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


def _extra_lines(extra: Iterable[StoredTensor]) -> tuple[Line, ...]:
    return lines(
        (
            tensor.name,
            Like(None, tensor.shape, tensor.dtype, _without_parameters(tensor.name)),
            tensor.bytes,
        )
        for tensor in extra
    )


def _without_parameters(name: str) -> str:
    return "of keys and values" if KEY_VALUE_SCALE.fullmatch(name) else "a buffer"


def _pair_lines(
    pairs: Iterable[Pair], note: Callable[[Pair], str] = lambda pair: pair.matrix.scheme
) -> tuple[Line, ...]:
    return lines(
        (
            pair.name,
            Like(pair.wanted.shape, pair.stored_shape, pair.matrix.stored[0].dtype, note(pair)),
            pair.matrix.bytes,
        )
        for pair in pairs
    )


def _matrix_lines(
    held: Iterable[Matrix], note: Callable[[Matrix], str] = lambda matrix: matrix.scheme
) -> tuple[Line, ...]:
    return lines(
        (
            matrix.name,
            Like(
                None,
                matrix.shape or matrix.stored[0].shape,
                matrix.stored[0].dtype,
                note(matrix),
            ),
            matrix.bytes,
        )
        for matrix in held
    )
