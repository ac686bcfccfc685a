"""A checkpoint of one's own: its header's bytes under the names of what is described."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.checking.packed import unpacked
from llm_gallery.checking.saved import reading
from llm_gallery.engines.loaded import DRAFTS, Loaded
from llm_gallery.sources.stored import Stored

EXPERTS = ".experts."
"""What stands in the names of a layer's experts, whether a file has them one by one or stacked."""


def of_file(
    name: str, architecture: Architecture, file: Stored, tensors: Iterable[tuple[Loaded, str]]
) -> Iterator[tuple[Loaded, str]]:
    """The same tensors with the bytes that a file has for them; the experts of a layer as one.

    Numbers of 32 bits are loaded in 16 where the file has no others. Raises Refusal for a tensor that it lacks, but of a
    module that drafts.
    """
    held = reading(architecture, unpacked(file.tensors)).held
    parts = 2 if all(tensor.dtype == "F32" for tensor in file.tensors) else 1
    sizes = Counter[str]()
    for key, matrix in held.items():
        sizes[_group(key)] += matrix.bytes // parts
    merged: dict[str, list[tuple[Loaded, str]]] = {}
    for tensor, kind in tensors:
        merged.setdefault(_group(tensor.name), []).append((tensor, kind))
    for group, members in merged.items():
        if group in sizes:
            yield from _shared_out(group, sizes[group], members)
        elif any(kind != DRAFTS for _, kind in members):
            raise Refusal(
                f"{name} lacks {quoted(group)}, expected every tensor that its config describes; "
                "run llm-gallery check on it"
            )


def _group(name: str) -> str:
    """A tensor's name, or that of a layer's experts together."""
    before, experts, _ = name.partition(EXPERTS)
    return before + experts.removesuffix(".") if experts else name


def _shared_out(
    group: str, size: int, members: list[tuple[Loaded, str]]
) -> Iterator[tuple[Loaded, str]]:
    """The bytes of a group: of one tensor in two parts by what these are of it, else together."""
    first, kind = members[0]
    if len(members) == 2 and members[1][0].name == first.name:
        whole = first.bytes + members[1][0].bytes
        kept = size * first.bytes // whole
        yield first._replace(bytes=kept), kind
        yield members[1][0]._replace(bytes=size - kept), kind
    else:
        yield first._replace(name=group, bytes=size), kind
