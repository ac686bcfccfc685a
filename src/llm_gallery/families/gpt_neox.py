"""GPT-NeoX and Pythia: attention and MLP side by side, each with a LayerNorm, a part of each head rotated.

Reference: transformers/models/gpt_neox/modular_gpt_neox.py
Paper: https://arxiv.org/abs/2204.06745, https://arxiv.org/abs/2304.01373 (Pythia)
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Names,
    added,
    fused,
    group,
    language_model,
    layer,
    layer_norm,
    plain_mlp,
    renamed,
    residual,
    stack,
)
from llm_gallery.families._config import config, stated
from llm_gallery.families.llama import Llama, grouped_query


@config("gpt_neox", unused=("classifier_dropout", "gradient_checkpointing", "head_dim"))
class GptNeox(Llama):
    num_key_value_heads: None = None
    attention_bias: bool
    use_parallel_residual: bool


def gpt_neox(c: GptNeox) -> Block:
    return language_model(
        stack("layers", [decoder_layer(c)] * c.num_hidden_layers),
        Names("gpt_neox", "embed_in", "embed_out"),
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        after=(layer_norm("final_layer_norm", c.hidden_size),),
    )


def decoder_layer(c: GptNeox) -> Block:
    width = c.hidden_size
    attention = renamed(
        fused(grouped_query(c), "query_key_value", "dense", groups=c.num_attention_heads),
        {"self_attn": "attention"},
    )
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("dense_h_to_4h", "dense_4h_to_h"),
        bias=True,
    )
    first, second = (
        layer_norm(name, width) for name in ("input_layernorm", "post_attention_layernorm")
    )
    if c.use_parallel_residual:
        return layer(residual(added(group("", first, attention), group("", second, mlp))))
    return layer(residual(first, attention), residual(second, mlp))
