"""MiniCPM-V's tower since 4.6: SigLIP with a merger of windows among its layers, and mergers of four patches each after it.

Reference: transformers/models/minicpmv4_6/modeling_minicpmv4_6.py
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group, layer_norm, linear
from llm_gallery.families._config import Size, config, exactly
from llm_gallery.families._vision import four_maps
from llm_gallery.families.beside._siglip import Siglip, siglip

MERGED = 4
"""Patches of which a merger after the tower makes one."""
OF_THE_PICTURES = (
    "downsample_mode", "drop_vision_last_layer", "image_end_id", "image_size", "image_start_id", "insert_layer_id",
    "merge_kernel_size", "newline_id", "patch_size", "slice_end_id", "slice_start_id",
)  # fmt: skip
"""How pictures are cut, where the merger of windows runs and how many run: nothing that is stored depends on it."""


@config("minicpmv4_6_vision", unused=("insert_layer_id", "vision_use_head"))
class MiniCpmVision(Siglip):
    vision_use_head: bool = False  # no such key: none
    window_kernel_size: tuple[Size, ...]


@config("minicpmv4_7_vision", unused=("vision_use_head",))
class MiniCpmVision47(MiniCpmVision):
    vision_use_head: bool = False


@config("minicpm_ocr_vision", unused=("vision_use_head",))
class MiniCpmOcrVision(MiniCpmVision):
    vision_use_head: bool = False


def with_mergers(c: MiniCpmVision, times: int, stream: int) -> tuple[Block, ...]:
    """The tower, and as many mergers as told, the last of which gives the stream's width."""
    width = c.hidden_size
    whole = siglip(c, "model.vision_tower")
    widths = [width] * (times - 1) + [stream]
    after = (
        group(f"mlp.{i}", *merger(width * MERGED, width * MERGED, out_width))
        for i, out_width in enumerate(widths)
    )
    return (
        replace(whole, inside=(*whole.inside, of_windows(c))),
        Block("projector", "model.merger", inside=tuple(after)),
    )


def of_windows(c: MiniCpmVision) -> Block:
    """Attention within a window of patches, and a map of all its patches to one."""
    width = c.hidden_size
    high, wide = exactly(c.window_kernel_size, 2, "vision_config.window_kernel_size")
    patches = high * wide
    return group(
        "vit_merger",
        layer_norm("layer_norm1", width),
        Block("attention", "self_attn", inside=four_maps(width)),
        *merger(width * patches, c.intermediate_size * patches, width),
    )


def merger(joined: int, inner: int, out_width: int) -> tuple[Block, ...]:
    """A norm of the joined patches, and two maps."""
    return (
        layer_norm("pre_norm", joined),
        linear("linear_1", joined, inner, bias=True),
        linear("linear_2", inner, out_width, bias=True),
    )
