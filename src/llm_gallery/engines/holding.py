"""Who holds a tensor when a model is split, by where it stands in the tree.

As vLLM 0.32 divides them: linear maps by columns or rows; what makes latents, indexers, routers and connections whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from llm_gallery.architecture.block import Block, Tensor, children
from llm_gallery.engines.loaded import Share
from llm_gallery.mechanisms.attention_sizes import value_dim
from llm_gallery.mechanisms.moe import least, routed

REPLICATED = frozenset((
    "query_down", "latent_down", "rotated_key", "key_value", "gate_down", "alpha_down", "beta_down",
    "value_share_down", "noise_share", "distance", "delayed_value", "latent_up", "join",
))  # fmt: skip
"""Roles of linear maps that every rank holds whole: to latents that all heads share, or too small to divide."""
ROWS = frozenset(("output", "down"))
"""Roles of linear maps that are divided by what they read: the bias that is added after the sum is whole."""
WHOLE_INSIDE = frozenset(("indexer", "compressor", "connection", "router", "shared_gate"))
"""Kinds of parts that every rank holds whole, with all that is in them."""
ROWS_OF_VOCABULARY = frozenset(("embedding", "head", "per_layer_embedding"))
"""Kinds of tables and heads that are divided by rows of the vocabulary."""
UNDIVIDED_TOWERS = frozenset(("diffusion_gemma", "gemma3n", "gemma4"))
"""Types whose towers vLLM takes from transformers, whole on every rank; others are divided as the language model is."""
DIVIDED_TABLES = frozenset(("lookup_table",))


class Place(NamedTuple):
    """Where a block stands."""

    mixer: Block | None = None  # that it is a part of
    mixture: Block | None = None
    share: Share | None = None  # of all inside it, where that is settled
    within: str = ""  # the kind of the part of WHOLE_INSIDE that it is in
    mlp: Block | None = None
    apart: Block | None = None  # beside the language model
    towers: Share | None = None  # of all in a tower, where that is settled
    copies: int = 1
    used: int = 1
    run: bool = True

    def inside(self, block: Block, part: Block) -> Place:
        """Where a part of a block stands that stands here."""
        at = self
        if part.stands_apart:
            at = at._replace(apart=part, share=self.towers if part.other_modality else None)
        if not part.used:
            at = at._replace(run=False)
        if part.mixes_tokens:
            at = at._replace(mixer=part)
        if part.is_mixture:
            at = at._replace(mixture=part)
        if part.is_mlp:
            at = at._replace(mlp=part)
        if part.kind in WHOLE_INSIDE:
            at = at._replace(share="whole", within=part.kind)
        if block.is_mixture and part.is_mlp:
            at = at._replace(share="experts" if part is routed(block) else "shared")
        if part.copies > 1:
            used = least(block, part) if block.is_mixture else part.used
            at = at._replace(copies=at.copies * part.copies, used=at.used * used)
        return at


def of_text(block: Block, path: str = "") -> Iterator[tuple[str, Block]]:
    """Every block of the language model with its path, in order: what stands apart is left out."""
    yield path or block.name, block
    for below, part in children(path or block.name, block):
        if not part.stands_apart:
            yield from of_text(part, below)


def share(block: Block, tensor: Tensor, at: Place) -> Share:
    """Who holds a tensor of a block."""
    if at.share is not None:
        return at.share
    if block.kind in ROWS_OF_VOCABULARY or block.kind in DIVIDED_TABLES:
        return "divided"
    roles = frozenset(block.roles)
    if block.is_matrix:
        alone = at.mixer is None and at.apart is None and at.mlp is None
        bias_of_sum = len(tensor.shape) == 1 and roles & ROWS
        return "whole" if alone or roles & REPLICATED or bias_of_sum else "divided"
    if block.is_mlp:
        return "divided"
    held = None if block.is_norm else at.mixer  # what else it stores is a head's or a channel's
    return "divided" if held is not None and (block is held or held.recurs) else "whole"


def pairs_rows(block: Block, at: Place) -> int:
    """Rows of a map that make keys and values of heads; 0 where it makes none."""
    held, roles = at.mixer, set(block.roles)
    if held is None or at.apart is not None or not held.keeps_heads or "kv_heads" not in held.facts:
        return 0
    width = held.number("head_dim")
    return held.number("kv_heads") * (
        width * ("key" in roles) + value_dim(held) * ("value" in roles)
    )
