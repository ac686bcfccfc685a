"""DBRX: MPT's norms around grouped-query attention with bounded q, k and v, and 4 of 16 fine-grained experts.

Rotation is as in the release's own code, by `attn_config.rope_theta`; the reference passes that key over.

Reference: transformers/models/dbrx/modular_dbrx.py
Model: https://huggingface.co/databricks/dbrx-base
"""

from __future__ import annotations

from typing import Any, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    Positions,
    Scaling,
    flat,
    joint_attention,
    language_model,
    layer,
    layer_norm,
    mixture_of_experts,
    residual,
    router,
    stack,
    stacked_experts,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import (
    Depth,
    Length,
    Size,
    at_most,
    config,
    multiple,
    shared_among,
    stated,
)


@config("")
class DbrxAttention:
    clip_qkv: float | None = None
    kv_n_heads: Size = 1
    rope_theta: float = 10000.0


@config(
    "",
    unused=("hidden_size", "moe_jitter_eps", "moe_loss_weight", "uniform_expert_assignment"),
)
class DbrxExperts:
    ffn_act_fn: dict[str, Any] | None = None
    ffn_hidden_size: Size = 3584
    moe_num_experts: Size = 4
    moe_top_k: Size = 1
    moe_normalize_expert_weights: float | None = 1.0


@config(
    "dbrx",
    unused=(
        "emb_pdrop", "num_key_value_heads", "rope_parameters", "rope_scaling", "rope_theta",
    ),
)  # fmt: skip
class Dbrx:
    vocab_size: Size
    d_model: Size
    n_heads: Size
    n_layers: Depth
    max_seq_len: Length
    attn_config: DbrxAttention | None
    ffn_config: DbrxExperts | None
    tie_word_embeddings: Literal[False]


def dbrx(c: Dbrx) -> Block:
    width = c.d_model
    decoder_layer = layer(
        residual(layer_norm("norm_attn_norm.norm_1", width, bias=False), attention(c)),
        residual(layer_norm("norm_attn_norm.norm_2", width, bias=False), experts(c)),
    )
    whole = language_model(
        stack("blocks", [decoder_layer] * c.n_layers),
        Names("transformer", "wte"),
        vocabulary=c.vocab_size,
        width=width,
        context=c.max_seq_len,
        tied=stated(c, "tie_word_embeddings"),
        after=(layer_norm("norm_f", width, bias=False),),
    )
    return with_settings(whole, eps=1e-5)  # the class has no key for it


def attention(c: Dbrx) -> Block:
    attn_config = DbrxAttention() if c.attn_config is None else c.attn_config
    multiple(c.n_heads, attn_config.kv_n_heads, ("n_heads", "attn_config.kv_n_heads"))
    dim = shared_among(c.d_model, c.n_heads, ("d_model", "n_heads"))
    return joint_attention(
        "norm_attn_norm.attn",
        width=c.d_model,
        heads=Heads(c.n_heads, attn_config.kv_n_heads, dim),
        positions=Positions(kind="rope", rotated=dim, base=attn_config.rope_theta),
        names=("Wqkv", "out_proj"),
        scaling=Scaling(clip=attn_config.clip_qkv),
    )


def experts(c: Dbrx) -> Block:
    """Each expert's rows of the three matrices stand below one another in one tensor."""
    ffn_config = DbrxExperts() if c.ffn_config is None else c.ffn_config
    at_most(ffn_config.moe_top_k, ffn_config.moe_num_experts, ("moe_top_k", "moe_num_experts"))
    if ffn_config.moe_normalize_expert_weights not in (None, 1):
        raise Refusal(
            f"ffn_config.moe_normalize_expert_weights is {quoted(ffn_config.moe_normalize_expert_weights)}, "
            "expected 1, by which weights sum to 1, or null; no release has another"
        )
    return mixture_of_experts(
        "ffn",
        router=router("router.layer", width=c.d_model, experts=ffn_config.moe_num_experts),
        experts=flat(
            stacked_experts(
                "experts.mlp",
                stored=ffn_config.moe_num_experts,
                used=ffn_config.moe_top_k,
                width=c.d_model,
                inner=ffn_config.ffn_hidden_size,
                activation=activation(ffn_config),
                names=("w1", "v1", "w2"),
                outputs_first=True,
            )
        ),
        scoring="softmax",
        normalized=ffn_config.moe_normalize_expert_weights is not None,
    )


def activation(ffn_config: DbrxExperts) -> str:
    """The function that the object names; SiLU where it names none."""
    name = (ffn_config.ffn_act_fn or {}).get("name", "silu")
    if not isinstance(name, str):
        raise Refusal(
            f"ffn_config.ffn_act_fn.name is {quoted(name)}, expected the name of an activation; correct it"
        )
    return name
