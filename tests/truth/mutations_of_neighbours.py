"""Random configs of families that no catalog model has: what strangers send, drawn with the parts of the others."""

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
    _partial,
    _schedule,
    _window,
)
from tests.truth.mutations_more import (
    TYPES,
    _latent,
    _later_windows,
    _multipliers,
    _one_head_a_query,
    _plain,
    _qwen_vision,
    _some_experts,
    _state_space,
    _without,
)
from tests.truth.mutations_of_mixers import _mamba


def _as(model_type: str, *without: str, head_dim: bool = True) -> Callable[[Random], Config]:
    """A family of Llama's keys, less those that its class doesn't have."""

    def drawn(draw: Random) -> Config:
        held = _plain(draw, *without, head_dim=head_dim) | _kept(mlp_bias=_flag(draw))
        return {"model_type": model_type} | _without(held, *without)

    return drawn


def _glm(draw: Random) -> Config:
    held = _plain(draw)
    return {"model_type": "glm"} | held | _partial(draw, held)


def _nemotron(draw: Random) -> Config:
    held = _plain(draw, "hidden_act") | _kept(mlp_bias=_flag(draw))
    return {"model_type": "nemotron"} | held | _partial(draw, held)


def _phi(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", head_dim=False) | _kept(qk_layernorm=_flag(draw))
    if draw.random() < 0.3:
        held["num_key_value_heads"] = None
    return {"model_type": "phi"} | held | _partial(draw, held)


def _persimmon(draw: Random) -> Config:
    return _without(_phi(draw), "num_key_value_heads") | {"model_type": "persimmon"}


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


def _transformer(draw: Random) -> Config:
    """GPT-2's keys, which its successors kept."""
    heads = draw.choice([1, 4])
    return _kept(
        vocab_size=draw.choice([97, 50257]),
        n_embd=heads * draw.choice([16, 128]),
        n_head=heads,
        n_layer=draw.randint(1, 6),
        n_positions=draw.choice([ABSENT, 16, 2048]),
        n_inner=draw.choice([ABSENT, None, 100]),
        activation_function=draw.choice([ABSENT, "gelu", "relu"]),
        tie_word_embeddings=_flag(draw),
    )


def _gptj(draw: Random) -> Config:
    held = _transformer(draw)
    return {"model_type": "gptj"} | held | {"rotary_dim": draw.choice([8, 16])}


def _codegen(draw: Random) -> Config:
    return _gptj(draw) | {"model_type": "codegen"}


def _gpt_bigcode(draw: Random) -> Config:
    return {"model_type": "gpt_bigcode"} | _transformer(draw) | _kept(multi_query=_flag(draw))


def _gpt_neox(draw: Random) -> Config:
    held = _without(_dense(draw, head_dim=False), "num_key_value_heads")
    return (
        {"model_type": "gpt_neox"}
        | held
        | _kept(
            use_parallel_residual=_flag(draw),
            rotary_pct=draw.choice([ABSENT, 0.25, 0.5, 1.0]),
            rotary_emb_base=draw.choice([ABSENT, 10000, 500000]),
        )
    )


def _bloom(draw: Random) -> Config:
    heads = draw.choice([1, 4, 5])
    return _kept(
        model_type="bloom",
        vocab_size=draw.choice([97, 250880]),
        hidden_size=heads * draw.choice([8, 128]),
        n_head=heads,
        n_layer=draw.randint(1, 6),
        apply_residual_connection_post_layernorm=draw.choice([ABSENT, False]),
        tie_word_embeddings=_flag(draw),
    )


def _mpt(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    return _kept(
        model_type="mpt",
        vocab_size=draw.choice([97, 50432]),
        d_model=heads * draw.choice([16, 128]),
        n_heads=heads,
        n_layers=draw.randint(1, 6),
        expansion_ratio=draw.choice([ABSENT, 4]),
        max_seq_len=draw.choice([ABSENT, 8192]),
        attn_config=draw.choice([ABSENT, {"alibi": True}, {"clip_qkv": 6.0, "alibi": True}]),
        no_bias=draw.choice([ABSENT, True]),
        tie_word_embeddings=_flag(draw),
    )


def _opt(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    width = heads * draw.choice([16, 64])
    return _kept(
        model_type="opt",
        pad_token_id=1,
        vocab_size=draw.choice([97, 50272]),
        hidden_size=width,
        ffn_dim=draw.choice([1, 256]),
        num_hidden_layers=draw.randint(1, 6),
        num_attention_heads=heads,
        max_position_embeddings=draw.choice([ABSENT, 32]),
        word_embed_proj_dim=draw.choice([ABSENT, None, width, 8]),
        do_layer_norm_before=_flag(draw),
        enable_bias=_flag(draw),
        layer_norm_elementwise_affine=_flag(draw),
        tie_word_embeddings=_flag(draw),
    )


def _falcon_mamba(draw: Random) -> Config:
    stated = _kept(intermediate_size=draw.choice([ABSENT, 64]))
    return _mamba(draw) | {"model_type": "falcon_mamba"} | stated


def _mamba2(draw: Random) -> Config:
    heads, dim, expand = draw.choice([2, 4, 8]), draw.choice([8, 64]), draw.choice([1, 2])
    return _kept(
        model_type="mamba2",
        vocab_size=draw.choice([97, 32768]),
        hidden_size=heads * dim // expand,
        num_heads=heads,
        head_dim=dim,
        expand=expand,
        n_groups=draw.choice([1, 2]),
        num_hidden_layers=draw.randint(1, 6),
        state_size=draw.choice([ABSENT, 16]),
        conv_kernel=draw.choice([ABSENT, 2]),
        use_bias=_flag(draw),
        use_conv_bias=_flag(draw),
        tie_word_embeddings=_flag(draw),
    )


def _bamba(draw: Random) -> Config:
    held = _plain(draw, "hidden_act", head_dim=False)
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "bamba"}
        | held
        | _state_space(draw, held["hidden_size"])
        | _kept(
            mlp_bias=_flag(draw),
            attn_layer_indices=sorted(draw.sample(range(layers), draw.randint(1, layers))),
        )
    )


def _jamba(draw: Random) -> Config:
    held = _without(_dense(draw, head_dim=False), "attention_bias")
    period, every = draw.choice([1, 2, 3]), draw.choice([1, 2])
    return (
        {"model_type": "jamba"}
        | held
        | _kept(
            attn_layer_period=period,
            attn_layer_offset=0,
            expert_layer_period=every,
            expert_layer_offset=every - 1,
            num_experts=draw.choice([1, 2, 5]),
            num_experts_per_tok=1,
            mamba_d_state=draw.choice([ABSENT, 8]),
            mamba_d_conv=draw.choice([ABSENT, 2]),
            mamba_expand=draw.choice([ABSENT, 1]),
            mamba_dt_rank=draw.choice([ABSENT, "auto", 7]),
            mamba_conv_bias=_flag(draw),
            mamba_proj_bias=_flag(draw),
        )
    )


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
    "bamba": _bamba,
    "bitnet": _as("bitnet", "hidden_act", "mlp_bias", head_dim=False),
    "bloom": _bloom,
    "codegen": _codegen,
    "cwm": _cwm,
    "ernie4_5": _ernie4_5,
    "exaone": _as("exaone"),
    "exaone4": _exaone4,
    "exaone_moe": _exaone_moe,
    "falcon_mamba": _falcon_mamba,
    "flex_olmo": _flex_olmo,
    "glm": _glm,
    "glm4_moe_lite": _glm4_moe_lite,
    "gpt_bigcode": _gpt_bigcode,
    "gpt_neox": _gpt_neox,
    "gptj": _gptj,
    "granitemoe": _granitemoe,
    "granitemoeshared": _granitemoeshared,
    "helium": _helium,
    "hunyuan_v1_dense": _head_dim_stated(_as("hunyuan_v1_dense", "mlp_bias")),
    "internlm3": _internlm3,
    "jamba": _jamba,
    "mamba2": _mamba2,
    "ministral": _head_dim_stated(_scheduled("ministral", "attention_bias")),
    "ministral3": _ministral3,
    "minicpm3": _minicpm3,
    "mpt": _mpt,
    "nanochat": _nanochat,
    "nemotron": _nemotron,
    "opt": _opt,
    "persimmon": _persimmon,
    "phi": _phi,
    "qwen2_moe": _qwen2_moe,
    "qwen3_vl": _qwen3_vl,
    "qwen3_vl_moe": _qwen3_vl_moe,
    "seed_oss": _seed_oss,
    "vaultgemma": _vaultgemma,
    "youtu": _youtu,
}
