"""Mellum 2: Qwen3 MoE with a sliding window where the layer list says so, rotated by a base of its own.

Reference: transformers/models/mellum/modular_mellum.py
Paper: https://arxiv.org/abs/2605.31268
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Length, config
from llm_gallery.families._layers import each, sliding, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import decoder, grouped_query, head_dim, pre_norm, swiglu
from llm_gallery.families.qwen3_moe import Experts, moe


@config(
    "mellum",
    unused=("max_window_layers", "mtp_layer_types", "mtp_mlp_layer_types", "use_sliding_window"),
)
class Mellum(Experts):
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None
    mlp_layer_types: tuple[str, ...] | None
    num_mtp_layers: Literal[0] | None  # no release has any


def mellum(c: Mellum) -> Block:
    count = c.num_hidden_layers
    local = sliding(c.layer_types, count, ["full_attention"] * count)
    channels = typed(
        c.mlp_layer_types, count, ["sparse"] * count, ("dense", "sparse"), "mlp_layer_types"
    )
    keys = list(zip(local, channels, strict=True))
    return decoder(c, each(keys, lambda key: decoder_layer(c, *key)))


def decoder_layer(c: Mellum, local: bool, channels: str) -> Block:
    kind = "sliding_attention" if local else "full_attention"
    attention = grouped_query(
        c,
        qk_norm="per head",
        window=c.sliding_window if local else None,
        positions=rope(c, head_dim(c), layer_type=kind),
    )
    return pre_norm(c, attention, moe(c) if channels == "sparse" else swiglu(c))
