"""ERNIE 4.5: Llama with softmax-routed experts, balanced by a bias, between a first and a last layer.

Reference: transformers/models/ernie4_5_moe/modular_ernie4_5_moe.py
Report: https://ernie.baidu.com/blog/publication/ERNIE_Technical_Report.pdf
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Head,
    Shared,
    apart,
    experts,
    gated_mlp,
    group,
    linear,
    mixture_of_experts,
    rms_norm,
    router,
)
from llm_gallery.families._config import Count, Few, Size, at_most, config, stated
from llm_gallery.families.llama import Llama, decoder, grouped_query, pre_norm


@config(
    "ernie4_5_moe",
    unused=("moe_capacity", "moe_gate", "moe_norm_min", "moe_use_aux_free"),
    computes={"pairs": True},
)
class Ernie45Moe(Llama):
    use_bias: bool
    moe_intermediate_size: Size
    moe_k: Size
    moe_num_experts: Size
    moe_num_shared_experts: Count
    moe_layer_start_index: Count
    moe_layer_end_index: int  # -1: the last layer
    moe_layer_interval: Size
    num_nextn_predict_layers: Few = 0


def ernie4_5_moe(c: Ernie45Moe) -> Block:
    count = c.num_hidden_layers
    last = count - 1 if c.moe_layer_end_index == -1 else c.moe_layer_end_index
    sparse = [
        (i + 1) % c.moe_layer_interval == 0 and c.moe_layer_start_index <= i <= last
        for i in range(count)
    ]
    kinds = [decoder_layer(c, mlp(c, "mlp", c.intermediate_size)), decoder_layer(c, moe(c))]
    layers = [kinds[s] for s in sparse]
    beside = next_token_modules(c, kinds[0])
    return decoder(c, layers, beside=beside, head=Head(bias=stated(c, "use_bias")))


def decoder_layer(c: Ernie45Moe, channels: Block) -> Block:
    return pre_norm(c, grouped_query(c, bias=stated(c, "use_bias")), channels)


def mlp(c: Ernie45Moe, name: str, inner: int) -> Block:
    return gated_mlp(
        name, width=c.hidden_size, inner=inner, activation=c.hidden_act, bias=c.use_bias
    )


def moe(c: Ernie45Moe) -> Block:
    at_most(c.moe_k, c.moe_num_experts, ("moe_k", "moe_num_experts"))
    wide = derived(
        c.moe_num_shared_experts * c.moe_intermediate_size,
        "moe_num_shared_experts x moe_intermediate_size",
    )
    expert = gated_mlp(
        "experts", width=c.hidden_size, inner=c.moe_intermediate_size, activation=c.hidden_act
    )
    return mixture_of_experts(
        "mlp",
        router=router(
            "gate",
            width=c.hidden_size,
            experts=c.moe_num_experts,
            beside=Tensor("moe_statics.e_score_correction_bias", (1, int(c.moe_num_experts))),
        ),
        experts=experts(expert, stored=c.moe_num_experts, used=c.moe_k),
        shared=Shared(mlp(c, "shared_experts", wide), c.moe_num_shared_experts)
        if c.moe_num_shared_experts
        else None,
        scoring="softmax",
        normalized=True,
    )


def next_token_modules(c: Ernie45Moe, dense: Block) -> Sequence[Block]:
    """Dense layers that share embedding and head. Source: vllm/model_executor/models/ernie_mtp.py"""
    width = c.hidden_size
    return [
        apart(
            "multi_token_prediction",
            "model",
            (
                rms_norm(f"mtp_emb_norm.{i}", width, role="token_norm"),
                rms_norm(f"mtp_hidden_norm.{i}", width, role="stream_norm"),
                linear(f"mtp_linear_proj.{i}", 2 * width, width, role="join"),
                group(f"mtp_block.{i}", dense),
            ),
        )
        for i in range(c.num_nextn_predict_layers)
    ]
