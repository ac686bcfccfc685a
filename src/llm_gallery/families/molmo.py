"""Molmo: Qwen2, or OLMo 2 where its norms follow, with a second table for the tokens of pictures and a tower counted apart.

The head scores no token of the second table.

The tower's sizes are fixed by the release; a tie, or norms that aren't RMSNorm, would be another model and are
refused.

Reference: modeling_molmo.py of the release (transformers has no such type), and vllm/model_executor/models/molmo.py
Model: https://huggingface.co/allenai/Molmo-7B-D-0924
Paper: https://arxiv.org/abs/2409.17146
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Names, fused, layer, renamed, residual
from llm_gallery.families._config import Size, altered, at_most, config, multiple, stated
from llm_gallery.families._molmo2_text import NAMES, mlp, two_tables
from llm_gallery.families._molmo_tower import MolmoVision, molmo_tower
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm, switched_norm

ADDED, LAYERS_READ = 128, 2
"""Tokens of the second table, and layers of the tower that are read: its last but one and the ninth from the end.

The class fixes both, and the tower's sizes.
"""
OF_A_LAYER = {**NAMES, "self_attn": "", "mlp": ""}
"""Its names for Llama's; what a layer has stands side by side."""


@config("molmo", unused=("clip_qkv", "use_position_ids"))
class Molmo(Llama):
    """Defaults are those of config_molmo.py, whose class never hands on to its model what is unused."""

    num_key_value_heads: Size | None = None
    head_dim: None = None
    hidden_act: Literal["silu"] = "silu"
    attention_bias: Literal[False] = False
    mlp_bias: Literal[False] = False
    tie_word_embeddings: Literal[False] = False  # the class ties nothing, whatever a config says
    weight_tying: Literal[False] = False
    rope_theta: float = 10000.0
    rope_scaling: None = None
    partial_rotary_factor: None = None
    embedding_size: Size | None = None  # rows that are stored, where they are more
    qkv_bias: bool = False
    attention_layer_norm: bool = False
    norm_after: bool = False
    layer_norm_type: Literal["rms"] = "rms"


def molmo(c: Molmo) -> Block:
    both, half = c.intermediate_size, "intermediate_size / 2"
    inner = derived(multiple(both, 2, ("intermediate_size", "its two halves")), half)
    c = altered(c, intermediate_size=inner, vocab_size=stored_rows(c))
    names = Names("model.transformer", "wte", "ff_out")
    model = renamed(decoder(c, [decoder_layer(c)] * c.num_hidden_layers, names), OF_A_LAYER)
    body, scores = model.inside
    rows = derived(c.vocab_size + ADDED, f"embedding_size + {ADDED}")
    table = two_tables(c.vocab_size, ADDED, c.hidden_size, rows)
    body = replace(body, inside=(table, *body.inside[1:], scores))
    tower = molmo_tower(MolmoVision(), c.hidden_size, inner, LAYERS_READ)
    return replace(model, inside=(body, *tower))


def stored_rows(c: Molmo) -> int:
    """Rows of the first table, and scores of the head."""
    if c.embedding_size is None:
        return c.vocab_size
    at_most(c.vocab_size, c.embedding_size, ("vocab_size", "embedding_size"))
    return c.embedding_size


def decoder_layer(c: Molmo) -> Block:
    """Norms before each branch or after it, and over all heads of queries and keys or over none."""
    qk_norm = switched_norm(c, "attention_layer_norm", "all heads")
    attention = grouped_query(c, qk_norm=qk_norm, bias=stated(c, "qkv_bias"), output_bias=False)
    tokens = fused(attention, "att_proj", "attn_out")
    first, second = norm(c, "input_layernorm"), norm(c, "post_attention_layernorm")
    if c.norm_after:
        return layer(residual(tokens, first), residual(mlp(c), second))
    return layer(residual(first, tokens), residual(second, mlp(c)))
