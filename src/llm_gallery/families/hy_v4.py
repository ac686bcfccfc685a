"""Hy4: GLM-5's sparse latent attention with a gate and sinks, over four residual streams that each branch reads and writes by learned weights.

Reference: transformers/models/hy_v4/modular_hy_v4.py
Reference: sglang/srt/models/hunyuan_v4_nextn.py (multi-token prediction)
Model: https://huggingface.co/tencent/Hy4-preview
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Shared,
    connection,
    facts,
    gated_mlp,
    group,
    indexer,
    layer,
    linear,
    matrix,
    mixture_of_experts,
    residual,
    router,
    scaled_and_shifted,
    stack,
    stacked_experts,
    with_settings,
)
from llm_gallery.families._config import Few, Size, at_most, computed, config, multiple, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.deepseek_v3 import latent, value_dim, with_model_epsilon
from llm_gallery.families.deepseek_v32 import DeepseekV32
from llm_gallery.families.llama import decoder, next_token_layers, norm, pre_norm


@config(
    "hy_v4",
    unused=(
        "bitwise_backward_align", "enable_lm_head_fp32", "hc_eps", "learnable_sink_init",
        "mtp_loss_factor", "num_key_value_heads", "qk_head_dim",
    ),
    computes={"pairs": True, "index_pairs": True},
)  # fmt: skip
class HyV4(DeepseekV32):
    first_k_dense_replace: Literal[1] = 1  # the class has no other without mlp_layer_types
    num_nextn_predict_layers: Few | None = None
    layer_types: tuple[Literal["indexed_attention", "deepseek_sparse_attention"], ...] | None
    indexer_types: tuple[str, ...] | None
    hc_mult: Size
    hc_magnitude: float
    swiglu_limit: float
    enable_ihc: Literal[True] = True
    gated_mla: Literal[True] = True
    gating_type: Literal["elementwise"] = "elementwise"
    learnable_sink: Literal[True] = True
    use_dsa: Literal[True] = True
    use_mla: Literal[True] = True


def hy_v4(c: HyV4) -> Block:
    count = c.num_hidden_layers
    fourth = ["full" if i == 0 or (i - 1) % 4 == 0 else "shared" for i in range(count)]
    chooses = typed(c.indexer_types, count, fourth, ("full", "shared"), "indexer_types")
    prefix = min(c.first_k_dense_replace, count)
    dense_first = ["dense"] * prefix + ["sparse"] * (count - prefix)
    channels = {"dense": mlp(c, "mlp", c.intermediate_size), "sparse": moe(c)}
    which = typed(c.mlp_layer_types, count, dense_first, tuple(channels), "mlp_layer_types")
    keys = list(zip(chooses, which, strict=True))
    streams = int(c.hc_mult)
    last = connection(
        "hc_pre.hc_head",
        matrix("hc_head_fn", streams * c.hidden_size, streams, role="read"),
        own=scaled_and_shifted("hc_head_base", "hc_head_scale", streams, 1),
    )
    layers = each(keys, lambda key: decoder_layer(c, attention(c, key[0]), channels[key[1]]))
    return decoder(
        c,
        stack("layers", layers, residual="hyper-connections", streams=c.hc_mult),
        after=(group("", last, norm(c, "norm")),),
        beside=next_token_modules(c),
    )


def decoder_layer(c: HyV4, mixer: Block, channels: Block) -> Block:
    return layer(
        residual(mixed(c, "attn"), norm(c, "input_layernorm"), mixer),
        residual(mixed(c, "mlp"), norm(c, "post_attention_layernorm"), channels),
    )


def mixed(c: HyV4, name: str) -> Block:
    """What a branch reads of each stream and writes to each; the streams themselves don't mix."""
    streams = int(c.hc_mult)
    mixing = connection(
        f"hc_pre.hc_{name}_layer",
        matrix(
            "hc_fn",
            streams * c.hidden_size,
            2 * streams,
            role=("read", "write"),
            rows=(streams, streams),
        ),
        own=scaled_and_shifted("hc_base", "hc_scale", 2 * streams, 2),
    )
    return with_settings(mixing, magnitude=float(c.hc_magnitude))


def attention(c: HyV4, chooses: str) -> Block:
    chooser = indexer(
        "indexer",
        width=c.hidden_size,
        query_rank=c.q_lora_rank,
        heads=c.index_n_heads,
        head_dim=c.index_head_dim,
        positions=rope(c, c.qk_rope_head_dim),
        eps=None,
        rotated_last=True,
    )
    mixer = latent(
        c,
        gate=linear(
            "linear_gate", c.hidden_size, c.num_attention_heads * value_dim(c), role="gate"
        ),
        indexer=chooser if chooses == "full" else None,
        selected=c.index_topk,
    )
    if computed(c, "latents") == "the model's epsilon":
        mixer = with_model_epsilon(mixer)
    sinks = Tensor("learnable_sink_param", (int(c.num_attention_heads),), role="sinks")
    return replace(mixer, facts={**mixer.facts, **facts(sinks=True)}, tensors=(sinks,))


def mlp(c: HyV4, name: str, inner: int) -> Block:
    names = ("linear_gate", "up_proj", "down_proj")
    return gated_mlp(name, width=c.hidden_size, inner=inner, activation=c.hidden_act, names=names)


def moe(c: HyV4) -> Block:
    stored, used = c.n_routed_experts, c.num_experts_per_tok
    multiple(stored, c.n_group, ("n_routed_experts", "n_group"))
    at_most(c.topk_group, c.n_group, ("topk_group", "n_group"))
    at_most(used, stored, ("num_experts_per_tok", "n_routed_experts"))
    wide = derived(
        c.n_shared_experts * c.moe_intermediate_size, "n_shared_experts x moe_intermediate_size"
    )
    return mixture_of_experts(
        "mlp",
        router=router(
            "gate", width=c.hidden_size, experts=stored, correction="e_score_correction_bias"
        ),
        experts=stacked_experts(
            "experts",
            stored=stored,
            used=used,
            width=c.hidden_size,
            inner=c.moe_intermediate_size,
            activation="silu",  # as the class computes, whatever `hidden_act` says
            limit=c.swiglu_limit if c.swiglu_limit > 0 else None,
            outputs_first=True,
        ),
        shared=Shared(mlp(c, "shared_experts", wide), c.n_shared_experts),
        scoring="sigmoid",
        groups=(c.n_group, c.topk_group),
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob"),
    )


def next_token_modules(c: HyV4) -> Sequence[Block]:
    """Each a layer of its own on one stream, with an indexer; embedding and head are shared."""
    plain = pre_norm(c, attention(c, "full"), moe(c))
    return next_token_layers(c, c.num_nextn_predict_layers, plain, norm(c, "final_layernorm"))
