"""MiniCPM5's experts: DeepSeek V3's on grouped-query attention whose query matrix holds a sigmoid gate too.

Reference: transformers/models/minicpm5_moe/modular_minicpm5_moe.py
Model: https://huggingface.co/openbmb/MiniCPM5-15B-A2.5B
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Count, config
from llm_gallery.families._layers import each, typed
from llm_gallery.families.deepseek_v3 import GroupedExperts, moe
from llm_gallery.families.llama import Gate, decoder, grouped_query, pre_norm, swiglu

KINDS = ("dense", "sparse")


@config("minicpm5_moe", classes=("MiniCPM5MoEForCausalLM",))
class MiniCPM5Moe(GroupedExperts):
    first_k_dense_replace: Count = 1  # the class's own fallback
    num_nextn_predict_layers: Literal[0] | None = None  # the class builds none
    mlp_layer_types: tuple[str, ...] | None
    use_gated_attention: Literal[True] = True


def minicpm5_moe(c: MiniCPM5Moe) -> Block:
    count = c.num_hidden_layers
    default = [KINDS[i >= c.first_k_dense_replace] for i in range(count)]
    types = typed(c.mlp_layer_types, count, default, KINDS, "mlp_layer_types")
    channels = {"dense": swiglu(c), "sparse": moe(c)}
    attention = grouped_query(c, gate=Gate())
    return decoder(c, each(types, lambda kind: pre_norm(c, attention, channels[kind])))
