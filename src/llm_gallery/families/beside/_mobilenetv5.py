"""MobileNet V5, 300M: Gemma 3n's vision tower, convolutions and attention whose heads share one key and one value.

Reference: timm/models/mobilenetv5.py (github.com/huggingface/pytorch-image-models, 1.0.31), mobilenetv5_300m_enc
Model: https://ai.google.dev/gemma/docs/gemma-3n
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, rms_norm
from llm_gallery.families._vision import filters, tensor_block, tower

ARCHITECTURE = "mobilenetv5_300m_enc"
"""What a config calls it; all sizes are timm's own."""
COLOURS, STEM, STAGES, MERGED = 3, 64, (128, 256, 640, 1280), 2048
STARTS = ((3, 5, 3, 5, 3), (5,) * 8)
"""Of the second and the third stage, what each block's first filters span; of the fourth, as the third's first."""
HEADS = ((2, 12, 64, True, 14), (3, 16, 96, False, 19))
"""Of the last two stages: which, heads and their channels, whether keys and values see every other place, how often."""


def mobilenetv5(name: str) -> Block:
    """The stem, four stages, and what merges the outputs of the last two."""
    stem = group("conv_stem", filters("conv", STEM, COLOURS, 3, 3), rms_norm("bn", STEM))
    stages = (
        group(f"blocks.{stage}.{index}", *inside)
        for stage, stage_blocks in enumerate((_first(), _second(), *_last()))
        for index, inside in enumerate(stage_blocks)
    )
    both = sum(STAGES[-2:])
    merged = group("msfa", *_pointwise("ffn.", both, 2 * both, MERGED), rms_norm("norm", MERGED))
    return tower(name, (stem, *stages, merged))


Inside = Iterator[tuple[Block, ...]]


def _first() -> Inside:
    """Wide filters that mix channels, and a map back."""
    width = STAGES[0]
    for before in (STEM, width, width):
        inner = 4 * before
        yield (
            filters("conv_exp", inner, before, 3, 3, bias=False),
            rms_norm("bn1", inner),
            filters("conv_pwl", width, inner, 1, 1, bias=False),
            rms_norm("bn2", width),
        )


def _second() -> Inside:
    for index, taps in enumerate(STARTS[0]):
        yield _inverted(STAGES[0] if index == 0 else STAGES[1], STAGES[1], taps, index == 0)


def _last() -> Iterator[Inside]:
    """The third stage's blocks of filters, then attention and an MLP by turns; in the fourth all but the first are these."""
    for stage, heads, dim, fewer, times in HEADS:
        yield _attending(stage, heads, dim, fewer=fewer, times=times)


def _attending(stage: int, heads: int, dim: int, *, fewer: bool, times: int) -> Inside:
    width = STAGES[stage]
    starts = STARTS[1] if stage == 2 else STARTS[1][:1]
    for index, taps in enumerate(starts):
        yield _inverted(STAGES[stage - 1] if index == 0 else width, width, taps, index == 0)
    if stage == 2:
        yield _mlp(width, 1)
    for _ in range(times):
        yield _attention(width, heads, dim, fewer=fewer)
        yield _mlp(width, 2)


def _inverted(before: int, width: int, taps: int, first: bool) -> tuple[Block, ...]:
    """Each channel over its own places, wider, over them again in a stage's first block, and back."""
    inner = (6 if first else 4) * before
    start = [_normed("dw_start", before, 1, taps)] if taps else []
    middle = [_normed("dw_mid", inner, 1, 5)] if first else []
    return (
        *start,
        _normed("pw_exp", inner, before, 1),
        *middle,
        _normed("pw_proj", width, inner, 1),
        _scale(width),
    )


def _mlp(width: int, wider: int) -> tuple[Block, ...]:
    return (*_pointwise("", width, wider * width, width), _scale(width))


def _pointwise(at: str, before: int, inner: int, width: int) -> tuple[Block, Block]:
    return _normed(f"{at}pw_exp", inner, before, 1), _normed(f"{at}pw_proj", width, inner, 1)


def _attention(width: int, heads: int, dim: int, *, fewer: bool) -> tuple[Block, ...]:
    """Maps are stored as filters; keys and values of every other place are made by filters of their own."""
    blocks = [filters("down_conv", width, 1, 3, 3, bias=False), rms_norm("norm", width)]
    shared = (*(blocks if fewer else ()), filters("proj", dim, width, 1, 1, bias=False))
    attends = group(
        "attn",
        filters("query.proj", heads * dim, width, 1, 1, bias=False),
        group("key", *shared),
        group("value", *shared),
        filters("output.proj", width, heads * dim, 1, 1, bias=False),
    )
    return rms_norm("norm", width), attends, _scale(width)


def _normed(name: str, outputs: int, inputs: int, taps: int) -> Block:
    """Filters, and an RMSNorm of what they give, called as if it were by batches."""
    return group(
        name, filters("conv", outputs, inputs, taps, taps, bias=False), rms_norm("bn", outputs)
    )


def _scale(width: int) -> Block:
    return tensor_block("layer_scale", Tensor("gamma", (width,)))
