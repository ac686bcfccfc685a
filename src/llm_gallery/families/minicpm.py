"""MiniCPM: Llama, or with Mixtral's experts, with embedding, branches and scores scaled as muP asks.

MiniCPM4 reads of a long text blocks alone that the means of their keys choose. The means are made of keys that are
kept anyway, so that they count as no cache, though its own code keeps them.

Reference: modeling_minicpm.py of the release (transformers has no such type), and vllm/model_executor/models/minicpm.py
Model: https://huggingface.co/openbmb/MiniCPM-2B-sft-bf16
Paper: https://arxiv.org/abs/2404.06395
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    ByMeans,
    Head,
    choosing_by_means,
    experts,
    gated_mlp,
    mixture_of_experts,
    router,
)
from llm_gallery.families._config import Count, Json, Length, Size, at_most, config, multiple, same
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("", unused=("sparse_prefill", "prefill_query_chunk_size"))
class InfLlm:
    """Which blocks MiniCPM4 reads of a long text; defaults are those of its attention class."""

    kernel_size: Size = 32
    kernel_stride: Size = 16
    init_blocks: Count = 1
    block_size: Size = 64
    window_size: Size = 2048
    topk: Size = 64
    dense_len: int = 8192
    use_nope: Literal[False] = (
        False  # else it keeps the keys as they were before their rotation, too
    )


@config("minicpm", unused=("mup_denominator",))
class Scaled(Llama):
    """The keys of both MiniCPM classes. Defaults are those of configuration_minicpm.py beside the reference."""

    num_key_value_heads: Size | None = None
    hidden_act: str = "silu"
    max_position_embeddings: Length = 2048
    rope_theta: float | None = 10000.0
    tie_word_embeddings: bool = True
    scale_emb: float = 1.0
    scale_depth: float = 1.0
    dim_model_base: float = 1.0


@config("minicpm")
class MiniCPM(Scaled):
    num_experts: Count = 0
    num_experts_per_tok: Size = 2
    sparse_config: InfLlm | None = None


def minicpm(c: MiniCPM) -> Block:
    channels = moe(c) if c.num_experts else swiglu(c)
    return scaled(c, [pre_norm(c, attention(c), channels)] * c.num_hidden_layers)


def scaled(c: Scaled, layers: Sequence[Block]) -> Block:
    """The whole with muP's scales."""
    depth = derived(
        c.scale_depth / c.num_hidden_layers**0.5, "scale_depth / root of num_hidden_layers"
    )
    scores = derived(c.dim_model_base / c.hidden_size, "dim_model_base / hidden_size")
    return decoder(
        c,
        layers,
        embedding_scale=c.scale_emb,
        residual_scale=depth,
        head=Head(scale=scores),
    )


def attention(c: MiniCPM) -> Block:
    block, said = grouped_query(c), c.sparse_config
    return block if said is None else choosing_by_means(block, by_means(said))


def by_means(c: InfLlm) -> ByMeans:
    """Beside those that score best it reads the last ones, and the first among them."""
    size, window, span, every = (
        ("sparse_config." + key, getattr(c, key))
        for key in ("block_size", "window_size", "kernel_size", "kernel_stride")
    )
    last = multiple(window[1], size[1], (window[0], size[0]))
    multiple(size[1], every[1], (size[0], every[0]))
    # The kernels pool as if each mean reached half into the next one: one before a block's first is counted with it.
    same(span[1], 2 * every[1], (span[0], f"2 x {every[0]}"))
    # Tokens that see no mean of four times as many keys score by nothing: the window is to hold all they see.
    at_most(4 * (span[1] + every[1]), window[1], (f"4 x ({span[0]} + {every[0]})", window[0]))
    # The token's own block is read beside those of the window.
    at_most(c.init_blocks + 1, c.topk, ("sparse_config.init_blocks + 1", "sparse_config.topk"))
    return ByMeans(
        first=c.dense_len if c.dense_len > 0 else derived(1, "dense_len"),  # -1: always
        blocks=derived(c.topk + last, "topk + window_size / block_size"),
        always=(c.init_blocks, last),
        size=c.block_size,
        means=c.kernel_size,
        every=c.kernel_stride,
    )


def moe(c: MiniCPM) -> Block:
    """Mixtral's experts, named w1 (gate), w3 (up) and w2 (down)."""
    at_most(c.num_experts_per_tok, c.num_experts, ("num_experts_per_tok", "num_experts"))
    expert = gated_mlp(
        "experts",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("w1", "w3", "w2"),
    )
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=c.num_experts),
        experts=experts(expert, stored=c.num_experts, used=c.num_experts_per_tok),
        scoring="softmax",
        normalized=True,
    )


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """InfLLM's choice: nine blocks are read, one of them by its score."""
    if isinstance(small.get("sparse_config"), dict):
        small["sparse_config"] |= {
            "kernel_size": 4,
            "kernel_stride": 2,
            "block_size": 4,
            "window_size": 24,
            "topk": 3,
            "init_blocks": 1,
            "dense_len": 20,
        }
