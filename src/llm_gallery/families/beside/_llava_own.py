"""LLaVA's own releases: the projector, and the vector that ends a row; the tower is named in the config, and stored elsewhere.

Reference: https://github.com/haotian-liu/LLaVA/blob/main/llava/model/multimodal_projector/builder.py, llava_arch.py
Paper: https://arxiv.org/abs/2310.03744
"""

from __future__ import annotations

from collections.abc import Iterator
from re import fullmatch

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import Size, config
from llm_gallery.families.beside._parts import row_end

TOWER = ("mm_vision_tower",)
"""What the config names and doesn't size."""


@config("llava_llama", unused=TOWER)
class LlavaOwn:
    """A release that states no type of projector has one map."""

    mm_hidden_size: Size | None = None
    mm_projector_type: str = "linear"
    mm_patch_merge_type: str = "flat"


def joined(c: LlavaOwn, stream: int) -> tuple[Block, ...]:
    """What the release stores between tower and stream; nothing where its type isn't of LLaVA's first code."""
    count = maps(c.mm_projector_type)
    if c.mm_hidden_size is None or not count:
        return ()
    ends = "unpad" in c.mm_patch_merge_type
    block = Block("projector", "", inside=tuple(projector(c.mm_hidden_size, stream, count)))
    return (block, *([row_end(stream, "model.image_newline")] if ends else []))


def projector(inputs: int, stream: int, count: int) -> Iterator[Block]:
    """One map under the projector's own name, or several with activations between them, which are numbered too."""
    if count == 1:
        yield linear("model.mm_projector", inputs, stream, bias=True)
        return
    for i in range(count):
        width = stream if i else inputs
        yield linear(f"model.mm_projector.{2 * i}", width, stream, bias=True)


def maps(kind: str) -> int:
    """How many maps a type of projector has: "linear" one, "mlp2x_gelu" two; 0 for any other."""
    if kind == "linear":
        return 1
    several = fullmatch(r"mlp(\d)x_gelu", kind)
    return int(several[1]) if several else 0


def left_out(c: LlavaOwn) -> tuple[str, ...]:
    """The tower; and the projector where its type isn't known."""
    known = c.mm_hidden_size is not None and maps(c.mm_projector_type)
    return TOWER if known else (*TOWER, "mm_projector_type")
