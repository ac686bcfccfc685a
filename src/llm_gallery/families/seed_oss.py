"""Seed-OSS: Llama with biases on q, k and v, and heads of a size of their own.

Reference: transformers/models/seed_oss/modular_seed_oss.py
Model: https://huggingface.co/ByteDance-Seed/Seed-OSS-36B-Base
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config, stated
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("seed_oss")
class SeedOss(Llama):
    attention_out_bias: bool


def seed_oss(c: SeedOss) -> Block:
    decoder_layer = pre_norm(
        c, grouped_query(c, output_bias=stated(c, "attention_out_bias")), swiglu(c)
    )
    return decoder(c, [decoder_layer] * c.num_hidden_layers)
