"""BioGPT: OPT's decoder with GELU, trained on abstracts of biomedical papers, and the embedding scaled by the root of its width.

Reference: transformers/models/biogpt/modular_biogpt.py
Paper: https://arxiv.org/abs/2210.10341
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Names,
    language_model,
    layer,
    layer_norm,
    learned_positions,
    plain_mlp,
    residual,
    stack,
    with_settings,
)
from llm_gallery.families._config import Depth, Size, config, shared_among, stated
from llm_gallery.families.opt import PADDED, separate_projections


@config("biogpt", unused=("activation_dropout", "layerdrop"))
class Biogpt:
    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    hidden_act: str
    max_position_embeddings: Size
    scale_embedding: bool
    tie_word_embeddings: bool


def biogpt(c: Biogpt) -> Block:
    width = c.hidden_size
    places = c.max_position_embeddings + PADDED
    decoder_layer = layer(
        residual(layer_norm("self_attn_layer_norm", width), multi_head(c)),
        residual(
            layer_norm("final_layer_norm", width),
            plain_mlp(
                "",
                width=width,
                inner=c.intermediate_size,
                activation=c.hidden_act,
                names=("fc1", "fc2"),
                bias=True,
            ),
        ),
    )
    scaled = derived(float(width) ** 0.5, "sqrt(hidden_size)") if c.scale_embedding else None
    whole = language_model(
        stack("layers", [decoder_layer] * c.num_hidden_layers),
        Names("biogpt", output="output_projection"),
        vocabulary=c.vocab_size,
        width=width,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        before=(learned_positions("embed_positions", places, width, first=PADDED),),
        after=(layer_norm("layer_norm", width),),
        embedding_scale=scaled,
    )
    return with_settings(whole, eps=1e-5)  # the class passes the config's over


def multi_head(c: Biogpt) -> Block:
    heads = c.num_attention_heads
    dim = shared_among(c.hidden_size, heads, ("hidden_size", "num_attention_heads"))
    return separate_projections(c.hidden_size, heads, dim)
