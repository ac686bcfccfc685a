"""OLMo: Llama whose norms are LayerNorms that learn nothing.

Reference: transformers/models/olmo/modular_olmo.py
Paper: https://arxiv.org/abs/2402.00838
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Scaling, layer, layer_norm, residual
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, swiglu


@config("olmo", computes={"eps": 1e-5})
class Olmo(Llama):
    clip_qkv: float | None


def olmo(c: Olmo) -> Block:
    decoder_layer = layer(
        residual(norm(c, "input_layernorm"), grouped_query(c, scaling=Scaling(clip=c.clip_qkv))),
        residual(norm(c, "post_attention_layernorm"), swiglu(c)),
    )
    return decoder(c, [decoder_layer] * c.num_hidden_layers, after=(norm(c, "norm"),))


def norm(c: Olmo, name: str) -> Block:
    return layer_norm(name, c.hidden_size, learned=False)
