"""Little pictures without words, for a block or a call-out: shape tells what colour tells, too.

In a block they are some 20 px high, in a call-out up to 200: a function each, in two tones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from llm_gallery.architecture.block import Block
from llm_gallery.concepts import Sign, concepts
from llm_gallery.figure.pictures.little import around, attention, channels
from llm_gallery.figure.pictures.little.around import Norms
from llm_gallery.figure.pictures.little.pen import Inks, Little, Pen
from llm_gallery.figure.pictures.states import is_matrix
from llm_gallery.mechanisms import DRAWN
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, State

BY_NAME: Mapping[Sign | None, Little] = {
    "heads": attention.heads,
    "mask": attention.mask,
    "pinch": attention.pinch,
    "entries": attention.entries,
    "sink": attention.sink,
    "takeover": attention.takeover,
    "unified": attention.unified,
    "minus": attention.minus,
    "unit": attention.unit,
    "dials": attention.dials,
    "falling": attention.falling,
    "rows": attention.rows,
    "values": attention.values,
    "across": attention.across,
    "curve": channels.curve,
    "tiles": channels.tiles,
    "always": channels.always,
    "hollow": channels.hollow,
    "narrowed": channels.narrowed,
    "level": channels.level,
    "comb": channels.comb,
    "streams": around.streams,
    "sums": around.sums,
    "loop": around.loop,
}
"""By the name that a concept states."""


def of_block(block: Block) -> Little | None:
    """What a block is, by what it has; None of what has no picture."""
    drawing = DRAWN[block.kind].drawing
    if block.is_mixture:
        return channels.tiles
    if block.on_channels:
        return channels.waist
    if isinstance(drawing, LaneDrawing) and isinstance(drawing.core, State):
        return channels.matrix if is_matrix(block) else channels.columns
    if "ratio" in block.facts:
        return attention.entries
    if not {"selected", "window", "chunk"}.isdisjoint(block.facts):
        return attention.mask
    if "kv_rank" in block.facts:
        return attention.pinch
    if block.attends:
        return attention.mask
    return channels.comb if "taps" in block.facts else None


def of_call(concept: str, block: Block | None, norms: Norms | None = None) -> Iterator[Little]:
    """Pictures of what a call-out says, the most telling first: the concept's own, then the block's."""
    sign = concepts()[concept].new.sign if concept in concepts() else None
    if sign == "wiring" and norms is not None:
        yield partial(around.wiring, norms)
    elif sign in BY_NAME:
        yield BY_NAME[sign]
    if block is not None and (own := of_block(block)) is not None:
        yield own


__all__ = ["BY_NAME", "Inks", "Little", "Norms", "Pen", "of_block", "of_call"]
