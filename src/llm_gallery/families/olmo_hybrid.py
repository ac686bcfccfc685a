"""OLMo Hybrid: three Gated DeltaNet layers, each norm before its sublayer, to each of OLMo 3's attention layers, norms after, and no positions.

`rope_theta: null` means no rotation here, where most classes take their own base.

Reference: transformers/models/olmo_hybrid/modular_olmo_hybrid.py
Paper: https://arxiv.org/abs/2604.03444
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Positions,
    gated_deltanet,
)
from llm_gallery.architecture.parts.recurrent.gated_deltanet import stored_apart
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Base, Size, config, multiple, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families._rope_scale import extension
from llm_gallery.families._saved import Saved
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu
from llm_gallery.families.olmo2 import post_norm

KINDS = ("linear_attention", "full_attention")
OUTPUT_EPS = 1e-5
"""Of the norm on what a state gives; the config's epsilon is that of all others."""


@config(
    "olmo_hybrid",
    unused=(
        "linear_a_log_max",
        "linear_a_log_min",
        "linear_dt_init_floor",
        "linear_dt_max",
        "linear_dt_min",
    ),
    # Saving gives the norms of both kinds of layer their names before the release.
    saved=Saved(
        {
            "attention_layer_norm": "input_layernorm",
            "feedforward_layer_norm": "post_attention_layernorm",
        },
        recut=("q_conv1d", "k_conv1d", "v_conv1d"),
    ),
)
class OlmoHybrid(Llama):
    rope_theta: Base | None = None
    layer_types: tuple[str, ...] | None
    linear_num_key_heads: Size | None
    linear_num_value_heads: Size | None
    linear_key_head_dim: Size | None
    linear_value_head_dim: Size | None
    linear_conv_kernel_dim: Size
    linear_allow_neg_eigval: bool


def olmo_hybrid(c: OlmoHybrid) -> Block:
    builders = {
        "linear_attention": lambda: pre_norm(c, delta(c), swiglu(c)),
        "full_attention": lambda: post_norm(c, attention(c)),
    }
    return decoder(c, each(layer_types(c), lambda kind: builders[kind]()))


def layer_types(c: OlmoHybrid) -> Sequence[str]:
    """As the config lists them, or each fourth attends, in a short stack the last; both kinds must be there."""
    count = c.num_hidden_layers
    default = [KINDS[i % 4 == 3] for i in range(count)]
    if KINDS[1] not in default:
        default[-1] = KINDS[1]
    types = typed(c.layer_types, count, default, KINDS)
    for kind in KINDS:
        if kind not in types:
            raise Refusal(
                f"layer_types has no {kind}, expected both {' and '.join(KINDS)}; "
                "correct it, or num_hidden_layers, in the config"
            )
    return types


def attention(c: OlmoHybrid) -> Block:
    """OLMo 3's without a window; it is rotated only where the config states a base."""
    return grouped_query(c, qk_norm="all heads", positions=positions(c))


def positions(c: OlmoHybrid) -> Positions:
    """None where the base is null, as in the release: that isn't the same as a base left out."""
    _, scaling = extension(c)
    base = scaling.get("rope_theta", c.rope_theta)
    return NO_POSITION if base is None else rope(c, head_dim(c))


def delta(c: OlmoHybrid) -> Block:
    """Gated DeltaNet, every projection and each of three convolutions stored by itself."""
    heads = c.num_attention_heads
    key_heads = c.linear_num_key_heads or derived(heads * 1, "num_attention_heads")
    value_heads = c.linear_num_value_heads or derived(heads * 1, "num_attention_heads")
    multiple(value_heads, key_heads, ("linear_num_value_heads", "linear_num_key_heads"))
    key_dim = c.linear_key_head_dim or default_key_dim(c, key_heads)
    value_dim = c.linear_value_head_dim or derived(2 * key_dim, "2 x linear_key_head_dim")
    mixer = gated_deltanet(
        "linear_attn",
        width=c.hidden_size,
        key_heads=key_heads,
        value_heads=value_heads,
        key_dim=key_dim,
        value_dim=value_dim,
        taps=c.linear_conv_kernel_dim,
        activation=c.hidden_act,
        gate="silu" if c.hidden_act != "silu" else None,
        negative_eigenvalues=stated(c, "linear_allow_neg_eigval"),
    )
    return stored_apart(mixer, c.hidden_size, c.linear_conv_kernel_dim, OUTPUT_EPS)


def default_key_dim(c: OlmoHybrid, key_heads: int) -> int:
    """The size of a key where the config doesn't say."""
    size = int(0.75 * c.hidden_size / key_heads)
    if size < 1:
        raise Refusal(
            f"0.75 x hidden_size ({c.hidden_size}) / linear_num_key_heads ({key_heads}) is less than "
            "one number a key; state linear_key_head_dim"
        )
    return derived(size, "0.75 x hidden_size / linear_num_key_heads")
