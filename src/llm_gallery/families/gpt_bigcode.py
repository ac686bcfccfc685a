"""StarCoder and SantaCoder: GPT-2 with one key and value head for all queries.

Reference: transformers/models/gpt_bigcode/modeling_gpt_bigcode.py
Paper: https://arxiv.org/abs/2305.06161
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Positions,
    attention,
    language_model,
    layer,
    layer_norm,
    learned_positions,
    linear,
    plain_mlp,
    residual,
    stack,
)
from llm_gallery.families._config import config, multiple, stated
from llm_gallery.families.gpt2 import Gpt2


@config(
    "gpt_bigcode",
    unused=(
        "attention_softmax_in_fp32", "scale_attention_softmax_in_fp32", "inference_runner",
        "max_batch_size", "max_sequence_length", "pad_key_length", "pre_allocate_kv_cache",
        "validate_runner_input",
    ),
)  # fmt: skip
class GptBigcode(Gpt2):
    scale_attn_by_inverse_layer_idx: bool = False
    multi_query: bool


def gpt_bigcode(c: GptBigcode) -> Block:
    width = c.n_embd
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=derived(4 * width, "4 x n_embd") if c.n_inner is None else c.n_inner,
        activation=c.activation_function,
        names=("c_fc", "c_proj"),
        bias=True,
    )
    one = layer(
        residual(layer_norm("ln_1", width), multi_query(c)),
        residual(layer_norm("ln_2", width), mlp),
    )
    return language_model(
        stack("h", [one] * c.n_layer),
        body="transformer",
        table="wte",
        vocabulary=c.vocab_size,
        width=width,
        context=c.n_positions,
        tied=stated(c, "tie_word_embeddings"),
        before=(learned_positions("wpe", c.n_positions, width),),
        after=(layer_norm("ln_f", width),),
    )


def multi_query(c: GptBigcode) -> Block:
    width, heads = c.n_embd, c.n_head
    dim = derived(multiple(width, heads, ("n_embd", "n_head")), "n_embd / n_head")
    kv_heads = derived(1 if c.multi_query else heads * 1, "multi_query")
    return attention(
        "attn",
        heads=heads,
        kv_heads=kv_heads,
        head_dim=dim,
        positions=Positions(kind="learned"),
        inside=(
            linear("c_attn", width, width + 2 * kv_heads * dim, bias=True),
            linear("c_proj", width, width, bias=True),
        ),
        bias=True,
    )
