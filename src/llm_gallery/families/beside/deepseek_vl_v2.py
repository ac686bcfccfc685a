"""DeepSeek-OCR, which calls itself DeepSeek VL2: its code builds Unlimited-OCR's towers, of sizes that its config repeats.

VL2 itself names a tower of timm, which stays uncounted.

Reference: vllm/model_executor/models/deepseek_ocr.py, and transformers/models/unlimited_ocr for the same towers
Paper: https://arxiv.org/abs/2510.18234
"""

from __future__ import annotations

from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config
from llm_gallery.families._reader import read
from llm_gallery.families._vision import patches
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
"""Both towers in the words of the release's config. Its code has these sizes, whatever a config says."""
COLOURS = 3


@config(
    "vision",
    unused=("cls", "image_size", "layers", "mlp_ratio", "model_name", "params", "patch_size"),
)
class OwnVision:
    """Of DeepSeek-OCR the widths are an object, of VL2 one number."""

    width: Size | dict[str, Any] = 1024


@config("mlp_projector", unused=("depth", "mlp_ratio", "downsample_ratio"))
class OwnProjector:
    input_dim: Size = 2048
    n_embed: Size = 2048
    projector_type: str = "downsample_mlp_gelu"


@config("deepseek_vl_v2", unused=("candidate_resolutions", "global_view_pos", "tile_tag"))
class DeepseekVl2:
    vision_config: OwnVision | None = None
    projector_config: OwnProjector | None = None


def deepseek_vl_v2(c: DeepseekVl2, stream: int) -> tuple[Block, ...]:
    """DeepSeek-OCR's towers, with CLIP's map of patches, which its checkpoint holds and nothing runs."""
    if left_out(c):
        return ()
    first, second = read(UnlimitedSam, {})[0], read(OcrClip, {})[0]
    sides = second.patch_size, second.patch_size
    unused = patches("patch_embedding", second.hidden_size, COLOURS, sides, bias=False)
    return ocr_towers(first, second, stream, unused)


def left_out(c: DeepseekVl2) -> tuple[str, ...]:
    """Both, unless they are DeepSeek-OCR's."""
    seen, joined = c.vision_config, c.projector_config
    if seen is not None and joined is not None and seen.width == BUILT:
        one_map = joined.projector_type == "linear" and joined.input_dim == 2048
        if one_map:
            return ()
    return ("vision_config", "projector_config")
