"""Phi-4-mini-flash (SambaY): Mamba and windowed attention, then layers that read one state's and one attention's memory.

The first half alternates Mamba with windowed attention. One more Mamba and the only full attention follow;
of the layers after them, every other gates what that Mamba read, and the rest ask the keys and values of
that attention. All attention is differential, of neighbouring heads, and knows no positions.

Its bytes prove it: the index states 7,706,608,640, our tensors in bfloat16 with the decays and the scales of noise
in float32.

Reference: https://huggingface.co/microsoft/Phi-4-mini-flash-reasoning/blob/main/modeling_phi4flash.py
Reference: vllm/model_executor/models/phi4flash.py (v0.10.2, the last that has it)
Paper: https://arxiv.org/abs/2507.06607
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Convolved,
    facts,
    fused,
    gated_memory,
    gated_mlp,
    layer,
    layer_norm,
    linear,
    mamba,
    residual,
    rms_norm,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Length, Size, config, shared_among
from llm_gallery.families._layers import each
from llm_gallery.families.diffllama import differential_attention
from llm_gallery.families.llama import Llama, decoder, grouped_query

NOT_COMPUTED = (
    "lm_head_bias", "mamba_conv_bias", "mamba_dt_rank", "mamba_proj_bias", "mlp_bias", "rope_theta",
)  # fmt: skip
"""Stored, but the layers are made without them: the step has a sixteenth of the width, and only the convolution a bias."""
NORM_EPS = 1e-5
"""Of the pairs' norm, whatever the model's own is."""


@config("phi4flash", unused=NOT_COMPUTED, classes=("Phi4FlashForCausalLM",))
class Phi4Flash(Llama):
    """Defaults are those of configuration_phi4flash.py beside the reference."""

    head_dim: None = None  # the class has no such key
    hidden_act: str = "silu"
    tie_word_embeddings: bool = True
    sliding_window: Length = 2047
    mb_per_layer: Literal[2] = 2  # the cache of the published code knows no other
    mamba_d_state: Size = 16
    mamba_d_conv: Size = 4
    mamba_expand: Size = 2


def phi4flash(c: Phi4Flash) -> Block:
    count = c.num_hidden_layers
    if count % 4:
        raise Refusal(
            f"num_hidden_layers is {count}, expected a multiple of 4: each half alternates; correct it"
        )
    half = count // 2
    keys = [(i % 2 == 0, min(max(i // 2 * 2 - half, -2), 2)) for i in range(count)]
    return decoder(
        c,
        each(keys, lambda key: decoder_layer(c, *key)),
        after=(layer_norm("final_layernorm", c.hidden_size),),
    )


def decoder_layer(c: Phi4Flash, recurs: bool, place: int) -> Block:
    """A layer before (-2), in (0) or after (2) the pair whose memory the later ones read."""
    tokens = memory(c, place) if recurs else attention(c, place)
    return layer(
        residual(layer_norm("input_layernorm", c.hidden_size), tokens),
        residual(layer_norm("post_attention_layernorm", c.hidden_size), mlp(c)),
    )


def memory(c: Phi4Flash, place: int) -> Block:
    """Mamba, or a gate for what the last Mamba read of its state before its own."""
    width = c.hidden_size
    inner = derived(c.mamba_expand * width, "mamba_expand x hidden_size")
    if place > 0:
        names = ("in_proj", "out_proj")
        return gated_memory("attn", width=width, inner=inner, activation="silu", names=names)
    block = mamba(
        "attn",
        width=width,
        inner=inner,
        state_dim=c.mamba_d_state,
        step_rank=derived(-(-width // 16), "hidden_size / 16"),
        convolved=Convolved(c.mamba_d_conv, "silu", True),
    )
    if place < 0:
        return block
    return replace(block, facts={**block.facts, **facts(lends_memory=True)})


def attention(c: Phi4Flash, place: int) -> Block:
    """Differential attention of neighbouring heads; the last layers have queries alone."""
    width = c.hidden_size
    dim = shared_among(width, c.num_attention_heads, ("hidden_size", "num_attention_heads"))
    window = c.sliding_window if place < 0 else None
    block = fused(
        grouped_query(c, positions=NO_POSITION, window=window, bias=True), "Wqkv", "out_proj"
    )
    if place > 0:
        projection = linear("Wqkv", width, c.num_attention_heads * dim, role="query", bias=True)
        blocks = (projection, *block.inside[1:])
        block = replace(block, facts={**block.facts, **facts(shared_kv=True)}, inside=blocks)
    norm = rms_norm("inner_cross_attn.subln", 2 * dim, role="output_norm", eps=NORM_EPS)
    block = replace(differential_attention(c, block, norm, "inner_cross_attn."), name="attn")
    return with_settings(block, striped=True)


def mlp(c: Phi4Flash) -> Block:
    return gated_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("fc1", "fc2"),
    )
