"""Qwen3.5 MoE, text: Qwen3.5 with Qwen3-Next's experts in every layer.

Reference: transformers/models/qwen3_5_moe/modular_qwen3_5_moe.py
Model: https://huggingface.co/Qwen/Qwen3.5-397B-A17B
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.families._config import Count, config
from llm_gallery.families.qwen2_moe import SharedExpert, moe
from llm_gallery.families.qwen3_5_text import Qwen35Text, hybrid


@config("qwen3_5_moe_text", unused=("mamba_ssm_dtype", "mlp_only_layers", "output_gate_type"))
class Qwen35MoeText(Qwen35Text, SharedExpert):
    intermediate_size: Count = 0  # no layer is dense


def qwen3_5_moe_text(c: Qwen35MoeText) -> Block:
    return text(c)


def text(c: Qwen35MoeText, body: str = "model", tied: Fact | None = None) -> Block:
    """The decoder; `body` is where a multimodal checkpoint stores it, `tied` what that one states."""
    return hybrid(c, moe(c), body, tied)
