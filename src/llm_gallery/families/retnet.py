"""RetNet as Flash Linear Attention has it: retention in all layers but those that attend, and a gated MLP.

RetNet's layers aren't told of convolutions, and its rotation has the module's own base.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/multiscale_retention.py
Paper: https://arxiv.org/abs/2307.08621
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import retention
from llm_gallery.families._config import Factor, Size, at_most, config, multiple
from llm_gallery.families._of_fla import KERNELS, Shared, head_norm, hybrid, share, shared_keys

BASE = 10000.0
"""Of the rotation: the layer takes its module's own, and the model has no key for it."""
BROADEST = 256
"""A head's keys, beyond which the layer refuses."""


@config(
    "retnet",
    unused=(*KERNELS, "conv_size", "max_position_embeddings", "use_short_conv"),
    classes=("RetNetForCausalLM",),
)
class RetNet(Shared):
    """Convolutions are there in no model, whatever `use_short_conv` says: its layers aren't told."""

    hidden_ratio: Factor | None = 2
    expand_k: Factor = 1.0
    expand_v: Factor = 2.0
    num_heads: Size = 8
    feature_map: None = None


def retnet(c: RetNet) -> Block:
    return hybrid(c, lambda: state(c))


def state(c: RetNet) -> Block:
    heads, keys = c.num_heads, shared_keys(c)
    key_dim = share(c.hidden_size, heads, c.expand_k, "expand_k")
    value_dim = share(c.hidden_size, heads, c.expand_v, "expand_v")
    at_most(key_dim, BROADEST, ("hidden_size x expand_k / num_heads", "what the layer takes"))
    multiple(key_dim, 2, ("hidden_size x expand_k / num_heads", "the channels of a turn"))
    return retention(
        "attn",
        width=c.hidden_size,
        heads=heads,
        kv_heads=keys,
        key_dim=key_dim,
        value_dim=value_dim,
        rope_base=BASE,
        gated=c.use_output_gate,
        output_norm=head_norm(c, value_dim),
    )
