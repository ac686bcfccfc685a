"""Random parts that make sound of what a language model writes: sizes that must fit one another, by the type of the part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import ABSENT, Config


def _voices(draw: Random) -> Config:
    """One width for all layers of the voice's encoder but the last, which is as wide as those after the first together."""
    count, width = draw.choice([3, 5]), draw.choice([8, 24])
    return {
        "enc_channels": [width] * (count - 1) + [width * (count - 2)],
        "enc_kernel_sizes": [draw.choice([1, 3, 5]) for _ in range(count)],
        "enc_dilations": [1] * count,
        "enc_res2net_scale": draw.choice([1, 2, 4]),
        "hidden_size": draw.choice([16, 40]),
        "emb_dim": draw.choice([ABSENT, 7]),
        "head_dim": draw.choice([8, 64]),
        "num_attention_heads": draw.choice([1, 3]),
    }


def _vocoder(draw: Random) -> Config:
    """As many filters as steps, and a list of reaches for each size of filter."""
    steps, sizes = draw.choice([1, 3]), draw.choice([[3], [3, 7]])
    return {
        "mel_dim": draw.choice([ABSENT, 33]),
        "upsample_initial_channel": 2**steps * draw.choice([1, 5]),
        "upsample_rates": [2] * steps,
        "upsample_kernel_sizes": [draw.choice([2, 4]) for _ in range(steps)],
        "resblock_kernel_sizes": sizes,
        "resblock_dilation_sizes": [[1, 3, 5]] * len(sizes),
    }


def _codes(draw: Random) -> Config:
    """The talker's own, of which two the reference's class lacks and its model reads."""
    return {
        "head_dim": draw.choice([ABSENT, 8, 24]),
        "shared_expert_intermediate_size": draw.choice([7, 48]),
        "vocab_size": 97,
    }


def _samples(draw: Random) -> Config:
    steps = draw.choice([1, 3])
    return {
        "decoder_dim": 2**steps * draw.choice([1, 6]),
        "upsample_rates": [draw.choice([2, 5]) for _ in range(steps)],
        "upsampling_ratios": draw.choice([[2], [2, 3]]),
        "head_dim": draw.choice([ABSENT, 8]),
    }


SPEECH: Mapping[str, Callable[[Random], Config]] = {
    "qwen2_5_omni_dit": _voices,
    "qwen2_5_omni_bigvgan": _vocoder,
    "qwen3_omni_moe_talker": lambda draw: {"spatial_merge_size": 2},
    "qwen3_omni_moe_talker_text": _codes,
    "qwen3_omni_moe_talker_code_predictor": lambda draw: {
        "num_code_groups": draw.choice([1, 2, 5])
    },
    "qwen3_omni_moe_code2wav": _samples,
}
