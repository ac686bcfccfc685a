"""Tensors of a check as lines, of which each stands for those that differ in the numbers of their names alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from llm_gallery.checking.contract import Line
from llm_gallery.checking.folded import folded


class Like(NamedTuple):
    """What tensors of one line have in common."""

    expected: tuple[int, ...] | None = None
    stored: tuple[int, ...] | None = None
    dtype: str = ""
    note: str = ""


def lines(tensors: Iterable[tuple[str, Like, int]]) -> tuple[Line, ...]:
    """The lines of tensors that are given by name, what they have in common, and bytes."""
    alike: dict[Like, dict[str, int]] = defaultdict(dict)
    for name, like, size in tensors:
        alike[like][name] = size
    return tuple(
        Line(
            names=names,
            count=len(members),
            bytes=sum(sizes[member] for member in members),
            **like._asdict(),
        )
        for like, sizes in alike.items()
        for names, members in folded(sizes).items()
    )
