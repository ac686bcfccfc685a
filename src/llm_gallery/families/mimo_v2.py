"""MiMo-V2.5: MiMo-V2-Flash with q, k and v stored as one matrix.

Reference: sglang/srt/models/mimo_v2.py
Model: https://huggingface.co/XiaomiMiMo/MiMo-V2.5
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.mimo_v2_flash import MiMoV2Flash, text


@config(
    "mimo_v2",
    unused=(
        "attention_chunk_size", "hybrid_block_size", "layernorm_epsilon", "processor_config",
        "sliding_window_size", "vision_model_type",
    ),
)  # fmt: skip
class MiMoV2(MiMoV2Flash):
    pass


def mimo_v2(c: MiMoV2) -> Block:
    return text(c)
