"""MiniCPM-V 4.6: SigLIP's layers with a merger of windows among them, and another between them and the stream.

Reference: transformers/models/minicpmv4_6/modular_minicpmv4_6.py
Paper: https://arxiv.org/abs/2509.18154
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group, layer_norm, linear
from llm_gallery.families._config import Pieces, Size, config, exactly
from llm_gallery.families._vision import encoder_layer
from llm_gallery.families.beside._siglip import Siglip, siglip


@config("minicpmv4_6_vision", unused=("insert_layer_id", "vision_use_head"))
class MiniCpmVision(Siglip):
    window_kernel_size: tuple[Size, ...]
    vision_use_head: bool = False  # no such key: none


@config(
    "minicpmv4_6",
    unused=(
        "downsample_mode", "drop_vision_last_layer", "image_size", "insert_layer_id", "merge_kernel_size", "patch_size",
    ),
)  # fmt: skip
class MiniCpmV46:
    vision_config: MiniCpmVision
    merger_times: Pieces


def minicpmv4_6(c: MiniCpmV46, stream: int) -> tuple[Block, ...]:
    return towers(c, stream)


def towers(c: MiniCpmV46, stream: int) -> tuple[Block, ...]:
    """The tower, and as many mergers of four patches as are stated, of which the last ends at the stream's width."""
    whole = siglip(c.vision_config, "model.vision_tower")
    inside = (*whole.inside, window_merger(c.vision_config))
    last = Block("projector", "model.merger", inside=tuple(mergers(c, stream)))
    return replace(whole, inside=inside), last


def window_merger(c: MiniCpmVision) -> Block:
    """Attention within windows, and two linear maps that make one row of each."""
    width = c.hidden_size
    down, across = exactly(c.window_kernel_size, 2, "vision_config.window_kernel_size")
    window = down * across
    norms = ("layer_norm1", "layer_norm2")
    first, attention, *_ = encoder_layer(width, width, norms=norms, output="out_proj").inside
    return group(
        "vit_merger",
        first,
        attention,
        layer_norm("pre_norm", width * window),
        linear("linear_1", width * window, c.intermediate_size * window, bias=True),
        linear("linear_2", c.intermediate_size * window, width, bias=True),
    )


def mergers(c: MiniCpmV46, stream: int) -> Iterator[Block]:
    """A norm and two linear maps each."""
    width = c.vision_config.hidden_size
    for index in range(c.merger_times):
        outputs = stream if index == c.merger_times - 1 else width
        yield group(
            f"mlp.{index}",
            layer_norm("pre_norm", 4 * width),
            linear("linear_1", 4 * width, 4 * width, bias=True),
            linear("linear_2", 4 * width, outputs, bias=True),
        )
