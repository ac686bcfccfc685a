"""AFM: Llama with a plain MLP whose activation is the square of ReLU.

Reference: transformers/models/arcee/modular_arcee.py
Model: https://huggingface.co/arcee-ai/AFM-4.5B
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, ungated_mlp


@config("arcee")
class Arcee(Llama):
    pass


def arcee(c: Arcee) -> Block:
    return decoder(c, [pre_norm(c, grouped_query(c), ungated_mlp(c))] * c.num_hidden_layers)
