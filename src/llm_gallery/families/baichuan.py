"""Baichuan 2 7B: Llama's multi-head attention with q, k and v in one matrix; the head's rows are normed at run time.

Reference: https://huggingface.co/baichuan-inc/Baichuan2-7B-Base/blob/main/modeling_baichuan.py
Paper: https://arxiv.org/abs/2309.10305
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import fused
from llm_gallery.families._config import Length, Size, config
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu

BASE = 10000.0  # of the rotation: the published class has no key for it


@config("baichuan", unused=("_from_model_config", "model_max_length", "z_loss_weight"))
class Baichuan(Llama):
    max_position_embeddings: Length  # the 13B models have no such key: they are not rotated
    num_key_value_heads: Size | None = None  # as many as query heads


def baichuan(c: Baichuan) -> Block:
    attention = grouped_query(c, positions=rope(c, head_dim(c), base=BASE))
    one = pre_norm(c, fused(attention, "W_pack", "o_proj"), swiglu(c))
    return decoder(c, [one] * c.num_hidden_layers)
