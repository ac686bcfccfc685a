"""Hunyuan, dense: Llama with q and k normed after they are rotated.

Reference: transformers/models/hunyuan_v1_dense/modular_hunyuan_v1_dense.py
Model: https://huggingface.co/tencent/Hunyuan-7B-Instruct
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import rms_norm
from llm_gallery.families._config import config
from llm_gallery.families.hunyuan_v1_moe import OF_THE_PUBLISHED_CODE
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu


@config("hunyuan_v1_dense", unused=OF_THE_PUBLISHED_CODE)
class HunyuanV1Dense(Llama):
    num_experts: Literal[1] | None = None


def hunyuan_v1_dense(c: HunyuanV1Dense) -> Block:
    return decoder(c, [pre_norm(c, attention(c), swiglu(c))] * c.num_hidden_layers)


def attention(c: Llama) -> Block:
    norms = [
        rms_norm("query_layernorm", head_dim(c), role="query_norm"),
        rms_norm("key_layernorm", head_dim(c), role="key_norm"),
    ]
    return grouped_query(c, qk_norm="per head, after rotation", norms=norms)
