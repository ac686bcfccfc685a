"""Kimi Delta Attention as Flash Linear Attention has it: in all layers but those that attend, before a gated MLP.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/kda.py
Paper: https://arxiv.org/abs/2510.26692
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import kimi_delta_attention, linear
from llm_gallery.families._config import Size, config, stated
from llm_gallery.families._of_fla import KERNELS, Hybrid, hybrid

STORED_AS = {"alpha_down": "f_proj.0", "alpha": "f_proj.1", "gate_down": "g_proj.0"}
"""Names of the matrices that the reference's own class calls otherwise, by what they do."""


@config(
    "kda",
    unused=(*KERNELS, "fuse_norm", "max_position_embeddings", "safe_gate"),
    classes=("KDAForCausalLM",),
)
class Kda(Hybrid):
    """`safe_gate` chooses a kernel that a `lower_bound` allows."""

    expand_v: Literal[1] = 1
    head_dim: Size = 128
    num_heads: Size = 16
    num_v_heads: None = None
    conv_size: Size = 4
    use_short_conv: Literal[True] = True
    allow_neg_eigval: bool = False
    lower_bound: float | None = None


def kda(c: Kda) -> Block:
    return hybrid(c, lambda: state(c))


def state(c: Kda) -> Block:
    """Heads as wide as stated; decay and gate pass through the size of one, and the gate adds a vector."""
    inner = c.num_heads * c.head_dim
    mixer = kimi_delta_attention(
        "attn",
        width=c.hidden_size,
        heads=c.num_heads,
        head_dim=c.head_dim,
        taps=c.conv_size,
        activation="silu",
        decay_rank=derived(c.head_dim * 1, "head_dim"),
        gate_rank=derived(c.head_dim * 1, "head_dim"),
        decay_shape=(int(c.num_heads),),
        decay_floor=c.lower_bound,
        negative_eigenvalues=stated(c, "allow_neg_eigval"),
    )
    gate = linear("g_proj.1", c.head_dim, inner, role="gate", bias=True)
    inside = (
        gate
        if part.roles == ("gate",)
        else replace(part, name=STORED_AS.get(" ".join(part.roles), part.name))
        for part in mixer.inside
    )
    return replace(mixer, inside=tuple(inside))
