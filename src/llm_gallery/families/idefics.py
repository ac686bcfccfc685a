"""IDEFICS: Llama, and before every few of its layers a gated one that reads pictures by cross-attention; tower and perceiver counted apart.

Of a text without pictures such a layer runs its MLP alone, as the reference does; tokens that were added to the
vocabulary have tables of their own.

A depth that is no multiple of `cross_layer_interval` is refused: the reference then lacks its last reading layer.

Reference: transformers/models/idefics/modeling_idefics.py
Paper: https://arxiv.org/abs/2306.16527
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    cross_attention,
    facts,
    layer,
    passed_by,
    residual,
    stored_at,
    tanh_gate,
)
from llm_gallery.families._config import Count, Json, Size, config, multiple
from llm_gallery.families.beside._clip import clip
from llm_gallery.families.beside._idefics import IdeficsVision, Perceiver, perceiver
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    head_dim,
    norm,
    pre_norm,
    swiglu,
)


@config(
    "idefics",
    unused=(
        "alpha_initializer",
        "alphas_initializer_range",
        "dropout",
        "freeze_lm_head",
        "freeze_text_layers",
        "freeze_text_module_exceptions",
        "freeze_vision_layers",
        "freeze_vision_module_exceptions",
    ),
)
class Idefics(Llama):
    num_key_value_heads: None = None  # the class has no such key, nor the next
    head_dim: None = None
    additional_vocab_size: Count
    cross_layer_interval: Size
    qk_layer_norms: bool
    alpha_type: Literal["float", "vector"]
    use_resampler: bool
    vision_config: IdeficsVision
    perceiver_config: Perceiver


def idefics(c: Idefics) -> Block:
    whole = decoder(c, [*layers(c)])
    body, scores, *others = whole.inside
    if c.additional_vocab_size:
        body = replace(body, inside=(two_tables(c), *body.inside[1:]))
        scores = two_heads(c, scores)
    vision = c.vision_config
    beside = [clip(vision, "model.vision_model")]
    if c.use_resampler:
        beside.append(perceiver(c.perceiver_config, vision.hidden_size))
    return replace(whole, inside=(body, scores, *others, *beside))


def layers(c: Idefics) -> Iterator[Block]:
    """Llama's, each under its own number; before the first of every few one that reads pictures, numbered apart."""
    every = c.cross_layer_interval
    multiple(c.num_hidden_layers, every, ("num_hidden_layers", "cross_layer_interval"))
    plain, reads = pre_norm(c, grouped_query(c), swiglu(c)), cross_attention_layer(c)
    for index in range(c.num_hidden_layers):
        if index % every == 0:
            yield stored_at(reads, f"model.gated_cross_attn_layers.{index // every}")
        yield stored_at(plain, f"model.layers.{index}")


def cross_attention_layer(c: Idefics) -> Block:
    """Cross-attention, which gives nothing to tokens without a picture, and an MLP, which they run too."""
    width, count = c.hidden_size, c.num_attention_heads
    gated = width if c.alpha_type == "vector" else None
    return layer(
        passed_by(
            residual(
                norm(c, "input_layernorm"),
                cross_attention(
                    "cross_attn",
                    width=width,
                    heads=Heads(count, count, head_dim(c)),
                    source=c.vision_config.hidden_size,
                    norms=("q_layer_norm", "k_layer_norm") if c.qk_layer_norms else None,
                ),
                tanh_gate("alpha_cross_attn", gated),
            )
        ),
        residual(norm(c, "post_attention_layernorm"), swiglu(c), tanh_gate("alpha_dense", gated)),
    )


def table_rows(c: Idefics) -> int:
    """Rows of all tokens."""
    return derived(c.vocab_size + c.additional_vocab_size, "vocab_size + additional_vocab_size")


def two_tables(c: Idefics) -> Block:
    """The embedding, stored as that of words and that of what was added."""
    width = int(c.hidden_size)
    tensors = (
        Tensor("weight", (int(c.vocab_size), width), role="weight"),
        Tensor("additional_embedding.weight", (int(c.additional_vocab_size), width), role="added"),
    )
    slots = facts(vocabulary=table_rows(c), width=c.hidden_size)
    return Block("embedding", "embed_tokens", slots, tensors)


def two_heads(c: Idefics, scores: Block) -> Block:
    """The head likewise; where it is tied, both are."""
    tied = "model.embed_tokens.additional_embedding.weight" if c.tie_word_embeddings else None
    shape = (int(c.additional_vocab_size), int(c.hidden_size))
    more = Tensor("additional_fc.weight", shape, tied, "added")
    slots = {**scores.facts, **facts(vocabulary=table_rows(c))}
    return replace(scores, facts=slots, tensors=(*scores.tensors, more))


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """Two runs of three layers at most, each of which reads the pictures once."""
    every = config.get("cross_layer_interval", 1)
    small["cross_layer_interval"] = min(every, 3)
    small["num_hidden_layers"] = min(every, 3) * min(
        config.get("num_hidden_layers", 2 * every) // every, 2
    )
