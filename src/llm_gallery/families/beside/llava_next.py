"""LLaVA-NeXT: LLaVA's parts, and a vector that ends each row of a picture.

Reference: transformers/models/llava_next/modeling_llava_next.py
Report: https://llava-vl.github.io/blog/2024-01-30-llava-next/
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.families._config import config
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside.llava import OF_THE_PICTURES, Llava, llava


@config("llava_next", unused=OF_THE_PICTURES)
class LlavaNext(Llava):
    pass


def llava_next(c: LlavaNext, stream: int) -> tuple[Block, ...]:
    """The vector stands at the top of the checkpoint, beside the tower."""
    row_end = Block("projector", "", inside=(tensor_block("", Tensor("image_newline", (stream,))),))
    return (*llava(c, stream), row_end)
