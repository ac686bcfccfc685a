"""BitNet b1.58: Llama with a norm before each output matrix, trained so that every matrix holds -1, 0 and 1.

Reference: transformers/models/bitnet/modular_bitnet.py
Paper: https://arxiv.org/abs/2504.12285
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import facts, rms_norm, with_settings
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("bitnet")
class Bitnet(Llama):
    pass


def bitnet(c: Bitnet) -> Block:
    attention = normed(
        grouped_query(c),
        "output_norm",
        rms_norm("attn_sub_norm", c.hidden_size, role="output_norm"),
    )
    attention = with_settings(attention, all_heads_normed=True)
    mlp = normed(
        swiglu(c), "inner_norm", rms_norm("ffn_sub_norm", c.intermediate_size, role="inner_norm")
    )
    return decoder(c, [pre_norm(c, attention, mlp)] * c.num_hidden_layers)


def normed(part: Block, fact: str, norm: Block) -> Block:
    """The same part with a norm on what its last matrix reads, and a fact that says so."""
    *first, last = part.inside
    stated = {**part.facts, **facts(**{fact: True})}
    return replace(part, facts=stated, inside=(*first, norm, last))
