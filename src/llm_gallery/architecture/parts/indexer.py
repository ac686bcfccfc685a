"""Indexers: what chooses the tokens that an attention reads, or blocks of them.

Paper: https://arxiv.org/abs/2512.02556
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.kinds import Kinds
from llm_gallery.architecture.parts.attention import Positions, rotation
from llm_gallery.architecture.parts.basic import facts, layer_norm, linear, settings
from llm_gallery.architecture.parts.latent_attention import LATENT_EPS

KINDS: Kinds = {
    "indexer": ("serves a mixer",),
    "pool_positions": ("serves a mixer",),
}
"""What is built here, and its place in a model."""


def indexer(
    name: str,
    *,
    width: int,
    query_rank: int,
    heads: int,
    head_dim: int,
    positions: Positions,
    eps: float | None = LATENT_EPS,
    rotated_last: bool = False,
    norm: Block | None = None,
    key_norm: Block | None = None,
    always: tuple[int, int] = (0, 0),
) -> Block:
    """A cheap score of every earlier token: sum over heads of w ReLU(q kT), with one cached key for all heads.

    Queries come from the attention's query latent, or from the stream through a `norm` of that role;
    the first channels of a head are rotated, or the last. Keys have LayerNorm, or a `key_norm`. Among
    the chosen tokens are `always` so many first and so many last ones, whatever their score.
    Papers: https://arxiv.org/abs/2512.02556, https://arxiv.org/abs/2608.01662 (first and last)
    """
    inside = (
        *(() if norm is None else (norm,)),
        linear("wq_b", query_rank, heads * head_dim, role="query"),
        linear("wk", width, head_dim, role="key"),
        key_norm or layer_norm("k_norm", head_dim, role="key_norm", eps=eps),
        linear("weights_proj", width, heads, role="head_weight"),
    )
    slots = facts(
        heads=heads,
        head_dim=head_dim,
        rotated=positions.rotated,
        always_first=always[0] or None,
        always_last=always[1] or None,
    )
    own = settings(rotated_last=rotated_last or None, **rotation(positions))
    return Block("indexer", name, slots, (), inside, settings=own)


def indexer_over_blocks(
    name: str,
    *parts: Block,
    heads: int,
    head_dim: int,
    positions: Positions,
    rotated_last: bool = False,
    block_size: int | None = None,
    pooled: int | None = None,
    kept: int | None = None,
) -> Block:
    """An indexer that chooses blocks of neighbouring tokens, of which `parts` are the projections and norms.

    A block is as good as its best token of `block_size`, or its tokens' keys are `pooled` into one
    before they are scored. `kept` is what the reference caches of a token, where it isn't one key.
    """
    slots = facts(
        heads=heads,
        head_dim=head_dim,
        rotated=positions.rotated,
        block_size=block_size,
        pooled=pooled,
        kept=kept,
    )
    own = settings(rotated_last=rotated_last or None, **rotation(positions))
    return Block("indexer", name, slots, (), parts, settings=own)
