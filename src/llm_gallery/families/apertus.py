"""Apertus: Llama with normed heads and a plain MLP whose activation, xIELU, has two learned slopes a layer.

Reference: transformers/models/apertus/modular_apertus.py
Paper: https://arxiv.org/abs/2509.14233, https://arxiv.org/abs/2411.13010 (xIELU)
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import facts, layer, plain_mlp, residual
from llm_gallery.families._config import config
from llm_gallery.families._saved import Saved
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm

CONSTANTS = Saved(recomputed=r"act_fn\.(beta|eps)$")
"""xIELU's two constants are buffers that the class saves."""


@config("apertus", unused=("post_norm", "qk_norm", "mlp_bias"), saved=CONSTANTS)
class Apertus(Llama):
    pass


def apertus(c: Apertus) -> Block:
    decoder_layer = layer(
        residual(norm(c, "attention_layernorm"), grouped_query(c, qk_norm="per head")),
        residual(norm(c, "feedforward_layernorm"), mlp(c)),
    )
    return decoder(c, [decoder_layer] * c.num_hidden_layers)


def mlp(c: Apertus) -> Block:
    """xIELU's slopes on either side of zero are learned; its beta and eps are stored, but fixed."""
    plain = plain_mlp(
        "mlp", width=c.hidden_size, inner=c.intermediate_size, activation=c.hidden_act
    )
    if c.hidden_act != "xielu":
        return plain
    slopes = (
        Tensor("act_fn.alpha_p", (1,), role="above"),
        Tensor("act_fn.alpha_n", (1,), role="below"),
    )
    return replace(plain, facts={**plain.facts, **facts(activation_learned=2)}, tensors=slopes)
