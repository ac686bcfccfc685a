"""Random configs of families that no catalog model has: what strangers send, drawn with the parts of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    TYPES,
    Config,
    _dense,
    _flag,
    _grouped_experts,
    _kept,
    _latent,
    _later_windows,
    _multipliers,
    _one_head_a_query,
    _partial,
    _plain,
    _qwen_vision,
    _schedule,
    _some_experts,
    _window,
    _without,
)


def _as(model_type: str, *without: str, head_dim: bool = True) -> Callable[[Random], Config]:
    """A family of Llama's keys, less those that its class doesn't have."""

    def drawn(draw: Random) -> Config:
        held = _plain(draw, *without, head_dim=head_dim) | _kept(mlp_bias=_flag(draw))
        return {"model_type": model_type} | _without(held, *without)

    return drawn


def _glm(draw: Random) -> Config:
    held = _plain(draw)
    return {"model_type": "glm"} | held | _partial(draw, held)


def _nanochat(draw: Random) -> Config:
    held = _plain(draw, "hidden_act", head_dim=False)
    return (
        {"model_type": "nanochat"}
        | held
        | _kept(final_logit_softcapping=draw.choice([ABSENT, 20.0]))
    )


def _minicpm3(draw: Random) -> Config:
    return (
        _youtu(draw)
        | {"model_type": "minicpm3"}
        | _kept(
            mlp_bias=_flag(draw),
            scale_emb=draw.choice([ABSENT, 1, 12]),
            scale_depth=draw.choice([ABSENT, None, 1.4]),
            dim_model_base=draw.choice([ABSENT, None, 64]),
        )
    )


def _seed_oss(draw: Random) -> Config:
    held = _plain(draw) | _kept(attention_out_bias=_flag(draw), mlp_bias=_flag(draw))
    return {"model_type": "seed_oss"} | held


def _ernie4_5(draw: Random) -> Config:
    held = _plain(draw, "attention_bias") | _kept(use_bias=_flag(draw))
    return {"model_type": "ernie4_5"} | held


def _internlm3(draw: Random) -> Config:
    held = _plain(draw, "attention_bias")
    held |= draw.choice([{}, {"bias": True, "qkv_bias": True}, {"bias": False, "qkv_bias": False}])
    return {"model_type": "internlm3"} | held


def _helium(draw: Random) -> Config:
    held = _as("helium")(draw)
    held["head_dim"] = held["hidden_size"] // held["num_attention_heads"]
    return held


def _head_dim_stated(family: Callable[[Random], Config]) -> Callable[[Random], Config]:
    """The reference can't rotate heads whose size the config doesn't state."""

    def drawn(draw: Random) -> Config:
        return {"head_dim": 64} | family(draw)

    return drawn


def _scheduled(model_type: str, *without: str) -> Callable[[Random], Config]:
    """A family whose layers have a window or none, as a list says."""

    def drawn(draw: Random) -> Config:
        held = _plain(draw, *without)
        return (
            {"model_type": model_type}
            | held
            | _kept(
                sliding_window=draw.choice([ABSENT, 2, 128]),
                layer_types=_schedule(draw, held["num_hidden_layers"], *TYPES),
            )
        )

    return drawn


def _ministral3(draw: Random) -> Config:
    held = _dense(draw) | _kept(sliding_window=_window(draw))
    return {"model_type": "ministral3"} | _without(held, "attention_bias")


def _cwm(draw: Random) -> Config:
    held = _dense(draw)
    return (
        {"model_type": "cwm"}
        | _without(held, "attention_bias")
        | _kept(
            mlp_bias=_flag(draw),
            sliding_window=draw.choice([ABSENT, 2, 128]),
            layer_types=_schedule(draw, held["num_hidden_layers"], *TYPES),
        )
    )


def _exaone4(draw: Random) -> Config:
    held = _plain(draw, "attention_bias")
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "exaone4"}
        | held
        | _kept(
            sliding_window=draw.choice([ABSENT, 2, 128]),
            sliding_window_pattern=draw.choice([ABSENT, 2, 4]),
            layer_types=_schedule(draw, layers, *TYPES),
        )
    )


def _exaone_moe(draw: Random) -> Config:
    held = _exaone4(draw)
    layers = held["num_hidden_layers"]
    shared = _grouped_experts(draw, layers)
    return (
        held
        | _without(
            shared,
            "n_routed_experts",
            "n_shared_experts",
            "num_nextn_predict_layers",
            "num_mtp_layers",
        )
        | _kept(
            model_type="exaone_moe",
            num_experts=shared["n_routed_experts"],
            num_shared_experts=draw.choice([ABSENT, 1, 2]),
            mlp_layer_types=_schedule(draw, layers, "dense", "sparse"),
        )
    )


def _vaultgemma(draw: Random) -> Config:
    return _scheduled("vaultgemma", "hidden_act")(draw) | _kept(
        query_pre_attn_scalar=draw.choice([ABSENT, 144]),
        attn_logit_softcapping=draw.choice([ABSENT, None, 30.0]),
        final_logit_softcapping=draw.choice([ABSENT, None, 20.0]),
    )


def _flex_olmo(draw: Random) -> Config:
    held = _plain(draw, head_dim=False) | _some_experts(draw, "num_experts")
    return {"model_type": "flex_olmo"} | held | _kept(norm_topk_prob=_flag(draw))


def _qwen2_moe(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", head_dim=False)
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "qwen2_moe"}
        | held
        | _later_windows(draw, layers)
        | _some_experts(draw, "num_experts")
        | _kept(
            moe_intermediate_size=draw.choice([1, 1408]),
            shared_expert_intermediate_size=draw.choice([ABSENT, 1, 5632]),
            decoder_sparse_step=draw.choice([ABSENT, 1, 2]),
            mlp_only_layers=draw.choice([ABSENT, None, [], [0], [layers - 1, layers + 3]]),
            norm_topk_prob=_flag(draw),
            qkv_bias=_flag(draw),
        )
    )


def _granitemoe(draw: Random) -> Config:
    held = _plain(draw, head_dim=False) | _multipliers(draw)
    return {"model_type": "granitemoe"} | held | _some_experts(draw, "num_local_experts")


def _granitemoeshared(draw: Random) -> Config:
    shared = _kept(shared_intermediate_size=draw.choice([ABSENT, 0, 1, 512]))
    return _granitemoe(draw) | {"model_type": "granitemoeshared"} | shared


def _youtu(draw: Random) -> Config:
    held = _one_head_a_query(_plain(draw, head_dim=False)) | _latent(draw)
    return {"model_type": "youtu"} | held


def _glm4_moe_lite(draw: Random) -> Config:
    held = _one_head_a_query(_plain(draw, head_dim=False)) | _latent(draw)
    layers = held["num_hidden_layers"]
    held |= _without(_grouped_experts(draw, layers), "first_k_dense_replace", "num_mtp_layers")
    kinds = _kept(mlp_layer_types=_schedule(draw, layers, "dense", "sparse"))
    return {"model_type": "glm4_moe_lite"} | held | kinds


def _qwen3_vl(draw: Random) -> Config:
    depth = draw.choice([[], [0]])
    text = _plain(draw, "tie_word_embeddings", scaled=False)
    return _kept(
        model_type="qwen3_vl",
        text_config={"model_type": "qwen3_vl_text"} | text,
        vision_config=_qwen_vision(draw, "qwen3_vl_vision") | {"deepstack_visual_indexes": depth},
        tie_word_embeddings=draw.choice([True, False]),
    )


def _qwen3_vl_moe(draw: Random) -> Config:
    held = _qwen3_vl(draw)
    layers = held["text_config"]["num_hidden_layers"]
    experts = _some_experts(draw, "num_experts") | _kept(
        model_type="qwen3_vl_moe_text",
        moe_intermediate_size=draw.choice([24, 768]),
        decoder_sparse_step=draw.choice([ABSENT, 1, 2]),
        mlp_only_layers=draw.choice([ABSENT, [], [0], [layers + 3]]),
    )
    vision = held["vision_config"] | {"model_type": "qwen3_vl_moe_vision"}
    return held | {
        "model_type": "qwen3_vl_moe",
        "text_config": held["text_config"] | experts,
        "vision_config": vision,
    }


NEIGHBOURS: Mapping[str, Callable[[Random], Config]] = {
    "arcee": _as("arcee", "hidden_act"),
    "bitnet": _as("bitnet", "hidden_act", "mlp_bias", head_dim=False),
    "cwm": _cwm,
    "ernie4_5": _ernie4_5,
    "exaone": _as("exaone"),
    "exaone4": _exaone4,
    "exaone_moe": _exaone_moe,
    "flex_olmo": _flex_olmo,
    "glm": _glm,
    "glm4_moe_lite": _glm4_moe_lite,
    "granitemoe": _granitemoe,
    "granitemoeshared": _granitemoeshared,
    "helium": _helium,
    "hunyuan_v1_dense": _head_dim_stated(_as("hunyuan_v1_dense", "mlp_bias")),
    "internlm3": _internlm3,
    "minicpm3": _minicpm3,
    "ministral": _head_dim_stated(_scheduled("ministral", "attention_bias")),
    "ministral3": _ministral3,
    "nanochat": _nanochat,
    "qwen2_moe": _qwen2_moe,
    "qwen3_vl": _qwen3_vl,
    "qwen3_vl_moe": _qwen3_vl_moe,
    "seed_oss": _seed_oss,
    "vaultgemma": _vaultgemma,
    "youtu": _youtu,
}
