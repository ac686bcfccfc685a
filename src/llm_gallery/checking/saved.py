"""Checkpoints that transformers saved, read as what they are: `save_pretrained` doesn't store all as the release does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from llm_gallery.architecture.block import Architecture
from llm_gallery.checking.described import DRAFTS, DescribedTensor, described
from llm_gallery.checking.matrix import Matrix
from llm_gallery.checking.packed import Unpacked
from llm_gallery.checking.renaming import renamed
from llm_gallery.checking.stacked import restacked
from llm_gallery.families import Saved
from llm_gallery.families import saved as of_family
from llm_gallery.families._registry import module_name
from llm_gallery.recognition.wrapper_rows import ROWS
from llm_gallery.sources.stored import StoredTensor

Wanted = Mapping[str, DescribedTensor]


class Reading(NamedTuple):
    """What is described as this checkpoint stores it, and what it stores by the names of these."""

    wanted: Wanted
    held: Mapping[str, Matrix]
    extra: list[StoredTensor]  # without parameters
    note: str  # how it was read, where not as a release


def reading(architecture: Architecture, stored: Unpacked) -> Reading:
    """A checkpoint beside its description, whichever program saved it."""
    wanted: Wanted = described(architecture.root)
    saved = saved_otherwise(architecture.model_type)
    listed = {matrix.name: matrix for matrix in stored.matrices}
    buffers = {tensor.name: tensor for tensor in stored.extra if tensor.name in wanted}
    listed |= {name: Matrix(name, (t,), "", t.shape) for name, t in buffers.items()}
    held, named = renamed(listed, wanted, saved)
    extra = [tensor for tensor in stored.extra if tensor.name not in buffers]
    if saved.recomputed:
        unneeded = [
            n for n in held if n not in wanted and re.search(saved.recomputed, n) is not None
        ]
        extra += [tensor for name in unneeded for tensor in held.pop(name).stored]
    wanted, stacked = restacked(held, wanted)
    other = dict(_other_shapes(held, wanted, saved))
    shapes = "shapes are read as transformers saves them" if other else ""
    changed = {name: wanted[name]._replace(shape=shape) for name, shape in other.items()}
    return Reading(
        {**wanted, **changed}, held, extra, "; ".join(filter(None, (named, stacked, shapes)))
    )


def saved_otherwise(model_type: str) -> Saved:
    """What transformers saves of a type otherwise than its release, a multimodal one's language model included."""
    row = ROWS.get(module_name(model_type))
    if row is None:
        return of_family(model_type)
    return of_family(row.inner) if row.saved is None else row.saved


def _other_shapes(
    held: Mapping[str, Matrix], wanted: Wanted, saved: Saved
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The shapes in which saving leaves tensors that are stored so here."""
    if not saved.turned and not saved.recut:
        return
    misfits = {
        name: shape
        for name, tensor in wanted.items()
        if name in held and (shape := held[name].shape) is not None and shape != tensor.shape
    }
    for name, shape in misfits.items():
        rest, last = wanted[name].shape[:-2], wanted[name].shape[-2:]
        if saved.turned and re.search(saved.turned, name) and shape == (*rest, *last[::-1]):
            yield name, shape
        elif saved.recut and saved.recut[0] in name:
            parts = [name.replace(saved.recut[0], part) for part in saved.recut]
            yield from _recut(parts, held, wanted)


def _recut(
    parts: list[str], held: Mapping[str, Matrix], wanted: Wanted
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Parts of as many rows together as described, cut evenly, as chunks are: the last is smaller."""
    if not all(name in held and name in wanted and held[name].shape for name in parts):
        return
    shapes = [held[name].shape or () for name in parts]
    rows = sum(wanted[name].shape[0] for name in parts)
    most = -(-rows // len(parts))
    cuts = [most] * (len(parts) - 1)
    even = [*cuts, rows - sum(cuts)]
    if all(
        shape == (cut, *wanted[name].shape[1:])
        for name, shape, cut in zip(parts, shapes, even, strict=True)
    ):
        yield from zip(parts, shapes, strict=True)


def undrafted(missing: Wanted, wanted: Wanted) -> frozenset[str]:
    """The missing tensors that only draft tokens, where a checkpoint has none of them: a model runs without."""
    drafts = [name for name, tensor in wanted.items() if tensor.part == DRAFTS]
    return frozenset(drafts) if all(name in missing for name in drafts) else frozenset()
