"""Hunyuan-A13B: Llama with q and k normed after they are rotated, and softmax-routed experts beside one as wide.

Reference: transformers/models/hunyuan_v1_moe/modular_hunyuan_v1_moe.py
Report: https://github.com/Tencent-Hunyuan/Hunyuan-A13B
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Shared, experts, mixture_of_experts, rms_norm, router
from llm_gallery.families._config import Size, at_most, config, per_layer
from llm_gallery.families._layers import each
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, pre_norm, swiglu

OF_THE_PUBLISHED_CODE = (
    "add_classification_head", "anyres_pooling_size", "anyres_vit_max_image_size",
    "anyres_vit_two_views", "attention_head_dim", "cla_share_factor", "class_num", "dense_list",
    "eod_token_id", "group_limited_greedy", "im_end_id", "im_newline_id", "im_start_id",
    "kv_lora_rank", "mask_init_id", "moe_drop_tokens", "moe_intermediate_size",
    "moe_layer_num_skipped", "moe_random_routing_dropped_token", "n_group", "norm_topk_prob",
    "norm_type", "num_media_embeds", "num_shared_expert", "org_vocab_size", "pad_id", "pool_type",
    "position_embedding_xdrope", "q_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim",
    "routed_scaling_factor", "skip_cls_token", "text_end_id", "text_start_id", "topk_group",
    "use_cla", "use_mixed_mlp_moe", "use_mla", "use_qk_norm", "use_rotary_pos_emb", "v_head_dim",
    "video_end_id", "video_start_id", "vit_add_patchemb_bias", "vit_input_resolution",
    "vit_mapping_type", "vit_norm_type", "vit_patch", "vit_path", "vit_remove_prenorm",
    "vit_token", "vit_type", "vit_used_rms_norm", "xdrope_section",
)  # fmt: skip
"""Keys of other models of the publisher: the reference stores them and never reads them."""


@config("hunyuan_v1_moe", unused=OF_THE_PUBLISHED_CODE)
class HunyuanV1Moe(Llama):
    num_experts: Size
    moe_topk: Size | tuple[Size, ...]


def hunyuan_v1_moe(c: HunyuanV1Moe) -> Block:
    count, topk = c.num_hidden_layers, c.moe_topk
    used = topk if isinstance(topk, tuple) else (topk,) * count
    per_layer(used, count, "moe_topk")
    return decoder(c, each(used, lambda k: decoder_layer(c, k)))


def decoder_layer(c: HunyuanV1Moe, used: int) -> Block:
    norms = [
        rms_norm("query_layernorm", head_dim(c), role="query_norm"),
        rms_norm("key_layernorm", head_dim(c), role="key_norm"),
    ]
    attention = grouped_query(c, qk_norm="per head, after rotation", norms=norms)
    return pre_norm(c, attention, moe(c, used))


def moe(c: HunyuanV1Moe, used: int) -> Block:
    at_most(used, c.num_experts, ("moe_topk", "num_experts"))
    return mixture_of_experts(
        "mlp",
        router=router("gate.wg", width=c.hidden_size, experts=c.num_experts),
        experts=experts(swiglu(c, "experts"), stored=c.num_experts, used=used),
        shared=Shared(swiglu(c, "shared_mlp")),
        scoring="softmax",
        normalized=True,
    )
