"""dots.llm1: DeepSeek V3's experts on Qwen3's attention.

Reference: transformers/models/dots1/modular_dots1.py
Paper: https://arxiv.org/abs/2506.05767
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Count, Few, Length, config
from llm_gallery.families._layers import each, sliding
from llm_gallery.families.deepseek_v3 import GroupedExperts, moe
from llm_gallery.families.llama import decoder, grouped_query, pre_norm, swiglu


@config("dots1", unused=("use_sliding_window",))
class Dots1(GroupedExperts):
    num_nextn_predict_layers: Few | None = 0  # none released
    scoring_func: Literal["sigmoid"] = "sigmoid"
    topk_method: Literal["noaux_tc"] = "noaux_tc"
    moe_layer_freq: Literal[1] = 1
    sliding_window: Length | None
    max_window_layers: Count
    layer_types: tuple[str, ...] | None


def dots1(c: Dots1) -> Block:
    count = c.num_hidden_layers
    default = [
        "sliding_attention"
        if c.sliding_window is not None and i >= c.max_window_layers
        else "full_attention"
        for i in range(count)
    ]
    local = sliding(c.layer_types, count, default)
    keys = [(is_local, i >= c.first_k_dense_replace) for i, is_local in enumerate(local)]
    return decoder(c, each(keys, lambda key: decoder_layer(c, *key)))


def decoder_layer(c: Dots1, local: bool, sparse: bool) -> Block:
    window = c.sliding_window if local else None
    return pre_norm(
        c, grouped_query(c, qk_norm="per head", window=window), moe(c) if sparse else swiglu(c)
    )
