"""Hunyuan-Large: of every two layers the second attends with the keys and values of the first; one routed expert beside one that every token runs.

Reference: https://github.com/Tencent/Tencent-Hunyuan-Large/blob/main/models/modeling_hunyuan.py
Paper: https://arxiv.org/abs/2411.02265

What is shared are keys as projected: each layer rotates them alike and norms them by weights of its own.
That code keeps them once for each layer; the count here is of what must be kept, once for those who share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Shared,
    experts,
    facts,
    mixture_of_experts,
    rms_norm,
    router,
    with_settings,
)
from llm_gallery.families._config import Size, at_most, config
from llm_gallery.families._layers import each
from llm_gallery.families.llama import (
    Llama,
    decoder,
    grouped_query,
    head_dim,
    pre_norm,
    swiglu,
    switched_norm,
)


@config(
    "hunyuan",
    unused=("capacity_factor", "moe_drop_tokens", "moe_random_routing_dropped_token"),
    classes=("HunYuanForCausalLM",),
)
class Hunyuan(Llama):
    num_experts: Size
    moe_topk: Size
    num_shared_expert: Size
    use_mixed_mlp_moe: bool
    use_qk_norm: bool
    use_cla: bool
    cla_share_factor: Size


def hunyuan(c: Hunyuan) -> Block:
    channels = moe(c) if c.num_experts > 1 else swiglu(c)  # of one, the code makes an MLP
    return decoder(
        c, each(reads_earlier_keys(c), lambda shared: pre_norm(c, attention(c, shared), channels))
    )


def reads_earlier_keys(c: Hunyuan) -> Sequence[bool]:
    """Whether a layer attends with what an earlier one made: all but the first of so many."""
    return [c.use_cla and i % c.cla_share_factor != 0 for i in range(c.num_hidden_layers)]


def attention(c: Hunyuan, shared: bool) -> Block:
    mixer = grouped_query(
        c,
        qk_norm=switched_norm(c, "use_qk_norm", "per head, after rotation"),
        norms=[
            rms_norm("query_layernorm", head_dim(c), role="query_norm"),
            rms_norm("key_layernorm", head_dim(c), role="key_norm"),
        ],
    )
    if c.use_cla:
        mixer = with_settings(mixer, kept_plain=True)
    if not shared:
        return mixer
    blocks = tuple(part for part in mixer.inside if part.name not in ("k_proj", "v_proj"))
    return replace(mixer, inside=blocks, facts={**mixer.facts, **facts(shared_kv=True)})


def moe(c: Hunyuan) -> Block:
    """One expert keeps its share of the softmax; several would be made to sum to one."""
    stored, used = c.num_experts, c.moe_topk
    at_most(used, stored, ("moe_topk", "num_experts"))
    wide = derived(
        c.num_shared_expert * c.intermediate_size, "num_shared_expert x intermediate_size"
    )
    return mixture_of_experts(
        "mlp",
        router=router("gate.wg", width=c.hidden_size, experts=stored),
        experts=experts(swiglu(c, "experts"), stored=stored, used=used),
        shared=Shared(swiglu(c, "shared_mlp", wide), c.num_shared_expert)
        if c.use_mixed_mlp_moe
        else None,
        scoring="softmax",
        normalized=used > 1,
    )
