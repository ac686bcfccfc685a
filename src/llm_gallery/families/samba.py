"""Samba: Mamba and windowed attention by turns, an MLP after each, as Flash Linear Attention has it.

Files before it had `attn`, and a Samba without the convolution's bias, are refused.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/models/samba/modeling_samba.py
Paper: https://arxiv.org/abs/2406.07522
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Convolved, mamba
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Factor, Length, Size, altered, config, stated
from llm_gallery.families._of_fla import (
    KERNELS,
    Attended,
    Attending,
    OfFla,
    attending,
    attending_layers,
    decoder,
    swiglu,
)

NOT_COMPUTED = (
    "fuse_norm", "max_position_embeddings", "rescale_prenorm_residual", "residual_in_fp32", "time_step_floor",
    "time_step_init_scheme", "time_step_max", "time_step_min", "time_step_scale",
)  # fmt: skip
USUAL = Attending(layers=tuple(range(1, 18, 2)), num_heads=18, num_kv_heads=18, window_size=2048)
"""What the configuration fills in, as far as a stack is deep."""


@config("samba", unused=(*KERNELS, *NOT_COMPUTED), classes=("SambaForCausalLM",))
class Samba(OfFla):
    """`intermediate_size` is that of the state space; the MLP's follows from `hidden_ratio` alone."""

    hidden_act: Literal["swish", "silu"] = "swish"
    norm_eps: float = 1e-5
    state_size: Size = 16
    expand: Factor = 2
    conv_kernel: Size = 4
    time_step_rank: Literal["auto"] | Size = "auto"
    use_bias: bool = False
    use_conv_bias: Literal[True] = (
        True  # without: only files of 2024, which today's class gives one
    )
    attn: Attended = USUAL
    num_heads: Size | None = None  # of the files before `attn`
    window_size: Length | None = None


def samba(c: Samba) -> Block:
    if c.attn is USUAL and (c.num_heads or c.window_size):
        raise Refusal(
            "attn is missing beside num_heads or window_size, expected the layers that attend: "
            "the class ignores these keys without it; add it"
        )

    def mixer(said: Attending | None) -> Block:
        return state_space(c) if said is None else attending(c.hidden_size, said, "mixer")

    return decoder(
        c,
        attending_layers(listed(c), c.num_hidden_layers),
        mixer,
        norms=("mixer_norm", "mlp_norm", "norm_f"),
        root="backbone",
        channels=swiglu(c, None),
    )


def listed(c: Samba) -> Attended:
    """What is said of attention; of the usual layers those that are there."""
    if not isinstance(c.attn, Attending) or c.attn.layers != USUAL.layers:
        return c.attn
    return altered(c.attn, layers=tuple(i for i in USUAL.layers if i < c.num_hidden_layers))


def state_space(c: Samba) -> Block:
    inner, rank = c.intermediate_size, c.time_step_rank
    if inner is None:
        inner = derived(int(c.expand * c.hidden_size), "expand x hidden_size")
    return mamba(
        "mixer",
        width=c.hidden_size,
        inner=inner,
        state_dim=c.state_size,
        step_rank=rank
        if isinstance(rank, int)
        else derived(-(-c.hidden_size // 16), "hidden_size / 16"),
        convolved=Convolved(c.conv_kernel, "silu", True),
        bias=stated(c, "use_bias"),
    )
