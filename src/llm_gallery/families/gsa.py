"""Gated slot attention as Flash Linear Attention has it: in all layers but those that attend, and a gated MLP.

A learned feature map, and values of another width, are refused.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/gsa.py, and fla/models/gsa
Paper: https://arxiv.org/abs/2409.07146
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import gated_slot_attention
from llm_gallery.families._config import Factor, Size, config
from llm_gallery.families._of_fla import KERNELS, Shared, hybrid, share, shared_keys

NORM_EPS = 1e-5
"""Of what heads read together: the layer leaves it to its kernel, whatever the model's own is."""
FEATURE_MAPS = {"swish": "silu", "relu": "relu"}


@config(
    "gsa",
    unused=(
        *KERNELS, "clamp_max", "clamp_min", "fuse_norm", "max_position_embeddings", "share_conv_kernel", "use_norm",
        "use_output_gate", "use_rope",
    ),
    classes=("GSAForCausalLM",),
)  # fmt: skip
class Gsa(Shared):
    """Neither the gate nor bounds of the decay are in any model: its layer passes over both."""

    num_heads: Size = 4
    expand_k: Factor = 1
    expand_v: Literal[1] = 1  # the norm of what is read is as wide as the stream
    num_slots: Size | None = 64
    gate_logit_normalizer: Size = 8
    feature_map: Literal["swish", "relu"] = "swish"
    use_short_conv: bool = False
    conv_size: Size = 4


def gsa(c: Gsa) -> Block:
    return hybrid(c, lambda: slots(c))


def slots(c: Gsa) -> Block:
    key_dim = share(c.hidden_size, c.num_heads, c.expand_k, "expand_k")
    return gated_slot_attention(
        "attn",
        width=c.hidden_size,
        heads=c.num_heads,
        kv_heads=shared_keys(c),
        key_dim=key_dim,
        value_dim=share(c.hidden_size, c.num_heads, c.expand_v, "expand_v"),
        slots=derived(key_dim * 1, "the size of a key") if c.num_slots is None else c.num_slots,
        decay_divisor=c.gate_logit_normalizer,
        feature_map=FEATURE_MAPS[c.feature_map],
        taps=c.conv_size if c.use_short_conv else None,
        learned=bool(c.elementwise_affine),
        norm_eps=NORM_EPS,
    )
