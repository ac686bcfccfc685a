"""GLM-4.5: DeepSeek V3's experts and prediction module on grouped-query attention, half of each head rotated.

Reference: transformers/models/glm4_moe/modular_glm4_moe.py
Paper: https://arxiv.org/abs/2508.06471
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.deepseek_v3 import GroupedExperts, dense_then_sparse, moe
from llm_gallery.families.llama import grouped_query, pre_norm, swiglu, switched_norm


@config("glm4_moe", computes={"uneven": True})
class Glm4Moe(GroupedExperts):
    use_qk_norm: bool


def glm4_moe(c: Glm4Moe) -> Block:
    return dense_then_sparse(c, decoder_layer(c, swiglu(c)), decoder_layer(c, moe(c)))


def decoder_layer(c: Glm4Moe, channels: Block) -> Block:
    normed = switched_norm(c, "use_qk_norm", "per head")
    attention = grouped_query(c, qk_norm=normed, output_bias=False)
    return pre_norm(c, attention, channels)
