"""GPT: GPT-2's parts with each LayerNorm after the sum instead of before the sublayer, and none at the end.

Reference: transformers/models/openai/modeling_openai.py
Paper: https://cdn.openai.com/research-covers/language-unsupervised/language_understanding_paper.pdf
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
    residual,
    stack,
)
from llm_gallery.families._config import Depth, Size, config, stated
from llm_gallery.families.gpt2 import mlp, multi_head


@config("openai_gpt", unused=("n_ctx", "n_special", "predict_special_tokens"))
class OpenaiGpt:
    vocab_size: Size
    n_positions: Size
    n_embd: Size
    n_layer: Depth
    n_head: Size
    afn: str
    tie_word_embeddings: bool


def openai_gpt(c: OpenaiGpt) -> Block:
    width = c.n_embd
    decoder_layer = layer(
        residual(multi_head(width, c.n_head)),
        layer_norm("ln_1", width),
        residual(mlp(width, derived(4 * width, "4 x n_embd"), activation(c))),
        layer_norm("ln_2", width),
    )
    return language_model(
        stack("h", [decoder_layer] * c.n_layer),
        Names("transformer", "tokens_embed"),
        vocabulary=c.vocab_size,
        width=width,
        context=c.n_positions,
        tied=stated(c, "tie_word_embeddings"),
        before=(learned_positions("positions_embed", c.n_positions, width),),
    )


def activation(c: OpenaiGpt) -> str:
    """What this class calls GELU is the approximation by a hyperbolic tangent."""
    return derived("gelu_new", "afn = gelu") if c.afn == "gelu" else c.afn
