"""Random configs of families whose layers share a block, drawn with a seed."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.truth.mutations import ABSENT, Config, Family, _drawn


def _zamba2(draw: Random) -> Config:
    """Heads of attention over twice the width, and of Mamba-2 over what its own is expanded to."""
    kv_heads, expand = draw.choice([1, 2]), draw.choice([1, 2])
    heads = kv_heads * draw.choice([1, 2])
    adapted = draw.choice([True, False])  # keys as many as queries
    layers = draw.randint(1, 9)
    kinds = [draw.choice(["hybrid", "linear_attention", "mamba"]) for _ in range(layers)]
    kinds[draw.randrange(layers)] = "hybrid"  # the reference keeps no cache without attention
    return _drawn(
        draw,
        "zamba2",
        *("head_dim", "attention_head_dim", "layer_types", "partial_rotary_factor"),
        hidden_size=heads * draw.choice([8, 64]),
        num_attention_heads=heads,
        num_key_value_heads=heads if adapted else kv_heads,
        use_shared_attention_adapter=adapted,
        num_hidden_layers=layers,
        layers_block_type=kinds,
        mamba_expand=expand,
        n_mamba_heads=heads * expand,
        mamba_ngroups=draw.choice([1, heads]),
        num_mem_blocks=draw.choice([1, 2, 3, ABSENT]),
    )


SHARED_BLOCKS: Mapping[str, Family] = {"zamba2": _zamba2}
