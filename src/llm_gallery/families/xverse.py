"""XVERSE: Llama under a name of its own.

Reference: vllm/model_executor/models/registry.py, which loads XverseForCausalLM as Llama
Model: https://huggingface.co/xverse/XVERSE-13B
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Size, config
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu

BASE = 10000.0
"""Of the rotation, where the config doesn't say."""


@config("xverse", unused=("max_tokenizer_truncation",))
class Xverse(Llama):
    """The dense models; of their mixtures of experts no code was at hand."""

    num_key_value_heads: Size | None = None
    tie_word_embeddings: bool = False
    num_experts: None = None
    moe_top_k: None = None
    num_shared_experts: None = None


def xverse(c: Xverse) -> Block:
    base = BASE if c.rope_theta is None and c.rope_parameters is None else None
    attention = grouped_query(c, positions=rope(c, head_dim(c), base=base))
    return decoder(c, [pre_norm(c, attention, swiglu(c))] * c.num_hidden_layers)
