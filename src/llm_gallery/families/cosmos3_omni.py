"""Cosmos 3 Nano, its reasoner: Qwen3-VL, whose parts have names of their own.

The checkpoint keeps the generator of pictures, sound and actions beside it, which the reference leaves out too.

Reference: transformers/models/cosmos3_omni/modular_cosmos3_omni.py
Model: https://huggingface.co/nvidia/Cosmos3-Nano
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import renamed
from llm_gallery.families._config import config
from llm_gallery.families.qwen3_vl import Qwen3Vl, with_vision_tower

NAMES = {
    "q_proj": "to_q", "k_proj": "to_k", "v_proj": "to_v", "o_proj": "to_out",
    "q_norm": "norm_q", "k_norm": "norm_k",
}  # fmt: skip
"""What the checkpoint calls the parts of Qwen3-VL."""


@config("cosmos3_omni")
class Cosmos3Omni(Qwen3Vl):
    pass


def cosmos3_omni(c: Cosmos3Omni) -> Block:
    return renamed(with_vision_tower(c, "", ""), NAMES)
