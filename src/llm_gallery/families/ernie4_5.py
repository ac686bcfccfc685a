"""ERNIE 4.5, dense: Llama, with biases everywhere where the config asks for them.

Reference: transformers/models/ernie4_5/modular_ernie4_5.py
Report: https://ernie.baidu.com/blog/publication/ERNIE_Technical_Report.pdf
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config, stated
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("ernie4_5", computes={"pairs": True})
class Ernie45(Llama):
    use_bias: bool


def ernie4_5(c: Ernie45) -> Block:
    decoder_layer = pre_norm(
        c, grouped_query(c, bias=stated(c, "use_bias")), swiglu(c, bias=c.use_bias)
    )
    return decoder(c, [decoder_layer] * c.num_hidden_layers)
