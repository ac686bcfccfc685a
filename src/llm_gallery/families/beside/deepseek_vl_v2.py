"""DeepSeek VL2: SigLIP under timm's names and two maps; and DeepSeek-OCR, which calls itself so and has other towers.

DeepSeek-OCR's code builds Unlimited-OCR's towers, of sizes that its config repeats.

Reference: deepseek_vl2/models/modeling_deepseek_vl_v2.py, siglip_vit.py (github.com/deepseek-ai/DeepSeek-VL2);
vllm/model_executor/models/deepseek_ocr.py, and transformers/models/unlimited_ocr for the same towers
Papers: https://arxiv.org/abs/2412.10302, https://arxiv.org/abs/2510.18234
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import linear
from llm_gallery.families._config import Depth, Factor, Size, config, same
from llm_gallery.families._reader import read
from llm_gallery.families._vision import patches, tensor_block
from llm_gallery.families.beside._timm_siglip import Sizes, timm_siglip
from llm_gallery.families.beside.unlimited_ocr import OcrClip, UnlimitedSam, ocr_towers

BUILT = {
    "clip-l-14-224": {
        "heads": 16,
        "image_size": 224,
        "layers": 24,
        "patch_size": 14,
        "width": 1024,
    },
    "sam_vit_b": {
        "downsample_channels": [512, 1024],
        "global_attn_indexes": [2, 5, 8, 11],
        "heads": 12,
        "layers": 12,
        "width": 768,
    },
}
"""Both towers in the words of DeepSeek-OCR's config. Its code has these sizes, whatever a config says."""
COLOURS = 3


@config("vision", unused=("cls", "model_name", "params"))
class OwnVision:
    """Of DeepSeek-OCR the widths are an object, of VL2 one number, and the rest its class fills in."""

    width: Size | dict[str, Any] = 1024
    image_size: Size = 384
    patch_size: Size = 16
    layers: Depth = 24
    heads: Size = 16
    mlp_ratio: Factor = 4
    global_pool: str = "map"
    class_token: Literal[False] = False


@config("mlp_projector")
class OwnProjector:
    input_dim: Size = 1152
    n_embed: Size = 2048
    projector_type: str = "downsample_mlp_gelu"
    depth: Depth = 2
    mlp_ratio: Size = 1
    downsample_ratio: Size = 2
    token_pooling: Literal[False] = False


@config("deepseek_vl_v2", unused=("candidate_resolutions", "global_view_pos"))
class DeepseekVl2:
    vision_config: OwnVision | None = None
    projector_config: OwnProjector | None = None
    tile_tag: str = "2D"


def deepseek_vl_v2(c: DeepseekVl2, stream: int) -> tuple[Block, ...]:
    """DeepSeek-OCR's towers, with CLIP's map of patches, which its checkpoint holds and nothing runs; or VL2's."""
    seen, joined = c.vision_config, c.projector_config
    if seen is None or joined is None or left_out(c):
        return ()
    if isinstance(seen.width, int):
        return of_vl2(seen, joined, seen.width, stream)
    first, second = read(UnlimitedSam, {})[0], read(OcrClip, {})[0]
    sides = second.patch_size, second.patch_size
    unused = patches("patch_embedding", second.hidden_size, COLOURS, sides, bias=False)
    return ocr_towers(first, second, stream, unused)


def of_vl2(c: OwnVision, joined: OwnProjector, width: int, stream: int) -> tuple[Block, ...]:
    """The tower with its pooling head, which is stored and never run; maps of neighbouring patches; two vectors."""
    same(joined.input_dim, width, ("projector_config.input_dim", "vision_config.width"))
    same(joined.n_embed, stream, ("projector_config.n_embed", "language_config.hidden_size"))
    sizes = Sizes(
        width=int(width),
        inner=int(width * c.mlp_ratio),
        layers=int(c.layers),
        heads=int(c.heads),
        image=int(c.image_size),
        patch=int(c.patch_size),
    )
    wide, inner = width * joined.downsample_ratio**2, stream * joined.mlp_ratio
    widths = [wide, *[inner] * max(1, joined.depth - 1), stream]
    maps = (
        linear(f"projector.layers.{2 * i}", reads, gives, bias=True)
        for i, (reads, gives) in enumerate(pairwise(widths))
    )
    ends = (Tensor(name, (int(stream),)) for name in ("image_newline", "view_seperator"))
    return (
        timm_siglip(sizes, "vision"),
        Block("projector", "", inside=(*maps, tensor_block("", *ends))),
    )


def left_out(c: DeepseekVl2) -> tuple[str, ...]:
    """Both, unless they are DeepSeek-OCR's or as VL2's code builds them."""
    seen, joined = c.vision_config, c.projector_config
    if seen is not None and joined is not None:
        one_map = joined.projector_type == "linear" and joined.input_dim == 2048
        pooled = joined.projector_type == "downsample_mlp_gelu" and seen.global_pool == "map"
        ours = pooled and isinstance(seen.width, int) and c.tile_tag == "2D"
        if (seen.width == BUILT and one_map) or ours:
            return ()
    return ("vision_config", "projector_config")
