"""The inside of mechanisms: one fixed drawing each, with slots that the block's facts fill.

A kind states its drawing as data, or that it is drawn by code: `inset` of the module here that has the kind's name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path

from llm_gallery.architecture.mistake import Mistake
from llm_gallery.figure.internals import indexer, lane_inset
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.internals.opened import opened_mlp
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.mechanisms import DRAWN
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, by_code


@cache
def code_of(kind: str) -> Callable[[Use], Inset]:
    """The code that draws a kind, or what is around its lanes. Raises Mistake where there is none."""
    if not (Path(__file__).parent / f"{kind}.py").exists():
        said = f"mechanisms/: {kind} is said to be drawn by code, and figure/internals/ has none"
        raise Mistake(said, "")
    code: Callable[[Use], Inset] = import_module(f"{__name__}.{kind}").inset
    return code


def inset(use: Use, *, only_indexer: bool = False) -> Inset:
    """The drawing for blocks of one kind that differ in facts only; of an attention, or of its indexer alone."""
    if only_indexer:
        return indexer.inset(use)
    kind = use.block.kind
    drawing = DRAWN[kind].drawing
    if isinstance(drawing, LaneDrawing) and not by_code(drawing):
        return lane_inset.inset(drawing, use)
    return code_of(kind)(use)


__all__ = ["Use", "code_of", "inset", "opened_mlp"]
