"""GPT-Neo: GPT-2 with windows in every other layer, scores that nothing divides, and q, k and v apart without biases.

Reference: transformers/models/gpt_neo/modeling_gpt_neo.py
Model: https://huggingface.co/EleutherAI/gpt-neo-2.7B
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    Scaling,
    attention,
    language_model,
    layer,
    layer_norm,
    learned_positions,
    linear,
    residual,
    stack,
)
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Depth, Length, Size, config, shared_among, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families.gpt2 import LEARNED, mlp

KINDS = ("global", "local")


@config(
    "gpt_neo", unused=("attention_layers", "classifier_dropout", "embed_dropout", "resid_dropout")
)
class GptNeo:
    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size | None
    num_layers: Depth
    num_heads: Size
    max_position_embeddings: Size
    window_size: Length
    attention_types: tuple[tuple[tuple[str, ...] | Depth, ...], ...] | None
    activation_function: str
    tie_word_embeddings: bool


def gpt_neo(c: GptNeo) -> Block:
    width, count = c.hidden_size, c.num_layers
    types = typed(spelled(c), count, [KINDS[i % 2] for i in range(count)], KINDS, "attention_types")
    return language_model(
        stack("h", each(types, lambda kind: decoder_layer(c, kind))),
        Names("transformer", "wte"),
        vocabulary=c.vocab_size,
        width=width,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        before=(learned_positions("wpe", c.max_position_embeddings, width),),
        after=(layer_norm("ln_f", width),),
    )


def spelled(c: GptNeo) -> Sequence[str] | None:
    """The kind of each layer: some kinds after another, so many times, then the next ones."""
    if c.attention_types is None:
        return None
    runs = [
        (item[0], item[1])
        for item in c.attention_types
        if len(item) == 2 and isinstance(item[0], tuple) and isinstance(item[1], int)
    ]
    layers = sum(len(kinds) * times for kinds, times in runs)
    if len(runs) < len(c.attention_types) or layers != c.num_layers:
        raise Refusal(
            f"attention_types is {quoted(c.attention_types)}, expected lists of kinds and how often "
            f"they come, [[kind, ...], times], for {c.num_layers} layers (num_layers); correct it"
        )
    return [kind for kinds, times in runs for kind in kinds * times]


def decoder_layer(c: GptNeo, kind: str) -> Block:
    width = c.hidden_size
    four = derived(4 * width, "4 x hidden_size")
    inner = four if c.intermediate_size is None else c.intermediate_size
    channels = mlp(width, inner, c.activation_function, transposed=False)
    return layer(
        residual(layer_norm("ln_1", width), multi_head(c, kind)),
        residual(layer_norm("ln_2", width), channels),
    )


def multi_head(c: GptNeo, kind: str) -> Block:
    width, heads = c.hidden_size, c.num_heads
    dim = shared_among(width, heads, ("hidden_size", "num_heads"))
    return attention(
        "attn.attention",
        heads=Heads(heads, heads, dim),
        positions=LEARNED,
        inside=[
            linear("q_proj", width, width, role="query"),
            linear("k_proj", width, width, role="key"),
            linear("v_proj", width, width, role="value"),
            linear("out_proj", width, width, role="output", bias=True),
        ],
        window=c.window_size if kind == "local" else None,
        scaling=Scaling(scale_dim=1),
        bias=True,  # of the output alone
    )
