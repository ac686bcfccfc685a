"""Solar Open: GLM-4.5's experts in every layer, on Llama's attention.

Reference: transformers/models/solar_open/modular_solar_open.py
Paper: https://arxiv.org/abs/2601.07022
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Count, Few, config
from llm_gallery.families.deepseek_v3 import GroupedExperts, moe
from llm_gallery.families.llama import decoder, grouped_query, pre_norm


@config("solar_open")
class SolarOpen(GroupedExperts):
    intermediate_size: Count = 0  # stored and never read: no layer is dense
    first_k_dense_replace: Count = 0
    num_nextn_predict_layers: Few | None = 0


def solar_open(c: SolarOpen) -> Block:
    decoder_layer = pre_norm(c, grouped_query(c, output_bias=False), moe(c))
    return decoder(c, [decoder_layer] * c.num_hidden_layers)
