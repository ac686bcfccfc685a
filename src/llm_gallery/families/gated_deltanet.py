"""Gated DeltaNet as Flash Linear Attention has it: in all layers but those that attend, every part stored by itself.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/gated_deltanet.py
Paper: https://arxiv.org/abs/2412.06464
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import gated_deltanet as delta
from llm_gallery.architecture.parts.recurrent.gated_deltanet import stored_apart
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Factor, Size, config, multiple, stated
from llm_gallery.families._of_fla import KERNELS, Hybrid, hybrid


@config(
    "gated_deltanet",
    unused=(*KERNELS, "fuse_norm", "max_position_embeddings"),
    classes=("GatedDeltaNetForCausalLM",),
)
class GatedDeltaNet(Hybrid):
    expand_v: Factor = 2.0
    head_dim: Size = 256
    num_heads: Size = 6
    num_v_heads: Size | None = None
    conv_size: Size = 4
    use_gate: Literal[True] = True
    use_short_conv: Literal[True] = True
    allow_neg_eigval: bool = False


def gated_deltanet(c: GatedDeltaNet) -> Block:
    return hybrid(c, lambda: state(c))


def state(c: GatedDeltaNet) -> Block:
    """Heads as wide as stated, whatever the stream's width is."""
    values = derived(c.num_heads * 1, "num_heads") if c.num_v_heads is None else c.num_v_heads
    multiple(values, c.num_heads, ("num_v_heads", "num_heads"))
    wide = c.head_dim * c.expand_v
    if abs(wide - round(wide)) > 1e-5 * wide:
        raise Refusal(
            f"head_dim x expand_v is {wide:g}, expected a whole number; check both values"
        )
    mixer = delta(
        "attn",
        width=c.hidden_size,
        key_heads=c.num_heads,
        value_heads=values,
        key_dim=c.head_dim,
        value_dim=derived(round(wide), "head_dim x expand_v"),
        taps=c.conv_size,
        activation="silu",
        negative_eigenvalues=stated(c, "allow_neg_eigval"),
    )
    return stored_apart(mixer, c.hidden_size, c.conv_size)
