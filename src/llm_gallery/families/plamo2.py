"""PLaMo 2: Samba's state spaces and windowed attention by turns, with norms before and after each branch.

Its Mamba chooses B, C and the step from the convolved stream, each normed; step and decay are one number a head. A query
sees the window's tokens before its own, and that one. Where heads share keys, neighbours do, as its makers' code for vLLM has it.

Reference: vllm/model_executor/models/plamo2.py, mlx-examples llms/mlx_lm/models/plamo2.py (transformers has no such type)
Paper: https://arxiv.org/abs/2509.04897
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    Positions,
    attention,
    convolution,
    facts,
    gated_mlp,
    language_model,
    layer,
    linear,
    residual,
    rms_norm,
    stack,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import (
    Count,
    Depth,
    Length,
    Size,
    config,
    multiple,
    same,
    stated,
)
from llm_gallery.families._layers import each

BASE = 10000.0
"""Of the rotation, for which the published class has no key."""
HEAD_EPS = 1e-6
"""Of the norms of heads, whatever `rms_norm_eps` says."""
LEAST_RANK = 64
BEFORE, AFTER_MIXER, AFTER_MLP = 1.0, 1 / 5, 1 / 5**1.5
"""What is added to the scales of norms before and after branches."""


@config(
    "plamo2",
    unused=(
        "capacity_factor", "eval_attention_n_bit", "eval_mlp_n_bit", "expert_dropout", "fp8_accum_dtype", "group_size",
        "image_feature_size", "image_proj_type", "linear_type", "mamba_chunk_size", "sliding_window",
    ),
    classes=("Plamo2ForCausalLM",),
)  # fmt: skip
class Plamo2:
    """Defaults are those of the release's configuration."""

    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size = 4
    hidden_size_per_head: Size = 128
    max_position_embeddings: Length
    attention_window_size: Length = 2048
    full_attention_idx: tuple[Count, ...] | None = None
    mamba_d_state: Size = 64
    mamba_d_conv: Size = 4
    mamba_num_heads: Size = 64
    mamba_step: Size = 2
    mamba_enabled: bool = True
    rope_theta: float = BASE
    tie_word_embeddings: bool = True
    n_expert: None = None  # no release has experts or sees pictures
    k_expert: None = None
    sparse_step: None = None
    sparse_intermediate_size: None = None
    shared_intermediate_size: None = None
    image_token_id: None = None
    use_predefined_initial_state: Literal[False] = False


def plamo2(c: Plamo2) -> Block:
    same(c.rope_theta, BASE, ("rope_theta", "the base of the published class"))
    full = c.full_attention_idx or ()
    keys = [(attends(c, i), i in full) for i in range(c.num_hidden_layers)]
    return language_model(
        stack("layers.layers", each(keys, lambda key: decoder_layer(c, *key))),
        Names(),
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        after=(rms_norm("norm", c.hidden_size, offset=BEFORE),),
    )


def attends(c: Plamo2, index: int) -> bool:
    """Whether a layer attends: one in the middle of each `mamba_step`, or the last of a stack too short for that."""
    if not c.mamba_enabled:
        return True
    step = c.mamba_step
    if step < 2:
        raise Refusal(f"mamba_step is {step}, expected 2 or more where mamba_enabled; correct it")
    if c.num_hidden_layers <= step // 2:
        return index == c.num_hidden_layers - 1
    return index % step == step // 2


def decoder_layer(c: Plamo2, attending: bool, full: bool) -> Block:
    width = c.hidden_size
    mlp = gated_mlp("mlp", width=width, inner=c.intermediate_size, activation="silu", fused=True)
    return layer(
        residual(
            rms_norm("pre_mixer_norm", width, offset=BEFORE),
            grouped_query(c, full) if attending else state_space(c),
            rms_norm("post_mixer_norm", width, offset=AFTER_MIXER),
        ),
        residual(
            rms_norm("pre_mlp_norm", width, offset=BEFORE),
            mlp,
            rms_norm("post_mlp_norm", width, offset=AFTER_MLP),
        ),
    )


def grouped_query(c: Plamo2, full: bool) -> Block:
    """Heads of queries and keys are normed each with scales of its own; a layer of `full_attention_idx` has no window."""
    width, queries, keys, dim = c.hidden_size, c.num_attention_heads, c.num_key_value_heads, c.hidden_size_per_head  # fmt: skip
    multiple(queries, keys, ("num_attention_heads", "num_key_value_heads"))
    multiple(dim, 2, ("hidden_size_per_head", "the two channels that turn together"))
    rows = (queries * dim, keys * dim, keys * dim)
    return attention(
        "mixer",
        heads=Heads(queries, keys, dim),
        positions=Positions(kind="rope", rotated=dim, base=BASE),
        inside=(
            linear("qkv_proj", width, sum(rows), role=("query", "key", "value"), rows=rows),
            linear("o_proj", queries * dim, width, role="output"),
            scale("q_weight", "query_norm", dim, queries, eps=HEAD_EPS),
            scale("k_weight", "key_norm", dim, keys, eps=HEAD_EPS),
        ),
        window=None if full else derived(c.attention_window_size + 1, "attention_window_size + 1"),
        qk_norm="each head its own",
    )


def scale(name: str, role: str, width: int, heads: int = 0, eps: float | None = None) -> Block:
    """A norm whose scale its mixer stores, as it is."""
    shape = (int(heads), int(width)) if heads else (int(width),)
    stored = (Tensor(name, shape, role="weight"),)
    block = Block("rms_norm", "", facts(width=int(width)), stored, roles=(role,))
    return block if eps is None else with_settings(block, eps=eps)


def state_space(c: Plamo2) -> Block:
    """Gate and stream by turns, a head at a time; of the stream, convolved, B, C and a step for each head."""
    width, heads, dim, states = c.hidden_size, c.mamba_num_heads, c.hidden_size_per_head, c.mamba_d_state  # fmt: skip
    inner = derived(heads * dim, "mamba_num_heads x hidden_size_per_head")
    rank = derived(max(LEAST_RANK, width // 16), "hidden_size / 16, at least 64")
    rows = (states, states, int(rank))
    per_head = (int(heads),)
    return Block(
        "mamba",
        "mixer",
        facts(
            inner=inner,
            state_dim=states,
            step_rank=rank,
            step_heads=heads,
            taps=c.mamba_d_conv,
            activation="silu",
            bias=False,
            state_dtype="float32",
        ),
        (
            Tensor("dt_bias", per_head, role="step_bias"),
            Tensor("A_log", per_head, role="decay"),
            Tensor("D", per_head, role="skip"),
        ),
        (
            linear("in_proj", width, 2 * inner, role=("gate", "x"), rows=(dim, dim), groups=heads),
            convolution("conv1d", inner, c.mamba_d_conv),
            linear("bcdt_proj", inner, sum(rows), role=("B", "C", "step_down"), rows=rows),
            linear("dt_proj", rank, heads, role="step"),
            scale("dt_norm_weight", "step_norm", rank),
            scale("B_norm_weight", "B_norm", states),
            scale("C_norm_weight", "C_norm", states),
            linear("out_proj", inner, width, role="output"),
        ),
    )
