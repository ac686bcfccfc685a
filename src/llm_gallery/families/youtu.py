"""Youtu-LLM: DeepSeek V3's latent attention with a dense MLP in every layer.

Reference: transformers/models/youtu/modular_youtu.py
Paper: https://arxiv.org/abs/2512.24618
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.deepseek_v3 import Latent, decoder_layer
from llm_gallery.families.llama import decoder, swiglu


@config("youtu", unused=("qk_head_dim", "rope_interleave", "embedding_initializer_range"))
class Youtu(Latent):
    pass


def youtu(c: Youtu) -> Block:
    return decoder(c, [decoder_layer(c, swiglu(c))] * c.num_hidden_layers)
