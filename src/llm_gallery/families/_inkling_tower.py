"""Inkling's towers: a table of a spectrogram's values, and patches of an image folded step by step into channels.

Reference: transformers/models/inkling/modular_inkling.py
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from math import log, prod
from operator import getitem
from typing import Annotated

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, linear, rms_norm
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Size, config, default
from llm_gallery.families._values import Bounds
from llm_gallery.families._vision import tensor_block, tower

Side = Annotated[int, Bounds(1, 4096)]
"""Pixels of a patch's side, frames of a patch."""


@config(
    "inkling_audio",
    unused=("audio_mode", "bias", "decoder_dmodel", "dmel_max_value", "dmel_min_value", "text_hidden_size", "use_audio_norm"),
)  # fmt: skip
class Audio:
    n_mel_bins: Size
    mel_vocab_size: Size


@config(
    "inkling_vision",
    unused=(
        "decoder_dmodel", "hidden_size", "num_attention_heads", "text_hidden_size",
        "use_vision_norm", "vision_encoder_type",
    ),
    foreign={"n_channels": default("inkling_vision", "num_channels")},
)  # fmt: skip
class Vision:
    patch_size: Side
    temporal_patch_size: Side
    num_channels: Side
    num_hidden_layers: Annotated[int, Bounds(2, 64)]


def audio(c: Audio, width: int) -> Block:
    """One row for each value of each band of the spectrogram; a frame is their sum, normed."""
    rows = int(c.n_mel_bins) * int(c.mel_vocab_size)
    inside = (
        tensor_block("encoder", Tensor("weight", (rows, width))),
        rms_norm("final_norm", width),
    )
    return Block("audio_tower", "model.audio", inside=inside)


def vision(c: Vision, width: int) -> Block:
    """A patch folded step by step into channels: a matrix and a norm for each step, the last into the stream."""
    steps = list(folds(c))
    parts: list[Block] = []
    for index, (inputs, outputs) in enumerate(steps):
        last = index == len(steps) - 1
        parts.append(linear(f"linear_{index}", inputs, width if last else outputs))
        if not last:
            parts.append(rms_norm(f"norm_{index}", outputs))
    return tower("model.visual", (group("layers", *parts), rms_norm("final_norm", width)))


def folds(c: Vision) -> Iterator[tuple[int, int]]:
    """Inputs and outputs of each step, from a pixel to the patch, along the sizes that `path` chooses.

    A patch is folded first across, largest prime first, then in time. Channels round up to 64 where it
    is folded across; the reference has 64 times as many where it is folded in time.
    """
    scales = [(1, 1, int(c.num_channels))]
    for side in cumulated(c.patch_size):
        scales.append((1, side, rounded(side * side * c.num_channels)))
    for frames in cumulated(c.temporal_patch_size):
        whole = c.patch_size**2 * c.num_channels
        scales.append((frames, int(c.patch_size), int(64 * whole * frames)))
    sizes = [frames * side * side for frames, side, _ in scales]
    for (frames, side, channels), (more, wider, outputs) in pairwise(
        scales[i] for i in path(c, sizes)
    ):
        yield channels * (more // frames) * (wider // side) ** 2, outputs


def path(c: Vision, sizes: Sequence[int]) -> list[int]:
    """Which size each step begins at, and the last one: those nearest to equal ratios.

    With fewer steps than sizes each is taken once at most, else a step may fold nothing. Raises Refusal
    where two choices are equally near.
    """
    count, steps = len(sizes), c.num_hidden_layers
    whole = c.patch_size**2 * c.temporal_patch_size * c.num_channels
    ideal = [log(whole) * i / steps for i in range(steps + 1)]
    away = [[abs(want - log(size)) for size in sizes] for want in ideal]
    if steps >= count:
        between = [clear_minimum(row, steps) for row in away[1:-1]]
        return [0, *between, count - 1]
    if len(cumulated(c.temporal_patch_size)) > 1:
        raise Refusal(
            f"vision_config.temporal_patch_size is {c.temporal_patch_size}, expected a prime number or 1 with "
            f"fewer n_layers than sizes of a patch ({steps} and {count}): the reference may fold backwards; "
            "correct it in the config"
        )
    choices = [*combinations(range(count), steps + 1)]
    chosen = choices[clear_minimum([sum(map(getitem, away, choice)) for choice in choices], steps)]
    return [0, *chosen[1:-1], count - 1]


def clear_minimum(costs: Sequence[float], steps: int) -> int:
    """Where the least one stands, if no other is as small to the eye of the reference's float32."""
    least = min(costs)
    if sum(cost - least < 1e-5 for cost in costs) > 1:
        raise Refusal(
            f"vision_config.n_layers is {steps}, expected a number by which a patch folds in one way: "
            "two sizes are equally near to equal ratios; correct it in the config"
        )
    return costs.index(least)


def rounded(channels: int) -> int:
    """Channels rounded up to a multiple of 64."""
    return -(-int(channels) // 64) * 64


def cumulated(number: int) -> list[int]:
    """Products of the prime factors, the largest first: 40 gives 5, 10, 20, 40."""
    factors, rest, divisor = [], int(number), 2
    while rest > 1:
        while rest % divisor == 0:
            factors.append(divisor)
            rest //= divisor
        divisor += 1
    return [prod(factors[::-1][: i + 1]) for i in range(len(factors))]
