"""Llama 3.2 Vision: Llama 3.1, and among its layers some that read pictures by cross-attention; the tower counted apart.

A text without pictures passes those layers by, as the reference does.

Reference: transformers/models/mllama/modeling_mllama.py
Paper: https://arxiv.org/abs/2407.21783
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived, fact
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    cross_attention,
    embedding,
    layer,
    linear,
    passed_by,
    residual,
    tanh_gate,
)
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Count, Size, config
from llm_gallery.families._layers import each
from llm_gallery.families._mllama_tower import MllamaVision, two_encoders
from llm_gallery.families.llama import (
    OF_LANGUAGE_MODEL,
    Llama,
    decoder,
    grouped_query,
    head_dim,
    norm,
    pre_norm,
    swiglu,
)

SPECIAL = 8
"""Rows of the embedding beyond the vocabulary, the first of which is the picture's token."""

USUAL: tuple[int, ...] = (3, 8, 13, 18, 23, 28, 33, 38)
"""Layers that read pictures, where a config names none."""


@config("mllama_text_model", unused=("dropout", "tie_word_embeddings"))
class MllamaText(Llama):
    num_key_value_heads: Size
    head_dim: None = None  # the class has no such key
    cross_attention_layers: tuple[Count, ...] | None


@config("mllama", unused=("tie_word_embeddings",))
class Mllama:
    text_config: MllamaText
    vision_config: MllamaVision


def mllama(c: Mllama) -> Block:
    body, vision = text(c.text_config, OF_LANGUAGE_MODEL), c.vision_config
    joined = linear(
        "multi_modal_projector",
        vision.vision_output_dim,
        c.text_config.hidden_size,
        bias=True,
    )
    beside = (two_encoders(vision), Block("projector", "", inside=(joined,)))
    return replace(body, inside=(*body.inside, *beside))


def text(c: MllamaText, names: Names) -> Block:
    layers = each(
        crossing(c), lambda crosses: cross_attention_layer(c) if crosses else ungated_mlp(c)
    )
    model = decoder(c, layers, names, tied=fact(False))  # whatever a config says
    body, *others = model.inside
    rows = derived(c.vocab_size + SPECIAL, "vocab_size + 8")
    table = embedding(names.table, rows, c.hidden_size)
    return replace(model, inside=(replace(body, inside=(table, *body.inside[1:])), *others))


def crossing(c: MllamaText) -> list[bool]:
    """Whether each layer reads pictures."""
    listed = c.cross_attention_layers
    if listed is None:
        listed = USUAL
    crosses = [i in listed for i in range(c.num_hidden_layers)]
    if all(crosses):
        raise Refusal(
            f"cross_attention_layers is {quoted(listed)}, expected to leave one of {len(crosses)} layers that "
            "reads text; correct it"
        )
    return crosses


def ungated_mlp(c: MllamaText) -> Block:
    return pre_norm(c, grouped_query(c), swiglu(c))


def cross_attention_layer(c: MllamaText) -> Block:
    """Both branches of a layer that reads pictures are multiplied by the tanh of a number."""
    width, dim = c.hidden_size, head_dim(c)
    heads = Heads(c.num_attention_heads, c.num_key_value_heads, dim)
    return passed_by(
        layer(
            residual(
                norm(c, "input_layernorm"),
                cross_attention("cross_attn", width=width, heads=heads),
                tanh_gate("cross_attn_attn_gate"),
            ),
            residual(
                norm(c, "post_attention_layernorm"), swiglu(c), tanh_gate("cross_attn_mlp_gate")
            ),
        )
    )
