"""Random configs of families whose attention goes through latents, drawn with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    Config,
    _dense,
    _flag,
    _grouped_experts,
    _kept,
    _latent,
    _one_head_a_query,
    _plain,
    _rope,
    _without,
)


def _deepseek_v3(draw: Random) -> Config:
    held = _dense(draw, head_dim=False) | _rope(draw)
    held["num_key_value_heads"] = held["num_attention_heads"]  # latent attention has no groups
    held |= _grouped_experts(draw, held["num_hidden_layers"])
    held |= _kept(
        q_lora_rank=draw.choice([ABSENT, None, 1, 384]),
        kv_lora_rank=draw.choice([8, 512]),
        qk_nope_head_dim=draw.choice([16, 128]),
        qk_rope_head_dim=draw.choice([8, 64]),
        v_head_dim=draw.choice([8, 128, ABSENT]),
        rope_interleave=_flag(draw),
    )
    if "n_routed_experts" in held and draw.random() < 0.2:
        held["num_local_experts"] = held.pop("n_routed_experts")
    return {"model_type": draw.choice(["deepseek_v3", "kimi_k2"])} | held


def _sarvam_mla(draw: Random) -> Config:
    held = _one_head_a_query(_plain(draw, head_dim=False)) | _latent(draw)
    return {"model_type": "sarvam_mla"} | held | _grouped_experts(draw, held["num_hidden_layers"])


def _deepseek_v2(draw: Random) -> Config:
    held = _one_head_a_query(_plain(draw, head_dim=False)) | _latent(draw)
    held |= _grouped_experts(draw, held["num_hidden_layers"])
    held |= _kept(
        topk_method=draw.choice([ABSENT, "greedy", "group_limited_greedy"]), mlp_bias=_flag(draw)
    )
    return {"model_type": "deepseek_v2"} | _without(
        held, "num_nextn_predict_layers", "num_mtp_layers", "norm_topk_prob"
    )


def _mistral4(draw: Random) -> Config:
    held = _one_head_a_query(_dense(draw, head_dim=False))
    warmed = {"rope_type": "yarn", "rope_theta": 3e6, "factor": 4.0, "llama_4_scaling_beta": 0.1}
    held |= draw.choice(
        [{}, {"rope_parameters": warmed | {"original_max_position_embeddings": 4096}}]
    )
    held |= _latent(draw) | _grouped_experts(draw, held["num_hidden_layers"])
    return {"model_type": "mistral4"} | _without(held, "num_nextn_predict_layers", "num_mtp_layers")


def _sparse(draw: Random) -> Config:
    held = _dense(draw, head_dim=False) | _rope(draw)
    held["num_key_value_heads"] = held["num_attention_heads"]
    groups = draw.choice([1, 2])
    return held | _kept(
        n_routed_experts=groups * draw.choice([2, 3]),
        n_shared_experts=draw.choice([1, 2, ABSENT]),
        num_experts_per_tok=draw.choice([1, 2]),
        moe_intermediate_size=draw.choice([1, 1408]),
        n_group=groups,
        topk_group=1,
        first_k_dense_replace=draw.choice([ABSENT, 0, 1, 20]),
        norm_topk_prob=_flag(draw),
        q_lora_rank=draw.choice([8, 384]),
        kv_lora_rank=draw.choice([8, 512]),
        qk_nope_head_dim=draw.choice([16, 128]),
        qk_rope_head_dim=draw.choice([8, 64]),
        v_head_dim=draw.choice([8, 128, ABSENT]),
        index_topk=draw.choice([2, ABSENT]),
        index_head_dim=draw.choice([64, ABSENT]),
        index_n_heads=draw.choice([1, ABSENT]),
        num_nextn_predict_layers=draw.choice([ABSENT, 0, 1]),
    )


def _deepseek_v32(draw: Random) -> Config:
    return {"model_type": "deepseek_v32"} | _sparse(draw)


def _glm_moe_dsa(draw: Random) -> Config:
    held = _sparse(draw)
    layers = held["num_hidden_layers"]
    spelled: Config = draw.choice(
        [
            {},
            {"indexer_types": ["full", *draw.choices(["full", "shared"], k=layers - 1)]},
            {"index_topk_pattern": "F" + "".join(draw.choices("FS", k=layers - 1))},
            {"index_topk_freq": 3, "index_skip_topk_offset": draw.choice([1, 2, 4])},
        ]
    )
    return {"model_type": "glm_moe_dsa"} | held | spelled


LATENTS: Mapping[str, Callable[[Random], Config]] = {
    "deepseek_v2": _deepseek_v2,
    "deepseek_v3": _deepseek_v3,
    "deepseek_v32": _deepseek_v32,
    "glm_moe_dsa": _glm_moe_dsa,
    "mistral4": _mistral4,
    "sarvam_mla": _sarvam_mla,
}
