"""What several multimodal types have beside their language models: projectors, and towers of one among several types."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families.beside._clip import ClipVision, clip
from llm_gallery.families.beside._pixtral import Pixtral, pixtral
from llm_gallery.families.beside._siglip import Siglip, siglip

AnyVision = ClipVision | Siglip | Pixtral
"""The towers that a wrapper may have which builds whatever type its config names."""


def any_vision(c: AnyVision, name: str) -> Block:
    """The tower of that type."""
    if isinstance(c, ClipVision):
        return clip(c, name)
    return siglip(c, name) if isinstance(c, Siglip) else pixtral(c, name)


def features(layers: int | Sequence[int]) -> int:
    """How many layers' outputs stand side by side, where a config names one or several."""
    return len(layers) if isinstance(layers, Sequence) else 1


def two_linear(
    inputs: int,
    stream: int,
    *,
    bias: bool,
    before: tuple[Block, ...] = (),
    name: str = "multi_modal_projector",
) -> Block:
    """LLaVA's projector: two linear maps with an activation between, after what stands `before`."""
    inside = (
        *before,
        linear("linear_1", inputs, stream, bias=bias),
        linear("linear_2", stream, stream, bias=bias),
    )
    return Block("projector", name, inside=inside)
