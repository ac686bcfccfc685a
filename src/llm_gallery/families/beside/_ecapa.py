"""ECAPA-TDNN: one vector of who speaks, from convolutions over frames whose channels are split, and weighed as a whole.

Reference: transformers/models/qwen2_5_omni/modular_qwen2_5_omni.py, ECAPA_TimeDelayNet
Paper: https://arxiv.org/abs/2005.07143
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group, stack
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Size, config, exactly
from llm_gallery.families._vision import filters


@config("")
class Ecapa:
    """The keys that it reads."""

    mel_dim: Size
    enc_dim: Size
    enc_channels: tuple[Size, ...]
    enc_kernel_sizes: tuple[Size, ...]
    enc_dilations: tuple[Size, ...]
    enc_attention_channels: Size
    enc_res2net_scale: Size
    enc_se_channels: Size


def ecapa(c: Ecapa, name: str, at: str) -> Block:
    """The encoder; `at` is the path of its config, for what it refuses: lists of different lengths, and widths that differ from what is added to them."""
    wide = [int(channel) for channel in c.enc_channels]
    for key in ("enc_kernel_sizes", "enc_dilations"):
        exactly(getattr(c, key), len(wide), f"{at}.{key}")
    _as_read(wide, at)
    last = wide[-1]
    blocks = [filters("conv", wide[0], c.mel_dim, c.enc_kernel_sizes[0]), *_split(c, wide)]
    pooled = (
        filters("tdnn.conv", c.enc_attention_channels, 3 * last, 1),
        filters("conv", last, c.enc_attention_channels, 1),
    )
    inside = (
        *(group(f"blocks.{i}", part) for i, part in enumerate(blocks)),
        filters("mfa.conv", last, last, c.enc_kernel_sizes[-1]),
        group("asp", *pooled),
        filters("fc", c.enc_dim, 2 * last, 1),
    )
    return group(name, *inside)


def _as_read(wide: list[int], at: str) -> None:
    """The layers between the first and the last add to what they read; the last reads all of them side by side."""
    between = wide[1:-1]
    if len(wide) < 3 or {*between} != {wide[0]} or sum(between) != wide[-1]:
        raise Refusal(
            f"{at}.enc_channels is {wide}, expected one width for all but the last, and for that as much as those "
            "after the first have together; correct it in the config"
        )


def _split(c: Ecapa, wide: list[int]) -> Iterator[Block]:
    """Channels in so many parts, each of which reads the one before; then each channel is weighed by all."""
    for index in range(1, len(wide) - 1):
        before, width, taps = wide[index - 1], wide[index], c.enc_kernel_sizes[index]
        share = width // c.enc_res2net_scale
        part = group("", filters("conv", share, share, taps))
        parts = [part] * (c.enc_res2net_scale - 1)
        yield group(
            "",
            filters("tdnn1.conv", width, before, 1),
            *([stack("res2net_block.blocks", parts)] if parts else []),
            filters("tdnn2.conv", width, width, 1),
            filters("se_block.conv1", c.enc_se_channels, width, 1),
            filters("se_block.conv2", width, c.enc_se_channels, 1),
        )
