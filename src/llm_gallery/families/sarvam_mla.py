"""Sarvam 105B: DeepSeek V3's architecture with queries that aren't compressed.

Reference: transformers/models/sarvam_mla/modular_sarvam_mla.py
Report: https://www.sarvam.ai/blogs/sarvam-30b-105b
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.deepseek_v3 import DeepseekV3, deepseek_v3


@config(
    "sarvam_mla",
    unused=(
        "default_theta", "moe_router_enable_expert_bias", "output_dropout", "q_head_dim",
        "use_qk_norm",
    ),
)  # fmt: skip
class SarvamMla(DeepseekV3):
    pass


def sarvam_mla(c: SarvamMla) -> Block:
    return deepseek_v3(c)
