"""MiniCPM 3: latent attention over a dense MLP, with embedding, branches and scores scaled as muP asks.

Reference: transformers/models/minicpm3/modular_minicpm3.py
Paper: https://arxiv.org/abs/2404.06395
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Head
from llm_gallery.families._config import Size, config
from llm_gallery.families.deepseek_v3 import Latent, decoder_layer
from llm_gallery.families.llama import decoder, swiglu


@config("minicpm3", unused=("qk_head_dim",), computes={"pairs": False})
class MiniCPM3(Latent):
    scale_emb: float
    scale_depth: float | None
    dim_model_base: Size | None


def minicpm3(c: MiniCPM3) -> Block:
    count, depth, base = c.num_hidden_layers, c.scale_depth, c.dim_model_base
    added = "scale_depth / root of num_hidden_layers"
    scores = "dim_model_base / hidden_size"
    return decoder(
        c,
        [decoder_layer(c, swiglu(c))] * count,
        embedding_scale=c.scale_emb,
        residual_scale=None if depth is None else derived(depth / count**0.5, added),
        head=Head(scale=None if base is None else derived(base / c.hidden_size, scores)),
    )
