"""LLaVA's own releases around Qwen2.

Reference: https://github.com/haotian-liu/LLaVA/blob/main/llava/model/language_model/llava_llama.py
Paper: https://arxiv.org/abs/2310.03744
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside import _llava_own
from llm_gallery.families.beside._llava_own import LlavaOwn


@config("llava_qwen")
class LlavaQwen(LlavaOwn):
    pass


def llava_qwen(c: LlavaQwen, stream: int) -> tuple[Block, ...]:
    """The projector."""
    return _llava_own.joined(c, stream)


def left_out(c: LlavaQwen) -> tuple[str, ...]:
    """The tower, which another repository sizes."""
    return _llava_own.left_out(c)
