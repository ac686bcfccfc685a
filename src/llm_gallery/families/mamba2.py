"""Mamba-2: a state space with one decay a head in every layer and nothing else, neither attention nor MLP.

Reference: transformers/models/mamba2/modeling_mamba2.py, and
https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/mamba2.py, whose class has the same name
Paper: https://arxiv.org/abs/2405.21060
"""

from __future__ import annotations

from math import inf
from typing import Annotated, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Convolved, layer, residual, rms_norm, with_settings
from llm_gallery.architecture.parts import mamba2 as state_space
from llm_gallery.architecture.parts.basic import settings
from llm_gallery.families._config import Size, config, exactly, multiple, same
from llm_gallery.families._values import Bounds
from llm_gallery.families.mamba import NOT_COMPUTED, StateSpaces, language_model

OF_FLA = (
    "A_init_range", "conv_init", "dt_init_floor", "dt_max", "dt_min", "fuse_cross_entropy", "fuse_linear_cross_entropy",
    "fuse_norm", "use_l2warp",
)  # fmt: skip
"""Keys of Flash Linear Attention's class of the type that choose kernels, or where training begins."""

Bound = Annotated[float, Bounds(0, inf)]
"""Of steps, in a file that may say that there is none."""


@config("mamba2", unused=(*NOT_COMPUTED, *OF_FLA, "time_step_rank"))
class Mamba2(StateSpaces):
    """Flash Linear Attention's class has keys of its own; with `rmsnorm`, or what `filled` knows it by, it is the one meant."""

    num_heads: Size
    head_dim: Size
    n_groups: Size
    rmsnorm: Literal[True] | None = None
    norm_before_gate: bool = False  # the reference's own class never heeds it
    D_has_hdim: Literal[False] = False
    time_step_limit: tuple[Bound, ...] | None = None
    dt_limit: tuple[Bound, ...] | None = None  # the same in Flash Linear Attention's word


def mamba2(c: Mamba2) -> Block:
    inner = derived(c.expand * c.hidden_size, "expand x hidden_size")
    same(c.num_heads * c.head_dim, inner, ("num_heads x head_dim", "expand x hidden_size"))
    multiple(c.num_heads, c.n_groups, ("num_heads", "n_groups"))
    mixer = state_space(
        "mixer",
        width=c.hidden_size,
        heads=c.num_heads,
        head_dim=c.head_dim,
        state_dim=c.state_size,
        groups=c.n_groups,
        convolved=Convolved(c.conv_kernel, c.hidden_act, c.use_conv_bias),
        bias=c.use_bias,
    )
    first = c.rmsnorm is not None and c.norm_before_gate
    mixer = with_settings(
        mixer,
        **settings(
            norm_groups=int(c.n_groups) if c.n_groups > 1 else None,
            norm_first=first or None,
            unknown=bounded(c),
        ),
    )
    return language_model(c, layer(residual(rms_norm("norm", c.hidden_size), mixer)))


def bounded(c: Mamba2) -> str | None:
    """Why a model whose steps have bounds doesn't run: both classes heed them of a text, and not of a token alone."""
    for key, said in (("time_step_limit", c.time_step_limit), ("dt_limit", c.dt_limit)):
        if said is not None and tuple(exactly(said, 2, key)) != (0, inf):
            return (
                f"{key} bounds the steps of a whole text, and not those of a token that is written"
            )
    return None
