"""Mamba-2: a state space with one decay a head in every layer and nothing else, neither attention nor MLP.

Reference: transformers/models/mamba2/modeling_mamba2.py
Paper: https://arxiv.org/abs/2405.21060
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Convolved, layer, residual, rms_norm
from llm_gallery.architecture.parts import mamba2 as state_space
from llm_gallery.families._config import Size, config, multiple, same
from llm_gallery.families.mamba import NOT_COMPUTED, StateSpaces, language_model


@config("mamba2", unused=(*NOT_COMPUTED, "time_step_rank", "norm_before_gate"))
class Mamba2(StateSpaces):
    num_heads: Size
    head_dim: Size
    n_groups: Size


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
    return language_model(c, layer(residual(rms_norm("norm", c.hidden_size), mixer)))
