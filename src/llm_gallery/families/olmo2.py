"""OLMo 2: Llama's parts, each norm moved after its sublayer, and q and k normed over all heads.

Reference: transformers/models/olmo2/modular_olmo2.py
Paper: https://arxiv.org/abs/2501.00656
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer, residual
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm, swiglu


@config("olmo2")
class Olmo2(Llama):
    pass


def olmo2(c: Olmo2) -> Block:
    decoder_layer = post_norm(c, grouped_query(c, qk_norm="all heads"))
    return decoder(c, [decoder_layer] * c.num_hidden_layers)


def post_norm(c: Llama, attention: Block, channels: Block | None = None) -> Block:
    """Norms on what the sublayers give back, none on what they read."""
    return layer(
        residual(attention, norm(c, "post_attention_layernorm")),
        residual(channels or swiglu(c), norm(c, "post_feedforward_layernorm")),
    )
