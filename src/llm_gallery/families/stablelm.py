"""StableLM: Llama with LayerNorm and a quarter of each head rotated; larger ones in parallel, with normed heads.

Reference: transformers/models/stablelm/modeling_stablelm.py
Paper: https://arxiv.org/abs/2402.17834
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import added, experts, group, layer, layer_norm, residual
from llm_gallery.families._config import config, stated
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    head_dim,
    kv,
    swiglu,
    switched_norm,
)


@config("stablelm", unused=("head_dim",), classes=("StableLMEpochForCausalLM",))
class StableLm(Llama):
    partial_rotary_factor: float
    use_qkv_bias: bool
    qk_layernorm: bool
    use_parallel_residual: bool


def stablelm(c: StableLm) -> Block:
    width = c.hidden_size
    first = layer_norm("input_layernorm", width)
    if c.use_parallel_residual:
        decoder_layer = layer(residual(first, added(attention(c), swiglu(c))))
    else:
        second = layer_norm("post_attention_layernorm", width)
        decoder_layer = layer(residual(first, attention(c)), residual(second, swiglu(c)))
    return decoder(c, [decoder_layer] * c.num_hidden_layers, after=(layer_norm("norm", width),))


def head_norms(name: str, heads: int, dim: int, role: str) -> Block:
    each = experts(layer_norm("norms", dim, bias=False), stored=heads, used=heads)
    return replace(group(name, each), roles=(role,))


def attention(c: StableLm) -> Block:
    norms = [
        head_norms("q_layernorm", c.num_attention_heads, head_dim(c), "query_norm"),
        head_norms("k_layernorm", kv(c), head_dim(c), "key_norm"),
    ]
    return grouped_query(
        c,
        bias=stated(c, "use_qkv_bias"),
        output_bias=False,
        qk_norm=switched_norm(c, "qk_layernorm", "each head its own"),
        norms=norms,
    )
