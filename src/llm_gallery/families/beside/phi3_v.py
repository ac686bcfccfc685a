"""Phi-3 vision and Phi-3.5 vision: CLIP as large as its code says, two vectors that end rows, and two linear maps.

The config names the tower and what joins it; where it names others, both stay uncounted.

Reference: mlx_vlm/models/phi3_v/vision.py, and the release's own code that it follows,
https://huggingface.co/microsoft/Phi-3.5-vision-instruct/blob/main/modeling_phi3_v.py
Paper: https://arxiv.org/abs/2404.14219
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import config
from llm_gallery.families._reader import read
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._clip import ClipVision, clip

PATH = "model.vision_embed_tokens"
TOWER: Mapping[str, Any] = {
    "name": "clip_vision_model",
    "model_name": "openai/clip-vit-large-patch14-336",
    "image_dim_out": 1024,
}
JOINED: Mapping[str, Any] = {
    "embedding_cls": "image",
    "projection_cls": "mlp",
    "use_hd_transform": True,
    "with_learnable_separator": True,
}
"""What a config says of the tower and the maps that are described here."""
BUILT: Mapping[str, Any] = {
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "image_size": 336,
    "patch_size": 14,
}
"""Its sizes, which stand in the code alone."""
MERGED = 4
"""Neighbouring patches that are read as one."""


@config("phi3_v")
class Phi3V:
    img_processor: dict[str, Any] | None = None
    embd_layer: dict[str, Any] | None = None


def phi3_v(c: Phi3V, stream: int) -> tuple[Block, ...]:
    """The tower, and four patches at once to the stream's width."""
    if left_out(c):
        return ()
    wide = MERGED * BUILT["hidden_size"]
    ends = Tensor("glb_GN", (1, 1, wide)), Tensor("sub_GN", (1, 1, 1, wide))
    inside = (
        tensor_block("", *ends),
        linear("img_projection.0", wide, stream, bias=True),
        linear("img_projection.2", stream, stream, bias=True),
    )
    return (
        clip(read(ClipVision, BUILT)[0], f"{PATH}.img_processor.vision_model"),
        Block("projector", PATH, inside=inside),
    )


def left_out(c: Phi3V) -> tuple[str, ...]:
    """Both, unless they are those of the releases."""
    known = states_all(c.img_processor, TOWER) and states_all(c.embd_layer, JOINED)
    return () if known else ("img_processor", "embd_layer")


def states_all(stated: Mapping[str, Any] | None, expected: Mapping[str, Any]) -> bool:
    """Whether an object of the config says all that is expected."""
    return stated is not None and all(stated.get(key) == value for key, value in expected.items())
