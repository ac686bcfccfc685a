"""Param2: Sarvam 30B's layers, also by the names of its tensors.

Reference: transformers/models/param2moe/modular_param2moe.py
Model: https://huggingface.co/bharatgenai/Param2-17B-A2.4B-Thinking
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.sarvam_moe import OF_THE_PUBLISHED_CODE, SarvamMoe, sarvam_moe


@config(
    "param2moe", unused=(*OF_THE_PUBLISHED_CODE, "embedding_dropout", "mtp_loss_scaling_factor")
)
class Param2Moe(SarvamMoe):
    pass


def param2moe(c: Param2Moe) -> Block:
    return sarvam_moe(c)
