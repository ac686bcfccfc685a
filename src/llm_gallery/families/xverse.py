"""XVERSE: Llama under a name of its own; its mixtures have experts in every layer, narrower than the dense models' MLPs.

Reference: vllm/model_executor/models/registry.py, which loads XverseForCausalLM as Llama
Reference: sglang/srt/models/xverse_moe.py, and chatllm.cpp's convert.py (experts)
Model: https://huggingface.co/xverse/XVERSE-13B
Model: https://huggingface.co/xverse/XVERSE-MoE-A4.2B
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import experts, mixture_of_experts, router
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Size, at_most, config
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    head_dim,
    pre_norm,
    shared_experts,
    swiglu,
)

BASE = 10000.0
"""Of the rotation, where the config doesn't say."""


@config("xverse", unused=("max_tokenizer_truncation",), classes=("XverseMoeForCausalLM",))
class Xverse(Llama):
    num_key_value_heads: Size | None = None
    tie_word_embeddings: bool = False
    num_experts: Size | None = None  # None: an MLP
    moe_top_k: Size | None = None
    num_shared_experts: Size | None = None
    norm_topk_prob: Literal[True] = True  # of the mixtures, whether a key says so or not


def xverse(c: Xverse) -> Block:
    base = BASE if c.rope_theta is None and c.rope_parameters is None else None
    attention = grouped_query(c, positions=rope(c, head_dim(c), base=base))
    mixing = swiglu(c) if c.num_experts is None else moe(c, c.num_experts)
    return decoder(c, [pre_norm(c, attention, mixing)] * c.num_hidden_layers)


def moe(c: Xverse, stored: int) -> Block:
    """Experts as wide as the config's MLP, of softmax shares that sum to 1, beside one as wide as all shared ones."""
    if c.moe_top_k is None:
        raise Refusal(
            f"moe_top_k is missing, expected how many of num_experts ({stored}) a token runs; add it"
        )
    at_most(c.moe_top_k, stored, ("moe_top_k", "num_experts"))
    shared, inner = c.num_shared_experts, c.intermediate_size
    return mixture_of_experts(
        "mlp",
        router=router("router", width=c.hidden_size, experts=stored),
        experts=experts(swiglu(c, "experts", inner), stored=stored, used=c.moe_top_k),
        shared=None
        if shared is None
        else shared_experts(c, shared, inner, "num_shared_experts", each="intermediate_size"),
        scoring="softmax",
        normalized=True,
    )
