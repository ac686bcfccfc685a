"""GLM-4 (0414): norms before and after each sublayer, biased q, k and v, half of each head rotated, a fused MLP.

Reference: transformers/models/glm4/modular_glm4.py
Paper: https://arxiv.org/abs/2406.12793
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer, residual
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm
from llm_gallery.families.phi3 import fused_mlp


@config("glm4", computes={"pairs": True})
class Glm4(Llama):
    pass


def glm4(c: Glm4) -> Block:
    attention = grouped_query(c, output_bias=False)
    decoder_layer = layer(
        residual(norm(c, "input_layernorm"), attention, norm(c, "post_self_attn_layernorm")),
        residual(norm(c, "post_attention_layernorm"), fused_mlp(c), norm(c, "post_mlp_layernorm")),
    )
    return decoder(c, [decoder_layer] * c.num_hidden_layers)
