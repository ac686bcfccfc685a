"""EXAONE 3: Llama under GPT-2's names.

Reference: transformers/models/exaone/modular_exaone.py
Paper: https://arxiv.org/abs/2412.04862
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Names, group, renamed
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu

NAMES = {
    "layers": "h", "norm": "ln_f", "input_layernorm": "ln_1", "post_attention_layernorm": "ln_2",
    "self_attn": "attention", "o_proj": "out_proj",
    "gate_proj": "c_fc_0", "up_proj": "c_fc_1", "down_proj": "c_proj",
}  # fmt: skip
"""The checkpoint's names for Llama's."""


@config("exaone")
class Exaone(Llama):
    pass


def exaone(c: Exaone) -> Block:
    attention = group("attn", grouped_query(c))
    layers = [pre_norm(c, attention, swiglu(c))] * c.num_hidden_layers
    return renamed(decoder(c, layers, Names("transformer", "wte")), NAMES)
