"""The inside of mechanisms: one fixed drawing each, with slots that the block's facts fill.

A kind states its drawing as data, or that it is drawn by code; the code is here under the kind's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from llm_gallery.architecture.mistake import Mistake
from llm_gallery.figure.internals import (
    attention,
    compressed_attention,
    connection,
    cross_attention,
    indexer,
    lane_inset,
    latent_attention,
    moe,
    multi_token_prediction,
    ngram_memory,
    patch_attention,
    per_layer_input,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.internals.opened import opened_mlp
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.mechanisms import DRAWN
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, by_code

DRAWN_BY_CODE: Mapping[str, Callable[[Use], Inset]] = {
    "attention": attention.inset,
    "latent_attention": latent_attention.inset,
    "compressed_attention": compressed_attention.inset,
    "connection": connection.inset,
    "cross_attention": cross_attention.inset,
    "moe": moe.inset,
    "ngram_memory": ngram_memory.inset,
    "per_layer_input": per_layer_input.inset,
    "patch_attention": patch_attention.inset,
    "multi_token_prediction": multi_token_prediction.inset,
}
"""The drawings of kinds that state none as data, or not what is around it."""


def inset(use: Use, *, only_indexer: bool = False) -> Inset:
    """The drawing for blocks of one kind that differ in facts only; of an attention, or of its indexer alone."""
    if only_indexer:
        return indexer.inset(use)
    kind = use.block.kind
    drawing = DRAWN[kind].drawing
    if isinstance(drawing, LaneDrawing) and not by_code(drawing):
        return lane_inset.inset(drawing, use)
    if kind not in DRAWN_BY_CODE:
        raise Mistake(
            f"mechanisms/: {kind} is said to be drawn by code, and figure/internals/ has none", ""
        )
    return DRAWN_BY_CODE[kind](use)


__all__ = ["DRAWN_BY_CODE", "Use", "inset", "opened_mlp"]
