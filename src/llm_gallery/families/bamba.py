"""Bamba: Mamba-2 in most layers, attention with half of each head rotated in a few, an MLP in all.

Reference: transformers/models/bamba/modular_bamba.py
Model: https://huggingface.co/ibm-ai-platform/Bamba-9B-v2
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Convolved, layer, mamba2, residual
from llm_gallery.families._config import Count, Size, config, multiple, same
from llm_gallery.families.llama import Llama, decoder, grouped_query, norm, swiglu


@config("bamba")
class StateSpace(Llama):
    """The keys of Mamba-2, which Granite 4 has too."""

    mamba_n_heads: Size
    mamba_d_head: Size | Literal["auto"]
    mamba_n_groups: Size
    mamba_d_state: Size
    mamba_d_conv: Size
    mamba_expand: Size
    mamba_conv_bias: bool
    mamba_proj_bias: bool


@config("bamba", unused=("mamba_chunk_size", "z_loss_coefficient"))
class Bamba(StateSpace):
    partial_rotary_factor: float | None = 0.5
    attn_layer_indices: tuple[Count, ...] | None


def bamba(c: Bamba) -> Block:
    attended = set(c.attn_layer_indices or ())
    kinds = {attends: decoder_layer(c, attends) for attends in (True, False)}
    layers = [kinds[i in attended] for i in range(c.num_hidden_layers)]
    return decoder(c, layers, after=(norm(c, "final_layernorm"),))


def decoder_layer(c: Bamba, attends: bool) -> Block:
    return layer(
        residual(norm(c, "input_layernorm"), grouped_query(c) if attends else state_space(c)),
        residual(norm(c, "pre_ff_layernorm"), swiglu(c, "feed_forward")),
    )


def state_space(c: StateSpace) -> Block:
    inner = c.mamba_expand * c.hidden_size
    even = multiple(inner, c.mamba_n_heads, ("mamba_expand x hidden_size", "mamba_n_heads"))
    multiple(c.mamba_n_heads, c.mamba_n_groups, ("mamba_n_heads", "mamba_n_groups"))
    size = c.mamba_d_head
    if not isinstance(size, str):
        same(
            size * c.mamba_n_heads,
            inner,
            ("mamba_n_heads x mamba_d_head", "mamba_expand x hidden_size"),
        )
    return mamba2(
        "mamba",
        width=c.hidden_size,
        heads=c.mamba_n_heads,
        head_dim=derived(even, "mamba_expand x hidden_size / mamba_n_heads")
        if isinstance(size, str)
        else size,
        state_dim=c.mamba_d_state,
        groups=c.mamba_n_groups,
        convolved=Convolved(c.mamba_d_conv, c.hidden_act, c.mamba_conv_bias),
        bias=c.mamba_proj_bias,
    )
