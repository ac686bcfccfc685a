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


def _zamba(draw: Random) -> Config:
    """Two layers at least share the block: the reference builds no model with one."""
    heads = draw.choice([1, 2, 4])
    layers = draw.randint(4, 9)
    kinds = [draw.choice(["hybrid", "linear_attention", "mamba"]) for _ in range(layers)]
    for index in draw.sample(range(layers), 2):
        kinds[index] = "hybrid"
    return _drawn(
        draw,
        "zamba",
        *("layer_types", "attention_hidden_size"),
        hidden_size=heads * draw.choice([8, 64]),
        num_attention_heads=heads,
        num_key_value_heads=draw.choice([1, heads]),
        num_hidden_layers=layers,
        layers_block_type=draw.choice([ABSENT, None, kinds]),
        attn_layer_period=draw.choice([1, 2, 3]),
        attn_layer_offset=0,
        mamba_expand=draw.choice([1, 2]),
        n_mamba_heads=draw.choice([1, 2, 4]),
        hidden_mamba_act=draw.choice(["silu", "gelu", ABSENT]),
    )


SHARED_BLOCKS: Mapping[str, Family] = {"zamba": _zamba, "zamba2": _zamba2}
