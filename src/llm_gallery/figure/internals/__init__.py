"""The inside of mechanisms: one fixed drawing each, with slots that the block's facts fill.

A kind states its drawing as data, or that it is drawn by code; the code is here under the kind's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals import (
    attention,
    compressed_attention,
    connection,
    indexer,
    lane_inset,
    latent_attention,
    moe,
    multi_token_prediction,
    ngram_memory,
    per_layer_input,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.internals._wires import DIVISOR
from llm_gallery.figure.internals.opened import opened_mlp
from llm_gallery.figure.kit.shapes import Inset
from llm_gallery.mechanisms import DRAWN
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, by_code

DRAWN_BY_CODE: Mapping[str, Callable[[Use], Inset]] = {
    "attention": attention.inset,
    "latent_attention": latent_attention.inset,
    "compressed_attention": compressed_attention.inset,
    "connection": connection.inset,
    "moe": moe.inset,
    "ngram_memory": ngram_memory.inset,
    "per_layer_input": per_layer_input.inset,
    "multi_token_prediction": multi_token_prediction.inset,
}
"""The drawings of kinds that state none as data, or not what is around it."""


def inset(
    path: str,
    variants: tuple[tuple[Block, int], ...],
    width: float,
    where: str,
    full: bool,
    *,
    alone: bool = False,
    split: bool = False,
    only_indexer: bool = False,
    pictured: bool = False,
    divisor: float = DIVISOR,
) -> Inset:
    """The drawing for blocks of one kind that differ in facts only, each with its number of layers.

    `path` is where the checkpoint stores the first of them; `where` says which layers hold them;
    `alone` that no other inset of the figure shows an MLP. `split` leaves an attention's indexer to an inset of
    its own, which `only_indexer` asks for; `pictured` leaves experts, and masks, to the picture beside it.
    `divisor` is what the roots of widths are divided by to px of a
    wire's thickness, alike in a figure.
    """
    use = Use(
        path=path,
        variants=variants,
        width=width,
        where=where,
        full=full,
        alone=alone,
        split=split,
        pictured=pictured,
        divisor=divisor,
    )
    if only_indexer:
        return indexer.inset(use)
    kind = use.block.kind
    drawing = DRAWN[kind].drawing
    if isinstance(drawing, LaneDrawing) and not by_code(drawing):
        return lane_inset.inset(drawing, use)
    return DRAWN_BY_CODE[kind](use)


__all__ = ["DRAWN_BY_CODE", "inset", "opened_mlp"]
