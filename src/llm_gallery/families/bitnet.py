"""BitNet b1.58: Llama with a norm before each output matrix, trained so that every matrix holds -1, 0 and 1.

Reference: transformers/models/bitnet/modular_bitnet.py
Paper: https://arxiv.org/abs/2504.12285
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import rms_norm
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("bitnet")
class Bitnet(Llama):
    pass


def bitnet(c: Bitnet) -> Block:
    attention = normed(grouped_query(c), rms_norm("attn_sub_norm", c.hidden_size))
    mlp = normed(swiglu(c), rms_norm("ffn_sub_norm", c.intermediate_size))
    return decoder(c, [pre_norm(c, attention, mlp)] * c.num_hidden_layers)


def normed(part: Block, norm: Block) -> Block:
    """The same part with a norm on what its last matrix reads."""
    *first, last = part.inside
    return replace(part, inside=(*first, norm, last))
