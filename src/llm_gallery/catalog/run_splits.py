"""How a page offers to share a model among devices: splits, their short names and their words."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.engines.engine import Engine
from llm_gallery.engines.split import Split


def splits(used: Engine, count: int, *, mixture: bool) -> Iterator[Split]:
    """How an engine can share a model among so many devices, the usual way first."""
    if used.by_layers:
        yield Split(layers=count)
        return
    if count & (count - 1):  # what shares layers divides heads, whose numbers are powers of two
        return
    for data in (number for number in range(1, count + 1) if count % number == 0):
        yield Split(count // data, data)
        if mixture and count > 1:
            yield Split(count // data, data, experts=True)


def key(split: Split) -> str:
    """A split in short, as an address has it: "tp4dp2ep", "pp2"."""
    if split.layers > 1:
        return f"pp{split.layers}"
    return f"tp{split.tensor}dp{split.data}{'ep' if split.experts else ''}"


def words(split: Split) -> str:
    """A split as a control says it."""
    if split.ranks == 1:
        return "whole"
    if split.layers > 1:
        return f"layers over {split.layers}"
    sides = (("tensor", split.tensor), ("data", split.data))
    said = " × ".join(f"{name} {many}" for name, many in sides if many > 1)
    return f"{said}, experts over all" if split.experts else said
