"""Gated linear attention: states whose rows fade as each token says, in all layers but those that attend.

The decay's logarithm is divided by 16 and made through a rank of 16: arguments of the layer that no model sets.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/gla.py, and fla/models/gla
Paper: https://arxiv.org/abs/2312.06635
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import gated_linear_attention
from llm_gallery.families._config import Factor, Size, config
from llm_gallery.families._of_fla import KERNELS, Shared, head_norm, hybrid, share, shared_keys

FEATURE_MAPS = {"sqrelu": "relu2", "swish": "silu", "gelu": "gelu_pytorch_tanh"}
"""Names of the reference's own, whose GELU is that of a hyperbolic tangent."""
DECAY_RANK = 16
"""Through which a token sets its decays: the layer has a key for it, the model has none."""


@config(
    "gla",
    unused=(*KERNELS, "max_position_embeddings", "use_gk", "use_gv"),
    classes=("GLAForCausalLM",),
)
class Gla(Shared):
    expand_k: Factor = 0.5
    expand_v: Factor = 1.0
    num_heads: Size = 4
    feature_map: Literal["relu", "sqrelu", "silu", "swish", "sigmoid", "gelu"] | None = None
    use_short_conv: bool = False
    conv_size: Size = 4
    clamp_min: float | None = None


def gla(c: Gla) -> Block:
    return hybrid(c, lambda: linear_attention(c))


def linear_attention(c: Gla) -> Block:
    heads, keys = c.num_heads, shared_keys(c)
    width, passed = c.hidden_size, c.feature_map
    value_dim = share(width, heads, c.expand_v, "expand_v")
    return gated_linear_attention(
        "attn",
        width=width,
        heads=heads,
        kv_heads=keys,
        key_dim=share(width, heads, c.expand_k, "expand_k"),
        value_dim=value_dim,
        decay_rank=DECAY_RANK,
        decay_floor=c.clamp_min,
        taps=c.conv_size if c.use_short_conv else None,
        feature_map=None if passed is None else FEATURE_MAPS.get(passed, passed),
        gated=c.use_output_gate,
        output_norm=head_norm(c, value_dim),
    )
