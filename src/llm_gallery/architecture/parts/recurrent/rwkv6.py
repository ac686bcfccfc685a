"""The time mixing of RWKV-5 and RWKV-6."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts.basic import facts


def rwkv6(
    name: str,
    *inside: Block,
    width: int,
    heads: int,
    key_dim: int,
    value_dim: int,
    tensors: Sequence[Tensor],
    decay_rank: int | None = None,
    mix_rank: int | None = None,
) -> Block:
    """A matrix a head: o = (S + k u vT)T r, then S <- diag(w) S + k vT; o is normed by head and gated by SiLU.

    The decay w is learned for each channel (RWKV-5), or made of the token through `decay_rank`, as the
    shares of two tokens that each projection reads are through `mix_rank` (RWKV-6). Paper: https://arxiv.org/abs/2404.05892
    """
    slots = facts(
        heads=heads,
        key_dim=key_dim,
        value_dim=value_dim,
        width=width,
        decay_rank=decay_rank,
        mix_rank=mix_rank,
        state_dtype="float32",
    )
    return Block("rwkv6", name, slots, tuple(tensors), inside)
