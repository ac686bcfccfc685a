"""MiniCPM-SALA: Lightning attention in most layers, MiniCPM4's choice of blocks, gated and without positions, in the others.

The means that choose blocks are made of keys that are kept anyway, so they count as no cache, though the release
keeps them.

Reference: modeling_minicpm_sala.py of the release (transformers has no such type)
Model: https://huggingface.co/openbmb/MiniCPM-SALA
"""

from __future__ import annotations

from typing import Any, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    NO_POSITION,
    choosing_by_means,
    lightning_attention,
    linear,
    with_settings,
)
from llm_gallery.families._config import Json, Length, Size, config, multiple, same
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Gate, grouped_query, head_dim, pre_norm, swiglu
from llm_gallery.families.minicpm import InfLlm, Scaled, by_means, scaled

SPARSE = "minicpm4"
LIGHTNING = ("lightning-attn", "lightning_attn", "lightning")


@config("minicpm_sala", unused=("mup_denominator", "shift_labels"))
class MiniCPMSala(Scaled):
    """Without defaults: the release states every key."""

    attention_bias: Literal[False] = False
    num_key_value_heads: Size | None
    max_position_embeddings: Length
    mixer_types: tuple[str, ...]
    sparse_config: InfLlm
    attn_use_rope: bool
    attn_use_output_gate: bool
    lightning_nh: Size
    lightning_nkv: Size
    lightning_head_dim: Size
    lightning_use_rope: bool
    lightning_scale: Literal["1/sqrt(d)"]
    qk_norm: bool
    use_output_norm: Literal[True]
    use_output_gate: Literal[True]


def minicpm_sala(c: MiniCPMSala) -> Block:
    types = typed(c.mixer_types, c.num_hidden_layers, (), (SPARSE, *LIGHTNING), "mixer_types")
    mixers = {True: sparse(c), False: lightning(c)}
    kinds = [kind == SPARSE for kind in types]
    return scaled(c, each(kinds, lambda kind: pre_norm(c, mixers[kind], swiglu(c))))


def sparse(c: MiniCPMSala) -> Block:
    """MiniCPM4's, whose output a sigmoid of the token gates channel by channel."""
    gate = linear("o_gate", c.hidden_size, c.num_attention_heads * head_dim(c), role="gate")
    mixer = grouped_query(
        c,
        positions=None if c.attn_use_rope else NO_POSITION,
        gate=Gate(gate) if c.attn_use_output_gate else None,
    )
    return choosing_by_means(mixer, by_means(c.sparse_config))


def lightning(c: MiniCPMSala) -> Block:
    """As many heads as attention has, as wide; each fades at its own rate, in all layers the same."""
    heads, dim = c.num_attention_heads, c.lightning_head_dim
    even = multiple(c.hidden_size, heads, ("hidden_size", "num_attention_heads"))
    same(head_dim(c), even, ("head_dim", "hidden_size / num_attention_heads"))
    same(dim, even, ("lightning_head_dim", "hidden_size / num_attention_heads"))
    same(c.lightning_nh, heads, ("lightning_nh", "num_attention_heads"))
    same(c.lightning_nkv, heads, ("lightning_nkv", "num_attention_heads"))
    mixer = lightning_attention(
        "self_attn",
        width=c.hidden_size,
        heads=heads,
        head_dim=dim,
        positions=rope(c, dim) if c.lightning_use_rope else NO_POSITION,
        names=("", "o_norm", "z_proj", "o_proj"),
        qk_norms=("q_norm", "k_norm") if c.qk_norm else None,
        state_dtype="float32",
    )
    return with_settings(mixer, scale_dim=int(dim), rates="alibi in all layers")


def fit(config: Json, small: dict[str, Any]) -> None:
    """Lightning has heads as attention has them."""
    small["lightning_nh"] = small["lightning_nkv"] = small["num_attention_heads"]
    small["lightning_head_dim"] = small["head_dim"]
