"""Mamba: a selective state space in every layer and nothing else, neither attention nor MLP.

Reference: transformers/models/mamba/modeling_mamba.py
Paper: https://arxiv.org/abs/2312.00752
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    embedding,
    facts,
    group,
    head,
    layer,
    residual,
    rms_norm,
    stack,
)
from llm_gallery.architecture.parts import mamba as selective_state_space
from llm_gallery.families._config import Depth, Size, config, stated

NOT_COMPUTED = (
    "d_inner", "d_model", "fused_add_norm", "intermediate_size", "n_layer",
    "pad_vocab_size_multiple", "rms_norm", "ssm_cfg", "time_step_init_scheme", "time_step_scale",
    "use_associative_scan", "use_mambapy",
)  # fmt: skip


@config("mamba", unused=NOT_COMPUTED)
class Mamba:
    vocab_size: Size
    hidden_size: Size
    num_hidden_layers: Depth
    state_size: Size
    expand: Size
    conv_kernel: Size
    time_step_rank: Literal["auto"] | Size
    hidden_act: str
    use_bias: bool
    use_conv_bias: bool
    tie_word_embeddings: bool


def mamba(c: Mamba) -> Block:
    width, tied = c.hidden_size, stated(c, "tie_word_embeddings")
    table = "backbone.embeddings.weight" if tied.value else None
    one = layer(residual(rms_norm("norm", width), state_space(c)))
    return Block(
        "language_model",
        facts=facts(width=width, vocabulary=c.vocab_size, tied=tied),
        inside=(
            group(
                "backbone",
                embedding("embeddings", c.vocab_size, width),
                stack("layers", [one] * c.num_hidden_layers),
                rms_norm("norm_f", width),
            ),
            head("lm_head", c.vocab_size, width, tied_to=table, tied=tied),
        ),
    )


def state_space(c: Mamba) -> Block:
    return selective_state_space(
        "mixer",
        width=c.hidden_size,
        inner=derived(c.expand * c.hidden_size, "expand x hidden_size"),
        state_dim=c.state_size,
        step_rank=step_rank(c),
        taps=c.conv_kernel,
        activation=c.hidden_act,
        bias=stated(c, "use_bias"),
        convolution_bias=c.use_conv_bias,
    )


def step_rank(c: Mamba) -> int:
    """A sixteenth of the width, rounded up, where the config leaves it to the class."""
    if isinstance(c.time_step_rank, int):
        return c.time_step_rank
    return derived(-(-c.hidden_size // 16), "hidden_size / 16")
