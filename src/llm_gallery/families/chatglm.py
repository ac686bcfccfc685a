"""ChatGLM2 and 3: Llama with two key and value heads, half of each head rotated in pairs, and fused matrices.

Reference: https://huggingface.co/THUDM/chatglm3-6b/blob/main/modeling_chatglm.py
Paper: https://arxiv.org/abs/2406.12793
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Positions,
    attention,
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
from llm_gallery.families._config import Depth, Length, Size, config, multiple, stated
from llm_gallery.families.beside._eva import Eva, eva

OF_THE_PUBLISHED_CODE = (
    "apply_query_key_layer_scaling", "attention_softmax_in_fp32", "bias_dropout_fusion",
    "fp32_residual_connection", "layernorm_epsilon", "original_rope", "prefix_projection",
    "quantization_bit", "classifier_dropout", "num_hidden_layers", "interleaved_qkv", "rotary_percent",
    "vocab_size",
)  # fmt: skip


@config("chatglm", unused=OF_THE_PUBLISHED_CODE, classes=("ChatGLMForConditionalGeneration",))
class ChatGLM:
    position_encoding_2d: Literal[False] = False  # the first edition's, which is another model
    padded_vocab_size: Size
    num_layers: Depth
    hidden_size: Size
    ffn_hidden_size: Size
    kv_channels: Size
    num_attention_heads: Size
    multi_query_attention: bool
    multi_query_group_num: Size
    seq_length: Length
    add_bias_linear: bool
    add_qkv_bias: bool
    tie_word_embeddings: bool = False
    rope_ratio: float = 1.0  # GLM-4 9B's: what the base is multiplied by
    pre_seq_len: None = None  # learned prefixes, which no release stores
    rmsnorm: Literal[True] = True
    post_layer_norm: Literal[True] = True
    apply_residual_connection_post_layernorm: Literal[False] = False
    vision_config: Eva | None = None  # GLM-4V 9B's


def chatglm(c: ChatGLM) -> Block:
    width, tied = c.hidden_size, stated(c, "tie_word_embeddings")
    decoder_layer = layer(
        residual(rms_norm("input_layernorm", width), multi_query(c)),
        residual(rms_norm("post_attention_layernorm", width), mlp(c)),
    )
    body = group(
        "transformer",
        group("embedding", embedding("word_embeddings", c.padded_vocab_size, width)),
        group(
            "encoder",
            stack("layers", [decoder_layer] * c.num_layers),
            rms_norm("final_layernorm", width),
        ),
        head(
            "output_layer",
            c.padded_vocab_size,
            width,
            tied_to="transformer.embedding.word_embeddings.weight" if tied.value else None,
            tied=tied,
        ),
    )
    slots = facts(width=width, vocabulary=c.padded_vocab_size, context=c.seq_length, tied=tied)
    seen = c.vision_config
    beside = [eva(seen, "transformer.vision", width, c.ffn_hidden_size)] if seen else []
    return Block("language_model", facts=slots, inside=(body, *beside))


def multi_query(c: ChatGLM) -> Block:
    """q, k and v are rows of one matrix; the base of the rotation is fixed by the class."""
    heads, dim, width = c.num_attention_heads, c.kv_channels, c.hidden_size
    kv_heads = c.multi_query_group_num if c.multi_query_attention else heads
    multiple(heads, kv_heads, ("num_attention_heads", "multi_query_group_num"))
    rows = (heads + 2 * kv_heads) * dim
    return attention(
        "self_attention",
        heads=Heads(heads, kv_heads, dim),
        positions=Positions(
            kind="rope",
            rotated=derived(dim // 2, "kv_channels / 2"),
            base=derived(10000.0 * c.rope_ratio, "10000 x rope_ratio"),
            pairs=True,
        ),
        inside=(
            linear(
                "query_key_value",
                width,
                rows,
                role=("query", "key", "value"),
                bias=c.add_bias_linear or c.add_qkv_bias,
                rows=(heads * dim, kv_heads * dim, kv_heads * dim),
            ),
            linear("dense", heads * dim, width, role="output", bias=c.add_bias_linear),
        ),
        bias=stated(c, "add_qkv_bias"),
    )


def mlp(c: ChatGLM) -> Block:
    return gated_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.ffn_hidden_size,
        activation="silu",
        bias=c.add_bias_linear,
        fused=True,
        names=("dense_h_to_4h", "dense_4h_to_h"),
    )
