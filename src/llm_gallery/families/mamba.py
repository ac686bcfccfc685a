"""Mamba: a selective state space in every layer and nothing else, neither attention nor MLP.

Reference: transformers/models/mamba/modeling_mamba.py, from which
https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/mamba.py is taken
Paper: https://arxiv.org/abs/2312.00752
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture import parts
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Convolved, Names, layer, residual, rms_norm, stack
from llm_gallery.architecture.parts import mamba as selective_state_space
from llm_gallery.families._config import Depth, Size, config, same, stated

NOT_COMPUTED = (
    "d_inner", "fused_add_norm", "pad_vocab_size_multiple", "rms_norm", "ssm_cfg", "time_step_init_scheme",
    "time_step_scale", "use_associative_scan", "use_mambapy",
)  # fmt: skip


@config("mamba")
class StateSpaces:
    """The keys of both generations."""

    vocab_size: Size
    hidden_size: Size
    num_hidden_layers: Depth
    state_size: Size
    expand: Size
    conv_kernel: Size
    hidden_act: str
    use_bias: bool
    use_conv_bias: bool
    tie_word_embeddings: bool


OF_FLA = (
    "dt_init_floor", "dt_init_scheme", "dt_max", "dt_min", "dt_scale", "fuse_cross_entropy",
    "fuse_linear_cross_entropy", "fuse_norm", "num_heads", "use_l2warp",
)  # fmt: skip
"""Keys of Flash Linear Attention's class of the type that choose kernels, or where training begins."""


@config("mamba", unused=(*NOT_COMPUTED, *OF_FLA), unless={"time_step_rank": "dt_rank"})
class Mamba(StateSpaces):
    time_step_rank: Literal["auto"] | Size | None
    dt_rank: Literal["auto"] | Size | None = None  # the same in Flash Linear Attention's word
    intermediate_size: Size | None = None
    d_model: Size | None = None  # the first release's own names, beside the reference's
    n_layer: Depth | None = None


def mamba(c: Mamba) -> Block:
    return language_model(c, layer(residual(rms_norm("norm", c.hidden_size), state_space(c))))


def language_model(c: StateSpaces, block: Block) -> Block:
    return parts.language_model(
        stack("layers", [block] * c.num_hidden_layers),
        Names("backbone", "embeddings"),
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        tied=stated(c, "tie_word_embeddings"),
        after=(rms_norm("norm_f", c.hidden_size),),
    )


def state_space(c: Mamba) -> Block:
    for key, said, name, value in (
        ("d_model", c.d_model, "hidden_size", c.hidden_size),
        ("n_layer", c.n_layer, "num_hidden_layers", c.num_hidden_layers),
    ):
        if said is not None:
            same(said, value, (key, name))
    return selective_state_space(
        "mixer",
        width=c.hidden_size,
        inner=inner(c),
        state_dim=c.state_size,
        step_rank=step_rank(c),
        convolved=Convolved(c.conv_kernel, c.hidden_act, c.use_conv_bias),
        bias=stated(c, "use_bias"),
    )


def inner(c: Mamba) -> int:
    """The width of the state space: stated (Falcon Mamba's isn't what `expand` gives), or `expand` times the stream's."""
    if c.intermediate_size is not None:
        return c.intermediate_size
    return derived(c.expand * c.hidden_size, "expand x hidden_size")


def step_rank(c: Mamba) -> int:
    """A sixteenth of the width, rounded up, where the config leaves it to the class."""
    said = c.dt_rank if c.time_step_rank is None else c.time_step_rank
    if isinstance(said, int):
        return said
    return derived(-(-c.hidden_size // 16), "hidden_size / 16")
