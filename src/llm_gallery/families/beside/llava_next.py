"""LLaVA-NeXT: LLaVA's parts, and a vector that ends each row of a picture.

Reference: transformers/models/llava_next/modeling_llava_next.py
Report: https://llava-vl.github.io/blog/2024-01-30-llava-next/
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside._parts import row_end
from llm_gallery.families.beside.llava import Llava, llava


@config("llava_next")
class LlavaNext(Llava):
    pass


def llava_next(c: LlavaNext, stream: int) -> tuple[Block, ...]:
    """LLaVA's tower and projector, and the vector."""
    return (*llava(c, stream), row_end(stream))
