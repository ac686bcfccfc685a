"""GLM-4 (9B, 2024): Llama with biased q, k and v, half of each head rotated, and a fused MLP.

Reference: transformers/models/glm/modular_glm.py
Paper: https://arxiv.org/abs/2406.12793
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm
from llm_gallery.families.phi3 import fused_mlp


@config("glm", computes={"pairs": True})
class Glm(Llama):
    pass


def glm(c: Glm) -> Block:
    decoder_layer = pre_norm(c, grouped_query(c, output_bias=False), fused_mlp(c))
    return decoder(c, [decoder_layer] * c.num_hidden_layers)
