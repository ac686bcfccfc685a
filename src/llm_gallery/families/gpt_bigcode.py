"""StarCoder and SantaCoder: GPT-2 with one key and value head for all queries.

Reference: transformers/models/gpt_bigcode/modeling_gpt_bigcode.py
Paper: https://arxiv.org/abs/2305.06161
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Heads, joint_attention
from llm_gallery.families._config import config, shared_among
from llm_gallery.families.gpt2 import (
    LEARNED,
    Gpt2,
    inner,
    mlp,
    positions,
    pre_norm,
    scaling,
    transformer,
)

OF_THE_PUBLISHED_CODE = (
    "attention_softmax_in_fp32", "scale_attention_softmax_in_fp32", "inference_runner",
    "max_batch_size", "max_sequence_length", "pad_key_length", "pre_allocate_kv_cache",
    "validate_runner_input", "num_key_value_heads",  # which follows from multi_query
)  # fmt: skip


@config("gpt_bigcode", unused=OF_THE_PUBLISHED_CODE)
class GptBigcode(Gpt2):
    scale_attn_by_inverse_layer_idx: bool = False
    multi_query: bool


def gpt_bigcode(c: GptBigcode) -> Block:
    attention = joint_attention(
        "attn",
        width=c.n_embd,
        heads=Heads(
            c.n_head,
            derived(1 if c.multi_query else c.n_head * 1, "multi_query"),
            shared_among(c.n_embd, c.n_head, ("n_embd", "n_head")),
        ),
        positions=LEARNED,
        names=("c_attn", "c_proj"),
        grouped=True,
        scaling=scaling(c),
        bias=True,
    )
    branch = mlp(c.n_embd, inner(c), c.activation_function, transposed=False)
    return transformer(c, pre_norm(c, attention, branch), positions(c))
