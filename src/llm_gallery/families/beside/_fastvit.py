"""FastViT-HD as timm has it: convolutions whose branches were folded into one, and attention in the last two stages.

Reference: timm/models/fastvit.py (github.com/huggingface/pytorch-image-models, 1.0.31), fastvit_mci3
Paper: https://arxiv.org/abs/2412.13303
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer_norm, linear, stack
from llm_gallery.families._vision import batch_norm, filters, tensor_block, tower

ARCHITECTURE, FOLDED = "fastvit_mci3", "inference_mode"
"""What a config calls it, and the argument by which branches are folded; all sizes are timm's own."""
COLOURS, WIDTHS, DEPTHS = 3, (96, 192, 384, 768, 1536), (2, 12, 24, 4, 2)
ATTENDING = (3, 4)
"""The stages that attend, each after filters that tell places."""
REACH, WIDER, SQUEEZED = 7, 4, 16
LAST = 2 * WIDTHS[-1]
"""How wide what it gives is."""


def fastvit(name: str) -> Block:
    """A stem, five stages, and a last filter whose channels are weighed by all of a picture."""
    first = WIDTHS[0]
    stem = (
        _folded("stem.0", first, COLOURS, 3),
        _folded("stem.1", first, 1, 3),
        _folded("stem.2", first, first, 1),
    )
    stages = (group(f"stages.{stage}", *_stage(stage)) for stage in range(len(WIDTHS)))
    squeezed = LAST // SQUEEZED
    last = group(
        "final_conv",
        filters("se.fc1", squeezed, LAST, 1, 1),
        filters("se.fc2", LAST, squeezed, 1, 1),
        _folded("", LAST, 1, 3),
    )
    return tower(name, (*stem, *stages, last))


def _folded(name: str, outputs: int, inputs: int, taps: int) -> Block:
    return group(name, filters("reparam_conv", outputs, inputs, taps, taps))


def _stage(stage: int) -> Iterator[Block]:
    width, attends = WIDTHS[stage], stage in ATTENDING
    if stage:
        yield _folded("downsample.proj.0", width, 1, REACH)
        yield _folded("downsample.proj.1", width, width, 1)
    if attends:
        yield _folded("pos_emb", width, 1, REACH)
    blocks = _attending(width) if attends else _mixing(width)
    yield stack("blocks", [group("", *blocks)] * DEPTHS[stage])


def _mixing(width: int) -> tuple[Block, ...]:
    """Each channel over its own places, then an MLP whose result is scaled."""
    return _folded("token_mixer", width, 1, 3), _mlp(width), _scale("layer_scale", width)


def _attending(width: int) -> tuple[Block, ...]:
    """Attention over all places, and an MLP; what both give is scaled."""
    return (
        layer_norm("norm", width),
        linear("token_mixer.qkv", width, 3 * width),
        linear("token_mixer.proj", width, width, bias=True),
        _scale("layer_scale_1", width),
        _mlp(width),
        _scale("layer_scale_2", width),
    )


def _mlp(width: int) -> Block:
    """Filters for each channel, normed by what training saw, before two maps."""
    inner = WIDER * width
    return group(
        "mlp",
        filters("conv.conv", width, 1, REACH, REACH, bias=False),
        batch_norm("conv.bn", width),
        filters("fc1", inner, width, 1, 1),
        filters("fc2", width, inner, 1, 1),
    )


def _scale(name: str, width: int) -> Block:
    return tensor_block(name, Tensor("gamma", (width, 1, 1)))
