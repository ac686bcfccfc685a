"""HyperCLOVA X: Granite whose branches are normed on both sides, and whose scores are multiplied, not divided.

Reference: transformers/models/hyperclovax/modular_hyperclovax.py
Model: https://huggingface.co/naver-hyperclovax/HyperCLOVAX-SEED-Think-14B
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Head, Scaling, layer, residual
from llm_gallery.families._config import config, multiple
from llm_gallery.families.granite import multiplied
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm, swiglu


@config("hyperclovax", unused=("init_method",))
class HyperCLOVAX(Llama):
    attention_multiplier: float | None
    embedding_multiplier: float
    residual_multiplier: float
    logits_scaling: float
    use_post_norm: bool


def hyperclovax(c: HyperCLOVAX) -> Block:
    multiple(c.hidden_size, c.num_attention_heads, ("hidden_size", "num_attention_heads"))
    factor = c.attention_multiplier
    tokens = grouped_query(c, scaling=Scaling() if factor is None else multiplied(c, factor))
    after = [(norm(c, name),) if c.use_post_norm else () for name in ("post_norm1", "post_norm2")]
    decoder_layer = layer(
        residual(norm(c, "input_layernorm"), tokens, *after[0]),
        residual(norm(c, "post_attention_layernorm"), swiglu(c), *after[1]),
    )
    return decoder(
        c,
        [decoder_layer] * c.num_hidden_layers,
        embedding_scale=c.embedding_multiplier,
        residual_scale=c.residual_multiplier,
        head=Head(scale=c.logits_scaling),
    )
