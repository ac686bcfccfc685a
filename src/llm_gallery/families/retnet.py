"""RetNet as Flash Linear Attention has it: retention in all layers but those that attend, and a gated MLP.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/multiscale_retention.py
Paper: https://arxiv.org/abs/2307.08621
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import retention, rms_norm
from llm_gallery.families._config import Factor, Size, at_most, config, multiple
from llm_gallery.families._of_fla import (
    KERNELS,
    Attending,
    OfFla,
    attending,
    decoder,
    share,
    who_attends,
)

BASE = 10000.0
"""Of the rotation: the layer takes its module's own, and the model has no key for it."""
BROADEST = 256
"""A head's keys, beyond which the layer refuses."""


@config(
    "retnet",
    unused=(*KERNELS, "conv_size", "max_position_embeddings", "use_short_conv"),
    classes=("RetNetForCausalLM",),
)
class RetNet(OfFla):
    """Convolutions are there in no model, whatever `use_short_conv` says: its layers aren't told."""

    hidden_act: Literal["swish"] = "swish"
    hidden_ratio: Factor | None = 2
    expand_k: Factor = 1.0
    expand_v: Factor = 2.0
    num_heads: Size = 8
    num_kv_heads: Size | None = None
    feature_map: None = None
    use_output_gate: bool = True
    elementwise_affine: bool | None = True
    fuse_norm: bool = True
    attn: Attending | None = None


def retnet(c: RetNet) -> Block:
    def mixer(attends: bool) -> Block:
        if attends and c.attn is not None:
            return attending(c.hidden_size, c.attn)
        return state(c)

    return decoder(c, who_attends(c.attn, c.num_hidden_layers), mixer)


def state(c: RetNet) -> Block:
    heads, keys = c.num_heads, c.num_kv_heads
    keys = derived(heads * 1, "num_heads") if keys is None else keys
    multiple(heads, keys, ("num_heads", "num_kv_heads"))
    key_dim = share(c.hidden_size, heads, c.expand_k, "expand_k")
    value_dim = share(c.hidden_size, heads, c.expand_v, "expand_v")
    at_most(key_dim, BROADEST, ("hidden_size x expand_k / num_heads", "what the layer takes"))
    multiple(key_dim, 2, ("hidden_size x expand_k / num_heads", "the channels of a turn"))
    fused = c.fuse_norm and c.use_output_gate
    return retention(
        "attn",
        width=c.hidden_size,
        heads=heads,
        kv_heads=keys,
        key_dim=key_dim,
        value_dim=value_dim,
        rope_base=BASE,
        gated=c.use_output_gate,
        output_norm=rms_norm(
            "g_norm_swish_gate" if fused else "g_norm",
            value_dim,
            role="output_norm",
            learned=bool(c.elementwise_affine),
        ),
    )
