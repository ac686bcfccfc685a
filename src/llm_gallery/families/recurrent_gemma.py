"""RecurrentGemma: Griffin's gated recurrence in two of three layers, attention in a window in the third.

Reference: transformers/models/recurrent_gemma/modeling_recurrent_gemma.py
Paper: https://arxiv.org/abs/2404.07839
"""

from __future__ import annotations

from math import frexp, ldexp, sqrt
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Convolved, Head, layer, renamed, residual, rg_lru
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Length, Size, config, multiple, same
from llm_gallery.families._layers import each
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, norm, swiglu


@config(
    "recurrent_gemma",
    unused=(
        "embeddings_scale_by_sqrt_dim",  # every class scales, whatever it says
        "final_w_init_variance_scale",
        "w_init_variance_scale",
    ),
    foreign={"_block_types": lambda c: c.block_types},
    computes={"offset": 1.0},
)
class RecurrentGemma(Llama):
    max_position_embeddings: None = None  # type: ignore[assignment]  # the class has no such key
    hidden_act: str = ""  # the reference reads hidden_activation alone
    hidden_activation: str
    attention_bias: bool
    lru_width: Size | None
    conv1d_width: Size
    attention_window_size: Length
    block_types: tuple[Literal["recurrent", "attention"], ...]
    _block_types: tuple[str, ...] | None = None  # as the first release's files spell it
    embeddings_scale_by_sqrt_dim: Literal[True] = (
        True  # stated by them, and done whatever they state
    )
    logits_soft_cap: float


def recurrent_gemma(c: RecurrentGemma) -> Block:
    if c.intermediate_size < 2:
        raise Refusal("intermediate_size is 1, expected at least 2: the MLP is half as wide")
    if not c.block_types:
        raise Refusal("block_types is empty, expected recurrent and attention; correct it")
    if c._block_types is not None:
        same(c._block_types, c.block_types, ("_block_types", "block_types"))
    types = [c.block_types[i % len(c.block_types)] for i in range(c.num_hidden_layers)]
    return decoder(
        c,
        each(types, lambda kind: decoder_layer(c, kind)),
        after=(norm(c, "final_norm"),),
        head=Head(softcap=c.logits_soft_cap),
        embedding_scale=derived(in_bf16(sqrt(c.hidden_size)), "sqrt(hidden_size) in bf16"),
    )


def in_bf16(value: float) -> float:
    """The nearest number of eight binary digits, as which the class keeps it."""
    digits, power = frexp(value)
    return ldexp(round(digits * 256), power - 8)


def decoder_layer(c: RecurrentGemma, kind: str) -> Block:
    half = derived(c.intermediate_size // 2, "intermediate_size / 2")
    tokens = recurrence(c) if kind == "recurrent" else attention(c)
    return layer(
        residual(norm(c, "temporal_pre_norm"), tokens),
        residual(norm(c, "channel_pre_norm"), swiglu(c, "mlp_block", half, bias=True)),
    )


def recurrence(c: RecurrentGemma) -> Block:
    inner = c.hidden_size if c.lru_width is None else c.lru_width
    multiple(inner, c.num_attention_heads, ("lru_width", "num_attention_heads"))
    return rg_lru(
        "temporal_block",
        width=c.hidden_size,
        inner=inner,
        heads=c.num_attention_heads,
        convolved=Convolved(c.conv1d_width, c.hidden_activation),
    )


def attention(c: RecurrentGemma) -> Block:
    positions = rope(c, head_dim(c))
    if positions.scaling is not None:
        raise Refusal(
            f"rope_type is {quoted(positions.scaling)}, expected default: the class rotates no other way"
        )
    mixer = grouped_query(c, window=c.attention_window_size, positions=positions, output_bias=True)
    return renamed(mixer, {"self_attn": "temporal_block"})
