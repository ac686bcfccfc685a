"""How a branch reads the residual stream and writes to it, where it doesn't just add: one drawing for each way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from llm_gallery.architecture.kinds import (
    OVER_DEPTH,
    WEIGHED,
)
from llm_gallery.figure.internals import (
    _streams,
    attention_residuals,
    learned_scales,
)
from llm_gallery.figure.internals._ledger import ledger
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Inset, Picture, Point
from llm_gallery.mechanisms.streams import DRAWINGS

DRAWN: Mapping[str, Callable[[Use], Inset]] = {
    OVER_DEPTH: attention_residuals.inset,
    **dict.fromkeys(WEIGHED, learned_scales.inset),
    **{way: partial(_streams.inset, drawing) for way, drawing in DRAWINGS.items()},
}
"""The drawing of each kind of residual connection, as a stack names it."""


def inset(use: Use) -> Inset:
    """The drawing of the connections of a stack; where all is said, over what they store."""
    drawn = DRAWN[str(use.block.value("residual"))](use)
    if not use.full:
        return drawn
    below = Sheet()
    high = ledger(below, use.variants, use.width, drawn.mechanism, (), use.divisor)
    under, body = below.picture(use.width, high), drawn.body
    both = ((Point(0, 0), body), (Point(0, body.height), under))
    whole = Picture(width=use.width, height=body.height + high, shapes=(), inside=both)
    return replace(drawn, body=whole)
