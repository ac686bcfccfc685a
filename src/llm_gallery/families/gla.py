"""Gated linear attention: states whose rows fade as each token says, in all layers but those that attend.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/gla.py, and fla/models/gla
Paper: https://arxiv.org/abs/2312.06635
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import gated_linear_attention, rms_norm
from llm_gallery.families._config import Factor, Size, config, multiple
from llm_gallery.families._of_fla import (
    KERNELS,
    Attending,
    OfFla,
    attending,
    decoder,
    share,
    who_attends,
)

FEATURE_MAPS = {"sqrelu": "relu2", "swish": "silu", "gelu": "gelu_pytorch_tanh"}
"""Names of the reference's own, whose GELU is that of a hyperbolic tangent."""
DECAY_RANK = 16
"""Through which a token sets its decays: the layer has a key for it, the model has none."""


@config(
    "gla",
    unused=(*KERNELS, "max_position_embeddings", "use_gk", "use_gv"),
    classes=("GLAForCausalLM",),
)
class Gla(OfFla):
    hidden_act: Literal["swish"] = "swish"
    expand_k: Factor = 0.5
    expand_v: Factor = 1.0
    num_heads: Size = 4
    num_kv_heads: Size | None = None
    feature_map: Literal["relu", "sqrelu", "silu", "swish", "sigmoid", "gelu"] | None = None
    use_short_conv: bool = False
    conv_size: Size = 4
    use_output_gate: bool = True
    clamp_min: float | None = None
    elementwise_affine: bool | None = True
    fuse_norm: bool = True
    attn: Attending | None = None


def gla(c: Gla) -> Block:
    def mixer(attends: bool) -> Block:
        return (
            attending(c.hidden_size, c.attn)
            if attends and c.attn is not None
            else linear_attention(c)
        )

    return decoder(c, who_attends(c.attn, c.num_hidden_layers), mixer)


def linear_attention(c: Gla) -> Block:
    heads, keys = c.num_heads, c.num_kv_heads
    keys = derived(heads * 1, "num_heads") if keys is None else keys
    multiple(heads, keys, ("num_heads", "num_kv_heads"))
    width, passed = c.hidden_size, c.feature_map
    value_dim = share(width, heads, c.expand_v, "expand_v")
    fused = c.fuse_norm and c.use_output_gate
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
        output_norm=rms_norm(
            "g_norm_swish_gate" if fused else "g_norm",
            value_dim,
            role="output_norm",
            learned=bool(c.elementwise_affine),
        ),
    )
