"""Random configs of dense families, drawn with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    TYPES,
    Config,
    _dense,
    _drawn,
    _flag,
    _kept,
    _later_windows,
    _multipliers,
    _partial,
    _plain,
    _rope,
    _scaling,
    _schedule,
    _window,
)


def _llama(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw) | _kept(mlp_bias=_flag(draw))
    if draw.random() < 0.2:
        held["num_key_value_heads"] = None
    if draw.random() < 0.2:
        del held["num_key_value_heads"]
    if draw.random() < 0.2:
        held["head_dim"] = None
    return {"model_type": "llama"} | held


def _mistral(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw) | _kept(sliding_window=_window(draw))
    held.pop("attention_bias", None)
    if draw.random() < 0.2:
        held["head_dim"] = None
    return {"model_type": "mistral"} | held


def _phi3(draw: Random) -> Config:
    held = _dense(draw, head_dim=False) | _rope(draw, scaled=False)
    held |= _kept(sliding_window=_window(draw), original_max_position_embeddings=4096)
    held |= _partial(draw, held)
    held.pop("attention_bias", None)
    if draw.random() < 0.3:
        held["num_key_value_heads"] = None
    return {"model_type": "phi3"} | held


def _olmo2(draw: Random) -> Config:
    return {"model_type": "olmo2"} | _dense(draw) | _rope(draw)


def _olmo3(draw: Random) -> Config:
    held = _dense(draw)
    held |= _kept(
        sliding_window=draw.choice([ABSENT, 2, 128, 4096]),
        layer_types=_schedule(
            draw, held["num_hidden_layers"], "sliding_attention", "full_attention"
        ),
    )
    theta = draw.choice([10000.0, 500000])
    held |= draw.choice(
        [
            {},
            {"rope_theta": theta},
            {"rope_theta": theta, "rope_scaling": _scaling(draw)},
            {
                "rope_parameters": {
                    "full_attention": {"rope_type": "default", "rope_theta": theta},
                    "sliding_attention": {"rope_type": "default", "rope_theta": 20000.0},
                }
            },
        ]
    )
    return {"model_type": "olmo3"} | held


def _gemma3_text(draw: Random) -> Config:
    held = _dense(draw)
    held.pop("hidden_act", None)
    layers = held["num_hidden_layers"]
    held |= _kept(
        hidden_activation=draw.choice(["gelu_pytorch_tanh", ABSENT]),
        query_pre_attn_scalar=draw.choice([168, ABSENT]),
        sliding_window=draw.choice([ABSENT, 2, 512, 1024]),
        sliding_window_pattern=draw.choice([ABSENT, 1, 2, 6]),
        layer_types=_schedule(draw, layers, "sliding_attention", "full_attention"),
        attn_logit_softcapping=draw.choice([ABSENT, None, 50.0]),
        final_logit_softcapping=draw.choice([ABSENT, None, 30.0]),
        use_bidirectional_attention=draw.choice([ABSENT, None, False, True]),
    )
    held |= draw.choice(
        [
            {},
            {"rope_theta": 2e6},
            {"rope_theta": 2e6, "rope_local_base_freq": 20000.0},
            {"rope_theta": 2e6, "rope_scaling": {"rope_type": "linear", "factor": 8.0}},
            {
                "rope_parameters": {
                    "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 3e6},
                    "sliding_attention": {"rope_type": "default", "rope_theta": 30000.0},
                }
            },
        ]
    )
    return {"model_type": "gemma3_text"} | held


def _qwen3(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw)
    layers = held["num_hidden_layers"]
    held |= _kept(
        use_sliding_window=_flag(draw),
        sliding_window=_window(draw),
        max_window_layers=draw.choice([ABSENT, 0, 2, layers]),
        layer_types=draw.choice([ABSENT, None, ["full_attention"] * layers]),
    )
    if held.get("use_sliding_window") and held.get("sliding_window"):
        held |= _kept(layer_types=_schedule(draw, layers, "sliding_attention", "full_attention"))
    return {"model_type": "qwen3"} | held


def _smollm3(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw)
    layers = held["num_hidden_layers"]
    held |= _kept(
        mlp_bias=_flag(draw),
        use_sliding_window=_flag(draw),
        sliding_window=_window(draw),
        no_rope_layers=draw.choice(
            [ABSENT, None, [draw.randint(0, 1) for _ in range(layers + draw.choice([0, 2]))]]
        ),
        no_rope_layer_interval=draw.choice([ABSENT, 1, 2, 4]),
    )
    if held.get("use_sliding_window") and held.get("sliding_window"):
        held |= _kept(layer_types=_schedule(draw, layers, "sliding_attention", "full_attention"))
    return {"model_type": "smollm3"} | held


def _gpt2(draw: Random) -> Config:
    heads = draw.choice([1, 4, 25])
    width = heads * draw.choice([8, 64])
    layers = draw.randint(1, 6)
    spelled = draw.choice(
        [
            {"n_embd": width, "n_layer": layers, "n_head": heads},
            {"hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": heads},
        ]
    )
    words = {"activation_function": draw.choice([ABSENT, "relu"])}
    return _drawn(draw, "gpt2", "n_embd", "n_layer", "n_head", **words) | spelled


def _qwen2(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", head_dim=False)
    return {"model_type": "qwen2"} | held | _later_windows(draw, held["num_hidden_layers"])


def _gemma(draw: Random) -> Config:
    held = _plain(draw, "hidden_act")
    return {"model_type": "gemma", "hidden_act": "gelu_pytorch_tanh"} | held


def _gemma2(draw: Random) -> Config:
    held = _plain(draw, "hidden_act")
    return (
        {"model_type": "gemma2"}
        | held
        | _kept(
            query_pre_attn_scalar=draw.choice([ABSENT, 144]),
            sliding_window=draw.choice([ABSENT, 2, 128]),
            layer_types=_schedule(draw, held["num_hidden_layers"], *TYPES),
            attn_logit_softcapping=draw.choice([ABSENT, None, 30.0]),
            final_logit_softcapping=draw.choice([ABSENT, None, 20.0]),
        )
    )


def _olmo(draw: Random) -> Config:
    held = _plain(draw, "rms_norm_eps", head_dim=False)
    return {"model_type": "olmo"} | held | _kept(clip_qkv=draw.choice([ABSENT, None, 8.0]))


def _cohere(draw: Random) -> Config:
    held = _plain(draw, "rms_norm_eps", head_dim=False)
    held |= _kept(use_qk_norm=_flag(draw), logit_scale=draw.choice([ABSENT, 0.5]))
    return {"model_type": "cohere"} | held


def _cohere2(draw: Random) -> Config:
    held = _plain(draw, "rms_norm_eps")
    return (
        {"model_type": "cohere2"}
        | held
        | _kept(
            sliding_window=draw.choice([ABSENT, 2, 128]),
            sliding_window_pattern=draw.choice([ABSENT, 1, 2]),
            layer_types=_schedule(draw, held["num_hidden_layers"], *TYPES),
            logit_scale=draw.choice([ABSENT, 0.5]),
        )
    )


def _starcoder2(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", "rms_norm_eps", head_dim=False)
    held |= _kept(sliding_window=_window(draw), use_bias=_flag(draw))
    return {"model_type": "starcoder2"} | held


def _stablelm(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", "rms_norm_eps", head_dim=False)
    held |= _partial(draw, held)
    held |= _kept(
        use_qkv_bias=_flag(draw), qk_layernorm=_flag(draw), use_parallel_residual=_flag(draw)
    )
    return {"model_type": "stablelm"} | held


def _granite(draw: Random) -> Config:
    held = _plain(draw, head_dim=False) | _kept(mlp_bias=_flag(draw))
    return {"model_type": "granite"} | held | _multipliers(draw)


def _glm4(draw: Random) -> Config:
    held = _plain(draw)
    return {"model_type": "glm4"} | held | _partial(draw, held)


def _apertus(draw: Random) -> Config:
    held = _plain(draw, "hidden_act", head_dim=False)
    if "rope_theta" in held and not held.get("rope_scaling"):
        del held["rope_theta"]  # alone, the reference doesn't read it
    return {"model_type": "apertus", "hidden_act": draw.choice(["silu", "gelu"])} | held


def _falcon(draw: Random) -> Config:
    kv_heads = draw.choice([1, 2, 8])
    heads = kv_heads * draw.choice([1, 2, 5])
    new = draw.choice([True, False])
    return _rope(draw) | _kept(
        model_type="falcon",
        pad_token_id=None,
        vocab_size=draw.choice([97, ABSENT]),
        hidden_size=heads * 64,
        num_hidden_layers=draw.randint(1, 6),
        num_attention_heads=heads,
        num_kv_heads=kv_heads if new else draw.choice([ABSENT, None, heads]),
        new_decoder_architecture=new,
        num_ln_in_parallel_attn=draw.choice([ABSENT, None, 1, 2]) if new else ABSENT,
        multi_query=_flag(draw),
        parallel_attn=ABSENT if new else _flag(draw),
        bias=_flag(draw),
        ffn_hidden_size=draw.choice([ABSENT, None, 48]),
        activation=draw.choice([ABSENT, "relu"]),
        max_position_embeddings=draw.choice([ABSENT, 512]),
        tie_word_embeddings=_flag(draw),
    )


DENSE: Mapping[str, Callable[[Random], Config]] = {
    "apertus": _apertus,
    "cohere": _cohere,
    "cohere2": _cohere2,
    "falcon": _falcon,
    "gemma": _gemma,
    "gemma2": _gemma2,
    "gemma3_text": _gemma3_text,
    "glm4": _glm4,
    "gpt2": _gpt2,
    "granite": _granite,
    "llama": _llama,
    "mistral": _mistral,
    "olmo": _olmo,
    "olmo2": _olmo2,
    "olmo3": _olmo3,
    "phi3": _phi3,
    "qwen2": _qwen2,
    "qwen3": _qwen3,
    "smollm3": _smollm3,
    "stablelm": _stablelm,
    "starcoder2": _starcoder2,
}
