"""A Q-Former: BERT's layers over a few learned queries, which read a tower's rows in some of them.

Reference: transformers/models/blip_2/modeling_blip_2.py
Paper: https://arxiv.org/abs/2301.12597
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, stack
from llm_gallery.families._config import Depth, Size, config, multiple


@config("blip_2_qformer", unused=("max_position_embeddings", "vocab_size"))
class QFormer:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    cross_attention_frequency: Size
    encoder_hidden_size: Size
    use_qformer_text_input: bool
    hidden_act: str


def qformer(c: QFormer, name: str) -> Block:
    """Norms after what they norm; MLPs for the queries, and others for a text where that is read as well."""
    width = c.hidden_size
    names = ("projector_config.hidden_size", "projector_config.num_attention_heads")
    multiple(width, c.num_attention_heads, names)
    own = attention("attention", width, width)
    reading = attention("crossattention", width, c.encoder_hidden_size)
    text = mlp(c, "intermediate", "output") if c.use_qformer_text_input else ()
    queries = mlp(c, "intermediate_query", "output_query")
    plain = layer(own, *text, *queries)
    crossing = layer(own, reading, *text, *queries)
    layers = [
        plain if index % c.cross_attention_frequency else crossing
        for index in range(c.num_hidden_layers)
    ]
    return group(name, layer_norm("layernorm", width), group("encoder", stack("layer", layers)))


def attention(name: str, width: int, read: int) -> Block:
    """Keys and values of rows of the width that is read, the sum of what is added and what it is added to normed."""
    return group(
        name,
        linear("attention.query", width, width, role="query", bias=True),
        linear("attention.key", read, width, role="key", bias=True),
        linear("attention.value", read, width, role="value", bias=True),
        linear("output.dense", width, width, role="output", bias=True),
        layer_norm("output.LayerNorm", width),
    )


def mlp(c: QFormer, up: str, down: str) -> tuple[Block, ...]:
    """Two linear maps and the norm of the sum."""
    return (
        linear(f"{up}.dense", c.hidden_size, c.intermediate_size, bias=True),
        linear(f"{down}.dense", c.intermediate_size, c.hidden_size, bias=True),
        layer_norm(f"{down}.LayerNorm", c.hidden_size),
    )
