"""GOT-OCR 2: SAM's encoder, two convolutions that halve the picture, and a linear map.

Reference: transformers/models/got_ocr2/modeling_got_ocr2.py
Paper: https://arxiv.org/abs/2409.01704
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import config
from llm_gallery.families.beside._parts import OF_THE_PICTURES
from llm_gallery.families.beside._sam import GotVision, convolution, sam


@config("got_ocr2", unused=OF_THE_PICTURES)
class GotOcr2:
    vision_config: GotVision


def got_ocr2(c: GotOcr2, stream: int) -> tuple[Block, ...]:
    """The tower, and the projector."""
    return with_upsampler(c.vision_config, stream)


def with_upsampler(c: GotVision, stream: int) -> tuple[Block, ...]:
    """The second convolution gives the language model's channels."""
    channels = c.output_channels
    inside = (
        convolution("conv_upsampler1", channels, 2 * channels, 3),
        convolution("conv_upsampler2", 2 * channels, stream, 3),
        linear("multimodal_projector", stream, stream, bias=True),
    )
    return sam(c, "vision_tower"), Block("projector", "multi_modal_projector", inside=inside)
