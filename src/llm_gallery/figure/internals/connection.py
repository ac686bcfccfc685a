"""How a branch reads the residual stream and writes to it, where it doesn't just add: one drawing for each way."""

from __future__ import annotations

from llm_gallery.figure.internals import (
    attention_residuals,
    gated_streams,
    hyper_connections,
    learned_scales,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.shapes import Inset

DRAWN = {
    "hyper-connections": hyper_connections.inset,
    "gated streams": gated_streams.inset,
    "attention over depth": attention_residuals.inset,
    "learned scales": learned_scales.inset,
}
"""The drawing of each kind of residual connection, as a stack names it."""


def inset(use: Use) -> Inset:
    """The drawing of the connections of a stack."""
    return DRAWN[str(use.block.value("residual"))](use)
