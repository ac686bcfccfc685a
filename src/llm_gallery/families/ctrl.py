"""CTRL: GPT-2's layers with ReLU, q, k and v apart, positions of sines, and the embedding scaled by the root of its width.

Reference: transformers/models/ctrl/modeling_ctrl.py
Paper: https://arxiv.org/abs/1909.05858
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Head,
    Heads,
    Names,
    Positions,
    attention,
    language_model,
    layer,
    layer_norm,
    linear,
    plain_mlp,
    residual,
    sinusoidal_positions,
    stack,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Depth, Size, config, shared_among, stated

EPS = 1e-6
"""Of the layers' norms, whatever the config says."""


@config("ctrl")
class Ctrl:
    vocab_size: Size
    n_positions: Size
    n_embd: Size
    dff: Size
    n_layer: Depth
    n_head: Size
    tie_word_embeddings: bool


def ctrl(c: Ctrl) -> Block:
    width = c.n_embd
    if width % 2:
        raise Refusal(f"n_embd is {width}, expected an even width: half is for sines; correct it")
    channels = plain_mlp(
        "ffn", width=width, inner=c.dff, activation="relu", names=("0", "2"), bias=True
    )
    decoder_layer = layer(
        residual(layer_norm("layernorm1", width, eps=EPS), multi_head(c)),
        residual(layer_norm("layernorm2", width, eps=EPS), channels),
    )
    return language_model(
        stack("h", [decoder_layer] * c.n_layer),
        Names("transformer", "w"),
        vocabulary=c.vocab_size,
        width=width,
        context=c.n_positions,
        tied=stated(c, "tie_word_embeddings"),
        before=(sinusoidal_positions("pos_encoding", c.n_positions, width, steps=width // 2),),
        after=(layer_norm("layernorm", width),),
        head=Head(bias=True),
        embedding_scale=derived(float(width) ** 0.5, "sqrt(n_embd)"),
    )


def multi_head(c: Ctrl) -> Block:
    width, heads = c.n_embd, c.n_head
    names = {"Wq": "query", "Wk": "key", "Wv": "value", "dense": "output"}
    return attention(
        "multi_head_attention",
        heads=Heads(heads, heads, shared_among(width, heads, ("n_embd", "n_head"))),
        positions=Positions(kind="sinusoidal"),
        inside=[linear(name, width, width, role=role, bias=True) for name, role in names.items()],
        bias=True,
    )
