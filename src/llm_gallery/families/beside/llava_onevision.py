"""LLaVA-OneVision: LLaVA-NeXT's parts around SigLIP.

Reference: transformers/models/llava_onevision/modeling_llava_onevision.py
Paper: https://arxiv.org/abs/2408.03326
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._parts import row_end
from llm_gallery.families.beside.llava import Llava, llava


@config("llava_onevision")
class LlavaOnevision(Llava):
    pass


def llava_onevision(c: LlavaOnevision, stream: int) -> tuple[Block, ...]:
    """LLaVA's tower and projector, and the vector."""
    return (*llava(c, stream), row_end(stream))
