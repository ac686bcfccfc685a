"""FlexOlmo: OLMo 2 with OLMoE's experts in place of the MLP.

Reference: transformers/models/flex_olmo/modular_flex_olmo.py
Paper: https://arxiv.org/abs/2507.07024
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.llama import decoder, grouped_query
from llm_gallery.families.olmo2 import post_norm
from llm_gallery.families.olmoe import RoutedMlps, moe


@config("flex_olmo")
class FlexOlmo(RoutedMlps):
    pass


def flex_olmo(c: FlexOlmo) -> Block:
    decoder_layer = post_norm(c, grouped_query(c, qk_norm="all heads"), moe(c))
    return decoder(c, [decoder_layer] * c.num_hidden_layers)
