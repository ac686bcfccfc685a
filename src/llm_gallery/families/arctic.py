"""Arctic: Llama's layer with a square MLP, and every nth also with many experts that read what the layer was given.

Reference: vllm/model_executor/models/arctic.py (transformers has no such type), after modeling_arctic.py of the release
Model: https://huggingface.co/Snowflake/snowflake-arctic-base
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    facts,
    gated_mlp,
    layer,
    residual,
    rms_norm,
    with_settings,
)
from llm_gallery.families._config import Pieces, Size, config
from llm_gallery.families._layers import each
from llm_gallery.families.llama import decoder, grouped_query, norm, pre_norm
from llm_gallery.families.mixtral import Mixtral, moe

OF_TRAINING = (
    "enable_expert_tensor_parallelism", "moe_eval_capacity_factor", "moe_min_capacity", "moe_token_dropping",
    "moe_train_capacity_factor", "use_residual",
)  # fmt: skip
"""How tokens are spread over machines; the release's class reads `parallel_attn_mlp_res` in place of the last."""
W = ("w1", "w3", "w2")
"""The checkpoint's names of gate, up and down."""


@config("arctic", unused=OF_TRAINING)
class Arctic(Mixtral):
    sliding_window: None = None
    """Defaults are those of configuration_arctic.py beside the reference."""

    num_key_value_heads: Size | None = None
    hidden_act: str = "silu"
    tie_word_embeddings: bool = False
    rope_theta: float | None = 1e6
    moe_layer_frequency: Pieces = 2
    parallel_attn_mlp_res: bool = False  # whether experts stand beside attention and an MLP


def arctic(c: Arctic) -> Block:
    sparse = [(i + 1) % c.moe_layer_frequency == 0 for i in range(c.num_hidden_layers)]
    return decoder(c, each(sparse, lambda routed: decoder_layer(c, routed)))


def decoder_layer(c: Arctic, routed: bool) -> Block:
    attention, inner = grouped_query(c), c.intermediate_size
    if not routed:
        return pre_norm(c, attention, mlp(c, "block_sparse_moe.mlp", inner))
    if not c.parallel_attn_mlp_res:
        return pre_norm(c, attention, experts(c))
    return layer(
        residual(norm(c, "input_layernorm"), attention),
        residual(norm(c, "residual_layernorm"), mlp(c, "residual_mlp", c.hidden_size)),
        parallel_experts(c),
    )


def parallel_experts(c: Arctic) -> Block:
    """Experts with a norm of their own on what the layer was given; their sum is added after the MLP's."""
    mixture = experts(c)
    shortcut = facts(shortcut="the layer's input")
    return with_settings(
        residual(
            rms_norm("post_attention_layernorm", c.hidden_size, role="source"),
            replace(mixture, facts={**mixture.facts, **shortcut}),
        ),
        from_start=True,
    )


def experts(c: Arctic) -> Block:
    """Of one that runs alone the share stays what it is."""
    return moe(c, normalized=c.num_experts_per_tok > 1)


def mlp(c: Arctic, name: str, inner: int) -> Block:
    return gated_mlp(name, width=c.hidden_size, inner=inner, activation=c.hidden_act, names=W)
