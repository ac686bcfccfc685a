"""GPT-NeoX Japanese: GPT-NeoX one branch after the other, with a single bias, on what the last layer's attention gives.

Reference: transformers/models/gpt_neox_japanese/modeling_gpt_neox_japanese.py
Model: https://huggingface.co/abeja/gpt-neox-japanese-2.7b
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    attention,
    facts,
    fused,
    language_model,
    layer,
    layer_norm,
    linear,
    plain_mlp,
    residual,
    stack,
)
from llm_gallery.families._config import Depth, Length, Size, config, shared_among, stated
from llm_gallery.families._rope import Rotary, rope


@config("gpt_neox_japanese", unused=("head_dim", "is_decoder"))
class GptNeoxJapanese(Rotary):
    vocab_size: Size
    hidden_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    intermediate_multiple_size: Size
    hidden_act: str
    max_position_embeddings: Length
    tie_word_embeddings: bool


def gpt_neox_japanese(c: GptNeoxJapanese) -> Block:
    layers = [decoder_layer(c, multi_head(c))] * (c.num_hidden_layers - 1)
    last = decoder_layer(c, with_bias(multi_head(c), c.hidden_size))
    return language_model(
        stack("layers", [*layers, last]),
        Names("gpt_neox_japanese", "embed_in", "embed_out"),
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        after=(layer_norm("final_layer_norm", c.hidden_size),),
    )


def decoder_layer(c: GptNeoxJapanese, tokens: Block) -> Block:
    width, times = c.hidden_size, c.intermediate_multiple_size
    channels = plain_mlp(
        "mlp",
        width=width,
        inner=derived(times * width, "intermediate_multiple_size x hidden_size"),
        activation=c.hidden_act,
        names=("dense_h_to_4h", "dense_4h_to_h"),
    )
    return layer(
        residual(layer_norm("input_layernorm", width), tokens),
        residual(layer_norm("post_attention_layernorm", width), channels),
    )


def multi_head(c: GptNeoxJapanese) -> Block:
    width, heads = c.hidden_size, c.num_attention_heads
    dim = shared_among(width, heads, ("hidden_size", "num_attention_heads"))
    names = {"q_proj": "query", "k_proj": "key", "v_proj": "value", "o_proj": "output"}
    mixer = attention(
        "attention",
        heads=Heads(heads, heads, dim),
        positions=rope(c, dim),
        inside=[linear(name, width, width, role=role) for name, role in names.items()],
        bias=False,
    )
    return fused(mixer, "query_key_value", "dense", groups=heads)


def with_bias(attention: Block, width: int) -> Block:
    """The same attention with a bias on its output, which the checkpoint stores beside the matrix."""
    joined, out = attention.inside
    tensor = (
        *(tensor._replace(name=f"dense.{tensor.name}") for tensor in out.tensors),
        bias(width),
    )
    biased = replace(out, name="", tensors=tensor, facts={**out.facts, **facts(bias=True)})
    return replace(attention, inside=(joined, biased))


def bias(width: int) -> Tensor:
    return Tensor("dense_bias", (int(width),), role="bias")
