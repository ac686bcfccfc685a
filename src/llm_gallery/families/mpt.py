"""MPT: GPT-2 without biases, positions as slopes on the scores (ALiBi).

Replit's code model lets heads share keys, as the publisher's own code can; the reference builds no such thing.

Reference: transformers/models/mpt/modeling_mpt.py
Model: https://huggingface.co/mosaicml/mpt-7b, https://huggingface.co/replit/replit-code-v1_5-3b (attention.py, ffn.py)
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    Positions,
    Scaling,
    joint_attention,
    language_model,
    layer,
    layer_norm,
    plain_mlp,
    residual,
    stack,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import (
    Depth,
    Length,
    Size,
    config,
    multiple,
    shared_among,
    stated,
)


@config("", unused=("attn_impl", "attn_pdrop", "attn_uses_sequence_id", "alibi_bias_max"))
class MptAttention:
    attn_type: Literal["multihead_attention", "grouped_query_attention"] = "multihead_attention"
    kv_n_heads: Size | None = None
    alibi: Literal[True] = True  # the reference has no other positions
    clip_qkv: float | None = None
    softmax_scale: None = None
    prefix_lm: Literal[False] = False
    qk_ln: Literal[False] = False


@config("", unused=("fc_type",))
class MptMlp:
    ffn_type: Literal["mptmlp"] = "mptmlp"


@config(
    "mpt",
    unused=(
        "emb_pdrop", "embedding_fraction", "fc_type", "init_config", "init_device", "norm_type", "verbose",
        "tokenizer_name",
    ),
)  # fmt: skip
class Mpt:
    vocab_size: Size
    d_model: Size
    n_layers: Depth
    n_heads: Size
    max_seq_len: Length
    expansion_ratio: Literal[4]  # the reference's own, whatever the config says
    attn_config: MptAttention | None
    ffn_config: MptMlp | None = None
    learned_pos_emb: bool = True  # of the publisher's code, where ALiBi takes their place
    no_bias: Literal[True]
    logit_scale: None
    tie_word_embeddings: bool


def mpt(c: Mpt) -> Block:
    width = c.d_model
    mlp = plain_mlp("ffn", width=width, inner=derived(4 * width, "4 x d_model"), activation="gelu")
    decoder_layer = layer(
        residual(layer_norm("norm_1", width, bias=False), sloped(c)),
        residual(layer_norm("norm_2", width, bias=False), mlp),
    )
    return language_model(
        stack("blocks", [decoder_layer] * c.n_layers),
        Names("transformer", "wte"),
        vocabulary=c.vocab_size,
        width=width,
        context=c.max_seq_len,
        tied=stated(c, "tie_word_embeddings"),
        after=(layer_norm("norm_f", width, bias=False),),
    )


def sloped(c: Mpt) -> Block:
    attn_config = c.attn_config
    return joint_attention(
        "attn",
        width=c.d_model,
        heads=Heads(
            c.n_heads, kv_heads(c), shared_among(c.d_model, c.n_heads, ("d_model", "n_heads"))
        ),
        positions=Positions(kind="alibi"),
        names=("Wqkv", "out_proj"),
        scaling=Scaling(clip=None if attn_config is None else attn_config.clip_qkv),
    )


def kv_heads(c: Mpt) -> int:
    """Heads of keys: as many as those of queries, but for grouped queries, which state them."""
    attn_config = c.attn_config
    if attn_config is None or attn_config.attn_type == "multihead_attention":
        return c.n_heads
    if attn_config.kv_n_heads is None:
        raise Refusal(
            "attn_config.kv_n_heads is missing, expected how many heads of keys the queries share; add it"
        )
    multiple(c.n_heads, attn_config.kv_n_heads, ("n_heads", "attn_config.kv_n_heads"))
    return attn_config.kv_n_heads
