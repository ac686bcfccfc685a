"""Parts that several multimodal types store beside their language models: projectors, and towers of several types."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import linear
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._clip import ClipVision, clip
from llm_gallery.families.beside._pixtral import Pixtral, pixtral
from llm_gallery.families.beside._siglip import Idefics3Vision, Siglip, Siglip2, siglip, siglip2

AnyVision = ClipVision | Siglip | Siglip2 | Idefics3Vision | Pixtral
"""The towers that a wrapper may have which builds whatever type its config names."""


def any_vision(c: AnyVision, name: str) -> Block:
    """The tower of that type."""
    if isinstance(c, ClipVision):
        return clip(c, name)
    if isinstance(c, Siglip2):
        return siglip2(c, name)
    return siglip(c, name) if isinstance(c, Siglip) else pixtral(c, name)


OF_THE_PICTURES = (
    "image_seq_length", "projector_hidden_act", "vision_feature_select_strategy", "image_grid_pinpoints",
    "video_token_index", "video_seq_length", "vision_aspect_ratio", "spatial_pool_mode", "spatial_pool_stride",
    "use_image_newline_parameter", "projector_layernorm_eps", "vocab_size",
)  # fmt: skip
"""How many tokens a picture gives, and which: nothing that a size depends on."""


def features(layers: int | Sequence[int]) -> int:
    """How many layers' outputs stand side by side, where a config names one or several."""
    return len(layers) if isinstance(layers, Sequence) else 1


def row_end(stream: int, name: str = "image_newline") -> Block:
    """A vector that ends each row of a picture, at the top of the checkpoint."""
    stored = Tensor(name, (int(stream),))
    return Block("projector", "", inside=(tensor_block("", stored),))


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
