"""Attention over a short window of tokens and over a compressed stream of all that came before."""

from __future__ import annotations

from typing import NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.kinds import Kinds
from llm_gallery.architecture.parts.attention import Positions, rotation, rotation_settings
from llm_gallery.architecture.parts.basic import facts, linear, rms_norm, settings

KINDS: Kinds = {
    "compressed_attention": ("attends",),
    "compressor": ("serves a mixer",),
}
"""What is built here, and its place in a model."""


class Stream(NamedTuple):
    """The entries of groups of `ratio` tokens, which are seen beside the window: all, or `selected` ones."""

    ratio: int | None = None  # None: nothing beyond the window is seen
    selected: int | None = None
    compressor: Block | None = None  # None: an earlier layer's
    indexer: Block | None = None  # None: an earlier layer's, where only some are selected


def compressed_attention(
    name: str,
    *,
    width: int,
    heads: int,
    head_dim: int,
    query_rank: int,
    output_groups: int,
    output_rank: int,
    positions: Positions,
    window: int,
    query_norm: bool = False,
    stream: Stream = Stream(),
) -> Block:
    """Queries from a latent over entries that are key and value in one, one head for all, with a sink a head.

    Beside the last `window` tokens they see those of a compressed `stream`. With `query_norm` each
    head's query is normed without weights. The output leaves through `output_groups` low-rank maps.
    Report: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/DeepSeek_V4.pdf
    """
    own = (Tensor("attn_sink", (int(heads),), role="sinks"),)
    latents = output_groups * output_rank
    inside = (
        linear("wq_a", width, query_rank, role="query_down"),
        rms_norm("q_norm", query_rank, role="query_latent_norm"),
        linear("wq_b", query_rank, heads * head_dim, role="query"),
        linear("wkv", width, head_dim, role="key_value"),
        rms_norm("kv_norm", head_dim, role="key_value_norm"),
        linear("wo_a", heads * head_dim // output_groups, latents, role="output_down"),
        linear("wo_b", latents, width, role="output"),
        *(part for part in (stream.compressor, stream.indexer) if part is not None),
    )
    slots = facts(
        heads=heads,
        head_dim=head_dim,
        query_rank=query_rank,
        output_groups=output_groups,
        output_rank=output_rank,
        position=positions.kind,
        rotated=positions.rotated,
        rope_base=positions.base,
        rope_scaling=positions.scaling,
        rope_factor=positions.factor,
        original_context=positions.original_context,
        window=window,
        query_norm=query_norm or None,
        ratio=stream.ratio,
        selected=stream.selected,
        shared_index=(stream.selected is not None and stream.indexer is None) or None,
        shared_stream=(stream.ratio is not None and stream.compressor is None) or None,
        sinks=True,
    )
    return Block(
        "compressed_attention", name, slots, own, inside, settings=rotation_settings(positions)
    )


def compressor(
    name: str,
    *,
    width: int,
    head_dim: int,
    ratio: int,
    positions: Positions,
    overlapping: bool = False,
    gated: bool = True,
    placed: bool = True,
) -> Block:
    """One entry for each group of `ratio` tokens: their entries, weighted by a softmax of learned gates.

    `overlapping` groups read the group before too, `placed` adds a learned bias for each place in it.
    """
    rows = head_dim * 2 if overlapping else head_dim
    own = (Tensor("ape", (int(ratio), int(rows)), role="places"),) if placed else ()
    inside = (
        linear("wkv", width, rows, role="key_value"),
        *((linear("wgate", width, rows, role="gate"),) if gated else ()),
        rms_norm("norm", head_dim, role="key_value_norm"),
    )
    slots = facts(head_dim=head_dim, ratio=ratio)
    run = settings(
        rotated=positions.rotated, overlapping=overlapping or None, **rotation(positions)
    )
    return Block("compressor", name, slots, own, inside, settings=run)
