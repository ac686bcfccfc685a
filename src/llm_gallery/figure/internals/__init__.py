"""The inside of mechanisms: one fixed drawing each, with slots that the block's facts fill."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals import (
    attention,
    compressed_attention,
    connection,
    gated_deltanet,
    kimi_delta_attention,
    latent_attention,
    lightning_attention,
    mamba,
    mamba2,
    mlp,
    mlstm,
    moe,
    multi_token_prediction,
    ngram_memory,
    per_layer_input,
    receptance_mlp,
    rwkv,
    short_convolution,
)
from llm_gallery.figure.internals._use import Use
from llm_gallery.figure.kit.shapes import Inset

DRAWN = {
    "attention": attention.inset,
    "latent_attention": latent_attention.inset,
    "compressed_attention": compressed_attention.inset,
    "connection": connection.inset,
    "gated_deltanet": gated_deltanet.inset,
    "mamba2": mamba2.inset,
    "mlp": mlp.inset,
    "moe": moe.inset,
    "short_convolution": short_convolution.inset,
    "mamba": mamba.inset,
    "mlstm": mlstm.inset,
    "rwkv": rwkv.inset,
    "receptance_mlp": receptance_mlp.inset,
    "kimi_delta_attention": kimi_delta_attention.inset,
    "lightning_attention": lightning_attention.inset,
    "ngram_memory": ngram_memory.inset,
    "per_layer_input": per_layer_input.inset,
    "multi_token_prediction": multi_token_prediction.inset,
}
"""The drawing of each kind of block that has one."""


def inset(
    path: str,
    variants: tuple[tuple[Block, int], ...],
    width: float,
    where: str,
    full: bool,
    *,
    alone: bool = False,
) -> Inset:
    """The drawing for blocks of one kind that differ in facts only, each with its number of layers.

    `path` is where the checkpoint stores the first of them; `where` says which layers hold them;
    `alone` that no other inset of the figure shows an MLP.
    """
    use = Use(path=path, variants=variants, width=width, where=where, full=full, alone=alone)
    return DRAWN[use.block.kind](use)


__all__ = ["DRAWN", "inset"]
