"""Step 3's language model: many wide heads over one key and value, their queries from a normed latent; experts as Step 3.5's.

Reference: vllm/model_executor/models/step3_text.py and transformers_utils/configs/step3_vl.py
Model: https://huggingface.co/stepfun-ai/step3
Paper: https://arxiv.org/abs/2507.19427
"""

from __future__ import annotations

from collections.abc import Collection

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Heads,
    Shared,
    attention,
    gated_mlp,
    language_model,
    layer,
    linear,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    stack,
    stacked_experts,
    with_settings,
)
from llm_gallery.families._config import Depth, Length, Letters, Size, at_most, config, stated
from llm_gallery.families._layers import each
from llm_gallery.families._rope import Rotary, rope
from llm_gallery.families.llama import norm_settings
from llm_gallery.families.step3p5 import numbered


@config("step3_text", unused=("max_seq_len",), classes=("Step3TextForCausalLM",))
class Step3Text(Rotary):
    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_attention_groups: Size = 1
    head_dim: Size
    share_q_dim: Size
    max_position_embedding: Length
    moe_layers_enum: Letters | None = None  # numbers between commas; null: all but the first
    moe_num_experts: Size
    moe_top_k: Size
    moe_intermediate_size: Size
    share_expert_dim: Size
    norm_expert_weight: bool
    tie_word_embeddings: bool = False


def step3_text(c: Step3Text) -> Block:
    sparse = experts_in(c)
    whole = language_model(
        stack(
            "layers",
            each([i in sparse for i in range(c.num_hidden_layers)], lambda s: decoder_layer(c, s)),
        ),
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        context=c.max_position_embedding,
        tied=stated(c, "tie_word_embeddings"),
        after=(rms_norm("norm", c.hidden_size),),
    )
    return with_settings(whole, **norm_settings(c))


def experts_in(c: Step3Text) -> Collection[int]:
    """The layers with experts."""
    said = c.moe_layers_enum
    return range(1, c.num_hidden_layers) if said is None else numbered(said)


def decoder_layer(c: Step3Text, sparse: bool) -> Block:
    channels = moe(c) if sparse else mlp(c, "mlp", c.intermediate_size)
    return layer(
        residual(rms_norm("input_layernorm", c.hidden_size), multi_query(c)),
        residual(rms_norm("post_attention_layernorm", c.hidden_size), channels),
    )


def multi_query(c: Step3Text) -> Block:
    """Multi-matrix factorization attention: what all heads ask with is made of one latent of `share_q_dim`."""
    heads, keys, dim, width = (
        c.num_attention_heads,
        c.num_attention_groups,
        c.head_dim,
        c.hidden_size,
    )
    return attention(
        "self_attn",
        heads=Heads(heads, keys, dim, query_rank=c.share_q_dim),
        positions=rope(c, dim),
        inside=(
            linear("q_proj", width, c.share_q_dim, role="query_down"),
            rms_norm("inter_norm", c.share_q_dim, role="query_latent_norm"),
            linear("wq", c.share_q_dim, heads * dim, role="query"),
            linear("k_proj", width, keys * dim, role="key"),
            linear("v_proj", width, keys * dim, role="value"),
            linear("o_proj", heads * dim, width, role="output"),
        ),
    )


def mlp(c: Step3Text, name: str, inner: int) -> Block:
    return gated_mlp(name, width=c.hidden_size, inner=inner, activation="silu")


def moe(c: Step3Text) -> Block:
    at_most(c.moe_top_k, c.moe_num_experts, ("moe_top_k", "moe_num_experts"))
    return mixture_of_experts(
        "",
        router=router("moe.gate", width=c.hidden_size, experts=c.moe_num_experts),
        experts=stacked_experts(
            "moe",
            stored=c.moe_num_experts,
            used=c.moe_top_k,
            width=c.hidden_size,
            inner=c.moe_intermediate_size,
            activation="silu",
            names=("gate_proj.weight", "up_proj.weight", "down_proj.weight"),
            outputs_first=True,
        ),
        shared=Shared(mlp(c, "share_expert", c.share_expert_dim)),
        scoring="softmax",
        normalized=stated(c, "norm_expert_weight"),
    )
