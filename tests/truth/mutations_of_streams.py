"""Random configs of families of 2020 to 2025 that were missing: several streams, experts stored as rows, attention in pairs."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    Config,
    Family,
    _drawn,
    _one_rotation_each,
)


def _gemma3n_text(draw: Random) -> Config:
    layers = draw.choice([5, 6, 12])
    shared = draw.choice([0, 2]) if layers == 12 else 0
    pattern = ["sliding_attention", "full_attention"] * 6
    rows = [draw.choice([0.0, 0.5, 0.95]) for _ in range(layers)]
    heads = draw.choice([1, 2, 6])
    held = _drawn(
        draw,
        "gemma3n_text",
        "rope_parameters",
        "rope_theta",
        "rope_local_base_freq",
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=draw.choice([1, heads]),
        intermediate_size=draw.choice([ABSENT, 65, [64 + 2 * i for i in range(layers)]]),
        activation_sparsity_pattern=draw.choice([ABSENT, None, rows]),
        layer_types=draw.choice([ABSENT, None, pattern[:layers]]),
        sliding_window=draw.choice([ABSENT, 2, 128]),
        head_dim=draw.choice([8, 64]),
        num_kv_shared_layers=shared,
        vocab_size_per_layer_input=draw.choice([97, ABSENT]),
        hidden_size_per_layer_input=draw.choice([ABSENT, 8]),
        laurel_rank=draw.choice([ABSENT, 1, 5]),
        altup_num_inputs=draw.choice([ABSENT, 2, 3]),
        altup_correct_scale=draw.choice([ABSENT, True, False]),
    )
    return held | _one_rotation_each(draw)


STREAMS: Mapping[str, Family] = {
    "gemma3n_text": _gemma3n_text,
}
