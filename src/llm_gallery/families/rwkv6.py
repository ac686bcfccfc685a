"""RWKV-6: RWKV-5 whose decays, and shares of this token and the last, are the token's own.

Reference: https://huggingface.co/RWKV/v6-Finch-7B-HF/blob/main/modeling_rwkv6.py
Paper: https://arxiv.org/abs/2404.05892
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import linear, shifted_mlp
from llm_gallery.architecture.parts import rwkv6 as time_mixing
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._rwkv6_of_fla import of_fla
from llm_gallery.families.rwkv5 import Rwkv5, decoder, heads_of, projections

OF_KERNELS = (
    "attn_mode", "fuse_cross_entropy", "fuse_linear_cross_entropy", "fuse_norm", "max_position_embeddings",
    "use_l2warp",
)  # fmt: skip
"""Keys that choose how the same numbers are computed, or of layers that attend."""
WIDE = 4096
"""Of a stream so wide ranks are twice as large, as the reference's class has them."""
MIXED = {"alpha": "w", "key": "k", "value": "v", "receptance": "r", "gate": "g"}
"""What two tokens are mixed for, by the letter of the checkpoint."""


@config("rwkv6", unused=OF_KERNELS, classes=("Rwkv6ForCausalLM", "RWKV6ForCausalLM"))
class Rwkv6(Rwkv5):
    """Defaults are those of configuration_rwkv6.py beside the reference, or of the file of that name in the other.

    Flash Linear Attention has a class of the type that stores the same parts otherwise: it states ranks.
    """

    vocab_size: Size
    hidden_size: Size
    num_hidden_layers: Depth
    head_size_divisor: float = 8
    proj_low_rank_dim: Size | None = None
    gate_low_rank_dim: Size = 64
    num_heads: Size = 4
    expand_k: float = 0.5
    expand_v: float = 1
    hidden_ratio: float | None = 3.5
    hidden_act: Literal["sqrelu"] = "sqrelu"
    norm_first: bool = True
    norm_bias: bool = True
    norm_eps: float = 1e-5
    attn: None = None  # layers that attend instead aren't described


def rwkv6(c: Rwkv6) -> Block:
    if c.proj_low_rank_dim is not None:
        return of_fla(c, c.proj_low_rank_dim)
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
    made = linear("", inputs, outputs, role=role, transposed=True)
    return replace(made, tensors=(Tensor(name, (int(inputs), int(outputs)), role="weight"),))


def inner(c: Rwkv6) -> int:
    """As stated, else 3.5 times the width, in whole steps of 32."""
    if c.intermediate_size is not None:
        return c.intermediate_size
    return derived(int(c.hidden_size * 3.5) // 32 * 32, "hidden_size x 3.5, rounded down to 32")
