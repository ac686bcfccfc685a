"""LLaDA: Llama's layers under OLMo's names as a masked diffusion model, in which every token sees all others.

A step guesses all masked tokens of a text at once, and computes the whole text for it.

Reference: modeling_llada.py of the release (transformers has no such type): LLaDALlamaBlock
Model: https://huggingface.co/GSAI-ML/LLaDA-8B-Base
Paper: https://arxiv.org/abs/2502.09992
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Heads,
    Positions,
    attention,
    bidirectional,
    embedding,
    facts,
    gated_mlp,
    group,
    head,
    layer,
    linear,
    residual,
    rms_norm,
    stack,
)
from llm_gallery.families._config import Depth, Length, Size, config, shared_among, stated

OF_THE_PUBLISHED_CODE = (
    "alibi_bias_max", "attention_layer_norm_with_affine", "flash_attention",
    "init_cutoff_factor", "init_device", "init_fn", "init_std", "mlp_ratio", "multi_query_attention",
    "precision", "rope_full_precision", "residual_dropout", "bias_for_layer_norm",
)  # fmt: skip


@config("llada", unused=OF_THE_PUBLISHED_CODE, classes=("LLaDAModelLM",))
class Llada:
    """The released models' kind of block; of the class's other kinds none was released."""

    vocab_size: Size
    embedding_size: Size | None = None  # rows that are stored, where they are more
    d_model: Size
    mlp_hidden_size: Size
    n_layers: Depth
    n_heads: Size
    n_kv_heads: Size
    max_sequence_length: Length
    rope_theta: float
    activation_type: Literal["silu"]
    block_type: Literal["llama"]
    layer_norm_type: Literal["rms"]
    layer_norm_with_affine: Literal[True] = True
    attention_layer_norm: Literal[False] = False
    alibi: Literal[False] = False
    rope: Literal[True] = True
    input_emb_norm: Literal[False] = False
    scale_logits: Literal[False] = False
    block_group_size: Literal[1] = 1
    include_bias: Literal[False] = False
    include_qkv_bias: bool = False
    weight_tying: bool = False


def llada(c: Llada) -> Block:
    width, rows, tied = c.d_model, c.embedding_size or c.vocab_size, stated(c, "weight_tying")
    decoder_layer = layer(
        residual(rms_norm("attn_norm", width), multi_head(c)),
        residual(rms_norm("ff_norm", width), mlp(c)),
    )
    table = "model.transformer.wte.weight" if tied.value else None
    body = group(
        "model.transformer",
        embedding("wte", rows, width),
        stack("blocks", [decoder_layer] * c.n_layers),
        rms_norm("ln_f", width),
        head("ff_out", rows, width, tied_to=table, tied=tied),
    )
    slots = facts(width=width, vocabulary=rows, context=c.max_sequence_length, tied=tied)
    return Block("language_model", facts=slots, inside=(body,))


def multi_head(c: Llada) -> Block:
    """Its parts stand beside those of the MLP in the checkpoint, under no name of their own."""
    width, biased = c.d_model, stated(c, "include_qkv_bias")
    dim = shared_among(width, c.n_heads, ("d_model", "n_heads"))
    has_bias = biased.value is True
    mixer = attention(
        "",
        heads=Heads(c.n_heads, c.n_kv_heads, dim),
        positions=Positions(kind="rope", rotated=dim, base=c.rope_theta),
        inside=(
            linear("q_proj", width, c.n_heads * dim, role="query", bias=has_bias),
            linear("k_proj", width, c.n_kv_heads * dim, role="key", bias=has_bias),
            linear("v_proj", width, c.n_kv_heads * dim, role="value", bias=has_bias),
            linear("attn_out", c.n_heads * dim, width, role="output"),
        ),
        bias=biased,
    )
    return bidirectional(mixer)


def mlp(c: Llada) -> Block:
    return gated_mlp(
        "",
        width=c.d_model,
        inner=c.mlp_hidden_size,
        activation=c.activation_type,
        names=("ff_proj", "up_proj", "ff_out"),
    )
