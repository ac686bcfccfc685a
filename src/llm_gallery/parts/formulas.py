"""The formula of a part with its model's numbers put in, marked up as drawings have it: _italic_, ^raised^."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms import DRAWN, MECHANISMS
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, State
from llm_gallery.mechanisms.wording import words_for
from llm_gallery.mechanisms.written import rope_base

Lines = tuple[str, ...]


def formula(block: Block, whole: Block) -> Lines:
    """What a part computes, a line each; none where it is nothing but its parts. `whole` is the model."""
    mechanism = MECHANISMS[block.kind]
    if callable(mechanism.formula):  # an epsilon is stated once for the model
        return mechanism.formula(replace(block, settings={**whole.settings, **block.settings}))
    if mechanism.formula or block.kind not in DRAWN:
        return mechanism.formula
    drawing = DRAWN[block.kind].drawing
    core = drawing.core if isinstance(drawing, LaneDrawing) else None
    return (core.update, words_for(core.reading, block)) if isinstance(core, State) else ()


def turning(block: Block) -> Lines:
    """By what angle a pair of channels is turned at a position."""
    turned = block.value("rotated") or block.value("rope_dim") or block.value("head_dim")
    base = rope_base(block.facts["rope_base"])
    return (f"angle = _t_ · {base}^−2i/{turned}^",) if isinstance(turned, int) else ()
