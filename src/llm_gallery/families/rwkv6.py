"""RWKV-6: RWKV-5 whose decays, and shares of this token and the last, are the token's own.

Reference: https://huggingface.co/RWKV/v6-Finch-7B-HF/blob/main/modeling_rwkv6.py
Paper: https://arxiv.org/abs/2404.05892
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import linear, shifted_mlp
from llm_gallery.architecture.parts import rwkv6 as time_mixing
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._rwkv6_of_fla import Rwkv6, of_fla
from llm_gallery.families.rwkv5 import decoder, heads_of, projections

WIDE = 4096
"""Of a stream so wide ranks are twice as large, as the reference's class has them."""
MIXED = {"alpha": "w", "key": "k", "value": "v", "receptance": "r", "gate": "g"}
"""What two tokens are mixed for, by the letter of the checkpoint."""


def rwkv6(c: Rwkv6) -> Block:
    if c.proj_low_rank_dim is not None:
        return of_fla(c, c.proj_low_rank_dim)
    if c.attn is not None:
        raise Refusal(
            "attn is stated without proj_low_rank_dim, expected both or neither: only Flash Linear Attention's class has layers that attend"
        )
    channels = shifted_mlp(
        "feed_forward",
        width=c.hidden_size,
        inner=inner(c),
        activation="relu2",
        shares=[mix(c, "k", "key_mix"), mix(c, "r", "receptance_mix")],
        names=("key", "value", "receptance"),
    )
    return decoder(c, memory(c), channels, pre_eps=None)


def memory(c: Rwkv6) -> Block:
    width, heads, size = c.hidden_size, heads_of(c), c.head_size
    twice = 1 + (width == WIDE)
    mix_rank = derived(32 * twice, "32, or 64 where hidden_size is 4096")
    decay_rank = derived(64 * twice, "64, or 128 where hidden_size is 4096")
    tensors = (
        mix(c, "x", "mix"),
        *(mix(c, letter, f"{role}_mix") for role, letter in MIXED.items()),
        Tensor("time_maa_w2", (len(MIXED), int(mix_rank), int(width)), role="mix_up"),
        Tensor("time_decay", (1, 1, int(width)), role="decay"),
        Tensor("time_faaaa", (int(heads), int(size)), role="first"),
    )
    return time_mixing(
        "attention",
        bare("time_maa_w1", width, len(MIXED) * mix_rank, "mix_down"),
        bare("time_decay_w1", width, decay_rank, "alpha_down"),
        bare("time_decay_w2", decay_rank, width, "alpha"),
        *projections(c, 1e-5 * c.head_size_divisor**2),
        width=width,
        heads=heads,
        key_dim=size,
        value_dim=size,
        tensors=tensors,
        decay_rank=decay_rank,
        mix_rank=mix_rank,
    )


def mix(c: Rwkv6, letter: str, role: str) -> Tensor:
    """How much of the last token is read, channel by channel."""
    return Tensor(f"time_maa_{letter}", (1, 1, int(c.hidden_size)), role=role)


def bare(name: str, inputs: int, outputs: int, role: str) -> Block:
    """A matrix under a name of its own, stored as (inputs, outputs)."""
    projection = linear("", inputs, outputs, role=role, transposed=True)
    return replace(projection, tensors=(Tensor(name, (int(inputs), int(outputs)), role="weight"),))


def inner(c: Rwkv6) -> int:
    """As stated, else 3.5 times the width, in whole steps of 32."""
    if c.intermediate_size is not None:
        return c.intermediate_size
    return derived(int(c.hidden_size * 3.5) // 32 * 32, "hidden_size x 3.5, rounded down to 32")
