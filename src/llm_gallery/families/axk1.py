"""A.X K1: DeepSeek V3 with a norm on what the experts give back.

A saved file has the routers' biases, which the release lacks and the reference begins at 0. Its context is 131,072
by its card, 32,768 by transformers.

Reference: transformers/models/axk1/modular_axk1.py
Model: https://huggingface.co/skt/A.X-K1
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer, residual
from llm_gallery.families._config import Count, Few, Size, config
from llm_gallery.families._layers import each, typed
from llm_gallery.families.deepseek_v3 import AnyDeepseekV3, decoder_layer, latent, moe
from llm_gallery.families.llama import decoder, norm, swiglu


@config("axk1", unused=("num_nextn_predict_layers",))  # the reference has no such modules
class AXK1(AnyDeepseekV3):
    q_lora_rank: Size
    num_nextn_predict_layers: Few | None = None
    first_k_dense_replace: Count = 1  # these two as the class falls back
    moe_layer_freq: Size = 1
    rope_interleave: bool | None
    mlp_layer_types: tuple[str, ...] | None


def axk1(c: AXK1) -> Block:
    count, first, step = c.num_hidden_layers, c.first_k_dense_replace, c.moe_layer_freq
    default = ["sparse" if i >= first and i % step == 0 else "dense" for i in range(count)]
    kinds = ("dense", "sparse")
    types = typed(c.mlp_layer_types, count, default, kinds, "mlp_layer_types")
    return decoder(
        c, each(types, lambda kind: sparse(c) if kind == "sparse" else decoder_layer(c, swiglu(c)))
    )


def sparse(c: AXK1) -> Block:
    """What experts and shared expert give is normed before it is added."""
    return layer(
        residual(norm(c, "input_layernorm"), latent(c)),
        residual(norm(c, "post_attention_layernorm"), moe(c), norm(c, "post_mlp_layernorm")),
    )
