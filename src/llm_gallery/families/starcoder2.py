"""StarCoder 2: Mistral with LayerNorm, biases everywhere, and a plain GELU MLP.

Reference: transformers/models/starcoder2/modular_starcoder2.py
Paper: https://arxiv.org/abs/2402.19173
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer, layer_norm, plain_mlp, residual
from llm_gallery.families._config import Length, config, stated
from llm_gallery.families.llama import Llama, decoder, grouped_query

OF_STARCODER = (
    "activation_function", "attention_softmax_in_fp32", "scale_attention_softmax_in_fp32",
    "scale_attn_weights",
)  # fmt: skip
"""Keys that are left from the first StarCoder: the class reads none of them."""


@config("starcoder2", unused=OF_STARCODER)
class Starcoder2(Llama):
    mlp_type: Literal["default"] = "default"
    norm_type: Literal["layer_norm"] = "layer_norm"
    sliding_window: Length | None
    use_bias: bool


def starcoder2(c: Starcoder2) -> Block:
    width = c.hidden_size
    attention = grouped_query(c, window=c.sliding_window, bias=stated(c, "use_bias"))
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("c_fc", "c_proj"),
        bias=c.use_bias,
    )
    decoder_layer = layer(
        residual(layer_norm("input_layernorm", width), attention),
        residual(layer_norm("post_attention_layernorm", width), mlp),
    )
    return decoder(c, [decoder_layer] * c.num_hidden_layers, after=(layer_norm("norm", width),))
