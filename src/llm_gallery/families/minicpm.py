"""MiniCPM: Llama, or with Mixtral's experts, with embedding, branches and scores scaled as muP asks.

Reference: modeling_minicpm.py of the release (transformers has no such type), and vllm/model_executor/models/minicpm.py
Model: https://huggingface.co/openbmb/MiniCPM-2B-sft-bf16
Paper: https://arxiv.org/abs/2404.06395
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Head, experts, gated_mlp, mixture_of_experts, router
from llm_gallery.families._config import Count, Length, Size, at_most, config
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm, swiglu


@config("minicpm", unused=("mup_denominator",))
class MiniCPM(Llama):
    """Defaults are those of configuration_minicpm.py beside the reference."""

    num_key_value_heads: Size | None = None
    hidden_act: str = "silu"
    max_position_embeddings: Length = 2048
    rope_theta: float | None = 10000.0
    tie_word_embeddings: bool = True
    scale_emb: float = 1.0
    scale_depth: float = 1.0
    dim_model_base: float = 1.0
    num_experts: Count = 0
    num_experts_per_tok: Size = 2
    sparse_config: None = None  # InfLLM v2, whose code nobody here has read


def minicpm(c: MiniCPM) -> Block:
    depth = derived(
        c.scale_depth / c.num_hidden_layers**0.5, "scale_depth / root of num_hidden_layers"
    )
    scores = derived(c.dim_model_base / c.hidden_size, "dim_model_base / hidden_size")
    channels = moe(c) if c.num_experts else swiglu(c)
    return decoder(
        c,
        [pre_norm(c, grouped_query(c), channels)] * c.num_hidden_layers,
        embedding_scale=c.scale_emb,
        residual_scale=depth,
        head=Head(scale=scores),
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
