"""Qwen, the first edition: Llama with q, k and v in one matrix, biases on these alone, and the MLP's width said for both halves.

Reference: modeling_qwen.py of the release (transformers has no such type), and mlx_lm/models/qwen.py
Model: https://huggingface.co/Qwen/Qwen-7B
Paper: https://arxiv.org/abs/2309.16609
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
    attention,
    gated_mlp,
    language_model,
    layer,
    linear,
    residual,
    rms_norm,
    stack,
    with_settings,
)
from llm_gallery.architecture.parts.attention import QUERY_KEY_VALUE
from llm_gallery.families._config import Depth, Length, Ratio, Size, config, multiple, same, stated
from llm_gallery.families.llama import norm_settings

OF_THE_PUBLISHED_CODE = (
    "attn_dropout_prob", "bf16", "emb_dropout_prob", "fp16", "fp32", "onnx_safe", "padded_vocab_size", "softmax_in_fp32",
    "use_cache_kernel", "use_cache_quantization", "use_flash_attn",
)  # fmt: skip
"""How the class computes, not what."""


@config("qwen", unused=OF_THE_PUBLISHED_CODE, classes=("QWenLMHeadModel",))
class Qwen:
    """Defaults are those of configuration_qwen.py beside the reference."""

    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    kv_channels: Size
    seq_length: Length
    max_position_embeddings: Length
    rotary_pct: Ratio = 1.0
    rotary_emb_base: float = 10000.0
    rope_theta: float | None = None  # the same again, for servers
    use_dynamic_ntk: bool = True
    use_logn_attn: bool = True
    no_bias: bool = True
    scale_attn_weights: Literal[True] = True
    tie_word_embeddings: bool = False


def qwen(c: Qwen) -> Block:
    width = c.hidden_size
    decoder_layer = layer(
        residual(rms_norm("ln_1", width), multi_head(c)), residual(rms_norm("ln_2", width), mlp(c))
    )
    whole = language_model(
        stack("h", [decoder_layer] * c.num_hidden_layers),
        Names("transformer", "wte"),
        vocabulary=c.vocab_size,
        width=width,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        after=(rms_norm("ln_f", width),),
    )
    return with_settings(whole, **norm_settings(c))


def multi_head(c: Qwen) -> Block:
    """Beyond the length of training, the base of the rotation and the scores change with how long the text is."""
    heads, dim, width = c.num_attention_heads, c.kv_channels, c.hidden_size
    if c.rope_theta is not None:
        same(c.rope_theta, c.rotary_emb_base, ("rope_theta", "rotary_emb_base"))
    rows, beyond = heads * dim, c.max_position_embeddings > c.seq_length
    stretched = beyond and c.use_dynamic_ntk
    part = derived(int(dim * c.rotary_pct), "kv_channels x rotary_pct")
    return attention(
        "attn",
        heads=Heads(heads, heads, dim),
        positions=Positions(
            kind="rope",
            rotated=dim if c.rotary_pct == 1.0 else part,
            base=c.rotary_emb_base,
            scaling="dynamic" if stretched else None,
            original_context=c.seq_length if stretched else None,
        ),
        inside=(
            linear("c_attn", width, 3 * rows, role=QUERY_KEY_VALUE, bias=True, rows=[rows] * 3),
            linear("c_proj", rows, width, role="output", bias=not c.no_bias),
        ),
        scaling=Scaling(temperature_tuning=stated(c, "use_logn_attn") if beyond else None),
        bias=True,
    )


def mlp(c: Qwen) -> Block:
    """down(up x * act(gate x)); the config's width is that of both together."""
    half = multiple(c.intermediate_size, 2, ("intermediate_size", "its two halves"))
    return gated_mlp(
        "mlp",
        width=c.hidden_size,
        inner=derived(half, "intermediate_size / 2"),
        activation="silu",
        bias=not c.no_bias,
        names=("w2", "w1", "c_proj"),
    )
