"""Flash Linear Attention's transformer, which its linear models are measured against: Llama, sized by ratios.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/transformer/modeling_transformer.py
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Length, Size, config
from llm_gallery.families._of_fla import KERNELS, OfFla, decoder, heads_over


@config(
    "transformer",
    unused=(*KERNELS, "attention_bias", "elementwise_affine", "fuse_norm"),
    classes=("TransformerForCausalLM",),
)
class Transformer(OfFla):
    """Queries, keys and values have biases by `qkv_bias` alone, whatever `attention_bias` of older files says."""

    hidden_act: Literal["swish"] = "swish"
    num_heads: Size = 32
    num_kv_heads: Size | None = None
    qkv_bias: bool = False
    qk_norm: bool = False
    window_size: Length | None = None
    rope_theta: float = 10000.0
    max_position_embeddings: Length = 2048


def transformer(c: Transformer) -> Block:
    block = heads_over(
        c.hidden_size,
        (c.num_heads, c.num_kv_heads),
        bias=c.qkv_bias,
        window=c.window_size,
        base=c.rope_theta,
        normed=c.qk_norm,
    )
    attends = [True] * c.num_hidden_layers
    return decoder(c, attends, lambda _: block, context=c.max_position_embeddings)
