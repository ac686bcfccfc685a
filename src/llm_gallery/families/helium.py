"""Helium: Llama whose heads must fill the stream's width.

Reference: transformers/models/helium/modular_helium.py
Model: https://huggingface.co/kyutai/helium-1-2b
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.families._config import config, same
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu


@config("helium", computes={"pairs": True})
class Helium(Llama):
    pass


def helium(c: Helium) -> Block:
    inner = derived(c.num_attention_heads * head_dim(c), "num_attention_heads x head_dim")
    same(inner, c.hidden_size, ("num_attention_heads x head_dim", "hidden_size"))
    attention = grouped_query(c, output_bias=False)
    return decoder(c, [pre_norm(c, attention, swiglu(c))] * c.num_hidden_layers)
