"""nanochat: norms that learn nothing, one on the embedding too, q and k normed after they are rotated, and ReLU squared.

Reference: transformers/models/nanochat/modular_nanochat.py
Model: https://github.com/karpathy/nanochat
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Head, layer, plain_mlp, residual, rms_norm, with_settings
from llm_gallery.families._config import config
from llm_gallery.families.llama import Llama, decoder, grouped_query


@config("nanochat")
class Nanochat(Llama):
    final_logit_softcapping: float | None


def nanochat(c: Nanochat) -> Block:
    norm = rms_norm("norm", c.hidden_size, learned=False)
    attention = with_settings(grouped_query(c, qk_norm="l2"), backwards=True)
    mlp = plain_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("fc1", "fc2"),
    )
    decoder_layer = layer(residual(norm, attention), residual(norm, mlp))
    return decoder(
        c,
        [decoder_layer] * c.num_hidden_layers,
        before=(norm,),
        after=(norm,),
        head=Head(softcap=c.final_logit_softcapping),
    )
