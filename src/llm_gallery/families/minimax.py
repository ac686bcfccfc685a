"""MiniMax-01: seven Lightning attention layers to each of Mixtral's, norms on the residual stream itself.

Reference: transformers/models/minimax/modular_minimax.py
Paper: https://arxiv.org/abs/2501.08313
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Positions,
    layer,
    lightning_attention,
    residual,
    with_settings,
)
from llm_gallery.families._config import Size, config
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families._saved import Saved
from llm_gallery.families.llama import decoder, grouped_query, head_dim, norm
from llm_gallery.families.mixtral import Mixtral, moe

KINDS = ("full_attention", "linear_attention")
OF_THE_PUBLISHED_CODE = ("block_size", "postnorm", "shared_intermediate_size", "shared_moe_mode")


@config(
    "minimax",
    unused=OF_THE_PUBLISHED_CODE,
    # Decays follow from the numbers of head and layer.
    saved=Saved(recomputed=r"(_decay|slope_rate)$"),
)
class MiniMax(Mixtral):
    layer_types: tuple[str, ...] | None
    rotary_dim: Size | None = None
    full_attn_alpha_factor: float
    full_attn_beta_factor: float
    linear_attn_alpha_factor: float
    linear_attn_beta_factor: float
    mlp_alpha_factor: float
    mlp_beta_factor: float


def minimax(c: MiniMax) -> Block:
    count = c.num_hidden_layers
    types = typed(c.layer_types, count, [KINDS[i % 2] for i in range(count)], KINDS)
    return decoder(
        c,
        each(types, lambda kind: decoder_layer(c, kind)),
        stream_scale=branch_factor(
            c.full_attn_alpha_factor, c.linear_attn_alpha_factor, c.mlp_alpha_factor
        ),
        residual_scale=branch_factor(
            c.full_attn_beta_factor, c.linear_attn_beta_factor, c.mlp_beta_factor
        ),
    )


def branch_factor(full: float, lightning: float, mlp: float) -> float | str:
    """The factor of all branches, or each one's in words."""
    if full == lightning == mlp:
        return full
    return f"attention {full:.4g}, lightning {lightning:.4g}, experts {mlp:.4g}"


def decoder_layer(c: MiniMax, kind: str) -> Block:
    """Each norm changes the stream that the next branch is added to, which is scaled first."""
    if kind == "linear_attention":
        mixer, alpha, beta = lightning(c), c.linear_attn_alpha_factor, c.linear_attn_beta_factor
    else:
        mixer = grouped_query(c, positions=positions(c), bias=False, window=c.sliding_window)
        alpha, beta = c.full_attn_alpha_factor, c.full_attn_beta_factor
    return layer(
        norm(c, "input_layernorm"),
        with_settings(residual(mixer), stream_scale=alpha, residual_scale=beta),
        norm(c, "post_attention_layernorm"),
        with_settings(
            residual(moe(c)), stream_scale=c.mlp_alpha_factor, residual_scale=c.mlp_beta_factor
        ),
    )


def lightning(c: MiniMax) -> Block:
    return lightning_attention(
        "self_attn",
        width=c.hidden_size,
        heads=c.num_attention_heads,
        head_dim=head_dim(c),
        positions=NO_POSITION,
        names=("qkv_proj", "norm", "output_gate", "out_proj"),
        activation=c.hidden_act,
        norm_eps=1e-6,
        grouped=True,
        state_dtype="bfloat16",  # the model's, as the reference keeps it
    )


def positions(c: MiniMax) -> Positions:
    """`rotary_dim` states what other configs state as a part of the head."""
    whole = rope(c, head_dim(c))
    if c.rotary_dim is None or c.partial_rotary_factor is not None:
        return whole
    return whole._replace(rotated=c.rotary_dim)
