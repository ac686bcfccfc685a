"""PLaMo: Llama whose attention and MLP read the same norm side by side, and whose heads take their keys by turns.

With five keys, heads 1, 6, 11 read the first one, where Llama's first eight would.

Reference: modeling_plamo.py of the release (transformers has no such type)
Model: https://huggingface.co/pfnet/plamo-13b
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    Positions,
    attention,
    facts,
    gated_mlp,
    language_model,
    linear,
    rms_norm,
    stack,
)
from llm_gallery.families._config import (
    Depth,
    Length,
    Size,
    config,
    multiple,
    same,
    shared_among,
    stated,
)
from llm_gallery.families.cohere import parallel

BASE = 10000.0
"""Of the rotation: the published class has no key for it, and readers that have one take this."""


@config(
    "plamo",
    unused=("num_key_value_heads",),  # as many as all heads, whatever n_shared_head makes of them
    classes=("PlamoForCausalLM",),
)
class Plamo:
    """Defaults are those of configuration_plamo.py."""

    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    n_shared_head: Size = 8
    max_position_embeddings: Length = 2048
    rope_theta: float = BASE
    rope_traditional: Literal[False] = False
    tie_word_embeddings: bool = False


def plamo(c: Plamo) -> Block:
    same(c.rope_theta, BASE, ("rope_theta", "the base of the published class"))
    width = c.hidden_size
    channels = gated_mlp("mlp", width=width, inner=c.intermediate_size, activation="silu")
    decoder_layer = parallel(rms_norm("norm", width), grouped_query(c), channels)
    return language_model(
        stack("layers.layers", [decoder_layer] * c.num_hidden_layers),
        Names(),
        vocabulary=c.vocab_size,
        width=width,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        after=(rms_norm("norm", width),),
    )


def grouped_query(c: Plamo) -> Block:
    width, queries = c.hidden_size, c.num_attention_heads
    dim = shared_among(width, queries, ("hidden_size", "num_attention_heads"))
    multiple(dim, 2, ("hidden_size / num_attention_heads", "the two channels that turn together"))
    keys = derived(
        -(-queries // c.n_shared_head), "num_attention_heads / n_shared_head, rounded up"
    )
    multiple(
        queries, keys, ("num_attention_heads", "num_attention_heads / n_shared_head, rounded up")
    )
    mixer = attention(
        "self_attn",
        heads=Heads(queries, keys, dim),
        positions=Positions(kind="rope", rotated=dim, base=BASE),
        inside=(
            linear("q_proj", width, queries * dim, role="query"),
            linear("k_proj", width, keys * dim, role="key"),
            linear("v_proj", width, keys * dim, role="value"),
            linear("o_proj", queries * dim, width, role="output"),
        ),
    )
    added_facts = facts(by_turns=True if 1 < keys < queries else None)
    return replace(mixer, facts={**mixer.facts, **added_facts})
