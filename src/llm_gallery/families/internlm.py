"""InternLM: Llama with as many keys as queries, and biases on q, k, v and o.

Reference: vllm/model_executor/models/llama.py, which loads InternLMForCausalLM, and modeling_internlm.py of the release
Model: https://huggingface.co/internlm/internlm-7b
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Length, Size, config, stated
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu

BASE = 10000.0
"""Of the rotation, where the config doesn't say; the class's own default."""


@config("", unused=("type", "scaling_factor"))
class Rotary:
    """A dynamic rotation is a plain one up to max_position_embeddings; the class stretches it beyond alone."""

    base: float = BASE


@config("internlm", unused=("attn_implementation",))
class InternLM(Llama):
    """Defaults are those of configuration_internlm.py beside the reference."""

    num_key_value_heads: Size | None = None
    hidden_act: str = "silu"
    max_position_embeddings: Length = 2048
    tie_word_embeddings: bool = False
    bias: bool = True
    rotary: Rotary | None = None


def internlm(c: InternLM) -> Block:
    base = BASE if c.rotary is None else c.rotary.base
    attention = grouped_query(c, positions=rope(c, head_dim(c), base=base), bias=stated(c, "bias"))
    return decoder(c, [pre_norm(c, attention, swiglu(c))] * c.num_hidden_layers)
