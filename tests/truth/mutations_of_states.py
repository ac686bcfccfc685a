"""Random configs of families with layers that keep a state, drawn with a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from tests.truth.mutations import (
    ABSENT,
    KEYS,
    LINEAR,
    Config,
    Family,
    _as,
    _chosen,
    _drawn,
    _heads,
    _schedule,
    _state_space,
)


def _delta(model_type: str, **among: Sequence[Any]) -> Family:
    """Gated DeltaNet's heads, and which layers have them."""

    def drawn(draw: Random) -> Config:
        keys, layers = draw.choice([1, 2, 8]), draw.randint(1, 9)
        return _drawn(
            draw,
            model_type,
            num_hidden_layers=layers,
            layer_types=_schedule(draw, layers, *LINEAR),
            full_attention_interval=draw.choice([ABSENT, 1, 2, 4]),
            linear_num_key_heads=keys,
            linear_num_value_heads=keys * draw.choice([1, 2]),
            linear_key_head_dim=draw.choice(KEYS),
            **{key: draw.choice(values) for key, values in among.items()},
        )

    return drawn


def _nemotron_h(draw: Random) -> Config:
    kv_heads, groups = draw.choice([1, 2]), draw.choice([1, 4])
    layers = draw.randint(1, 9)
    # The reference asks the first layer how many tokens it keeps.
    letters = draw.choice("M*") + "".join(draw.choice("ME*-") for _ in range(layers - 1))
    words = {"M": "mamba", "E": "moe", "*": "attention", "-": "mlp"}
    newer = {"M": "linear_attention", "E": "moe", "*": "full_attention", "-": "mlp"}
    spelling: Config = draw.choice(
        [
            {"hybrid_override_pattern": letters},
            {"hybrid_override_pattern": letters, "num_hidden_layers": layers},
            {"layers_block_type": [words[letter] for letter in letters]},
            {"layers_block_type": [newer[letter] for letter in letters]},
            {"layer_types": [newer[letter] for letter in letters]},
        ]
    )
    return spelling | _drawn(
        draw,
        "nemotron_h",
        *("layers_block_type", "mtp_layers_block_type", "num_hidden_layers"),
        num_attention_heads=kv_heads * draw.choice([1, 16]),
        num_key_value_heads=kv_heads,
        attention_bias=draw.choice([True, False, ABSENT]),
        mamba_num_heads=groups * draw.choice([1, 16]),
        mamba_proj_bias=draw.choice([True, False, ABSENT]),
        n_groups=groups,
        num_experts_per_tok=1,
        mtp_hybrid_override_pattern=draw.choice([ABSENT, "*E"]),
    )


def _granitemoehybrid(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    held = _drawn(
        draw,
        "granitemoehybrid",
        num_hidden_layers=layers,
        num_local_experts=draw.choice([0, 2, 5]),
        num_experts_per_tok=1,
        position_embedding_type=draw.choice([ABSENT, None, "rope", "nope"]),
        layer_types=draw.choice(
            [_schedule(draw, layers, "mamba", "attention"), _schedule(draw, layers, *LINEAR)]
        ),
    )
    return held | _state_space(draw, held["hidden_size"])


def _falcon_h1(draw: Random) -> Config:
    held = _drawn(
        draw,
        "falcon_h1",
        ssm_multipliers=draw.choice([ABSENT, None, [0.1, 0.2, 0.3, 0.4, 0.5]]),
        mlp_multipliers=draw.choice([ABSENT, None, [0.5, 0.25]]),
    )
    own = {"mamba_d_head": "auto", "mamba_d_ssm": None}
    return held | _state_space(draw, held["hidden_size"]) | own


def _lfm2(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    kinds = draw.choice(
        [
            {"layer_types": _schedule(draw, layers, "conv", "full_attention")},
            {"full_attn_idxs": sorted(draw.sample(range(layers), draw.randint(1, layers)))},
        ]
    )
    return _drawn(
        draw,
        "lfm2",
        *{"layer_types", "full_attn_idxs"} - kinds.keys(),
        scaled=False,
        num_hidden_layers=layers,
        intermediate_size=draw.choice([4, 64, 65536]),  # half of two thirds of less is none
        block_ff_dim=draw.choice([ABSENT, 100, 6656]),
        tie_embedding=draw.choice([True, False, ABSENT]),
        **kinds,
    )


def _lfm2_moe(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    types = _chosen(draw, layers, "full_attention", "conv")
    tied = draw.choice([True, False, ABSENT])
    own = {"num_hidden_layers": layers, "layer_types": types, "tie_embedding": tied}
    return _drawn(draw, "lfm2_moe", scaled=False, **own)


def _xlstm(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    width = heads * draw.choice([64, 512])
    return _drawn(
        draw,
        "xlstm",
        "num_blocks",
        hidden_size=width,
        embedding_dim=draw.choice([ABSENT, None, width]),
        num_heads=heads,
        qk_dim_factor=draw.choice([ABSENT, 0.5, 1.0]),
        v_dim_factor=draw.choice([ABSENT, 1.0, 2.0]),
    )


def _grouped_latent(draw: Random, model_type: str, *without: str, **own: Any) -> Config:
    """The class ties nothing."""
    return _drawn(draw, model_type, *without, tie_word_embeddings=False, **_heads(draw), **own)


def _kimi_linear(draw: Random) -> Config:
    without = ("layer_types", "mlp_layer_types", "linear_head_dim", "linear_num_heads")
    held = _grouped_latent(draw, "kimi_linear", *without, "linear_conv_kernel_dim")
    layers = held["num_hidden_layers"]
    full = sorted(draw.sample(range(1, layers + 1), draw.randint(1, layers)))
    delta = [i for i in range(1, layers + 1) if i not in full]
    places = {"full_attn_layers": full, "kda_layers": delta}
    sizes = {
        "head_dim": draw.choice([8, 128]),
        "num_heads": draw.choice([2, 32]),
        "short_conv_kernel_size": draw.choice([2, 4]),
    }
    some = dict(draw.sample([*sizes.items()], draw.randint(0, 3)))
    prefix = draw.choice([{}, {"first_k_dense_replace": draw.choice([0, 1, 20])}])
    return (
        held
        | prefix
        | draw.choice(
            [
                {"linear_attn_config": places | some},
                {"linear_attn_config": places},
                {"linear_head_dim": 16, "linear_num_heads": 3},
                {},
            ]
        )
    )


def _bailing_hybrid(draw: Random) -> Config:
    """Ling 3.0's: the reference has no Lightning attention."""
    layers = draw.randint(1, 9)
    return _grouped_latent(
        draw,
        "bailing_hybrid",
        "mlp_layer_types",
        scaled=False,
        num_hidden_layers=layers,
        head_dim=draw.choice([ABSENT, 16]),
        kda_lower_bound=draw.choice([ABSENT, -0.5]),  # above 0 a state would only grow
        layer_types=_schedule(draw, layers, *LINEAR),
    )


def _minimax(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    own = {"num_hidden_layers": layers, "layer_types": _schedule(draw, layers, *LINEAR)}
    # The reference masks with a window, but its cache keeps what is beyond.
    return _drawn(draw, "minimax", "sliding_window", scaled=False, **own)


STATES: Mapping[str, Family] = {
    "bailing_hybrid": _bailing_hybrid,
    "falcon_h1": _falcon_h1,
    "granitemoehybrid": _granitemoehybrid,
    "kimi_linear": _kimi_linear,
    "lfm2": _lfm2,
    "lfm2_moe": _lfm2_moe,
    "mamba": _as("mamba"),
    "minimax": _minimax,
    "nemotron_h": _nemotron_h,
    "qwen3_5_moe_text": _delta("qwen3_5_moe_text", mtp_num_hidden_layers=[ABSENT, 0, 1]),
    "qwen3_5_text": _delta("qwen3_5_text", mtp_num_hidden_layers=[ABSENT, 0, 1]),
    "qwen3_next": _delta("qwen3_next"),
    "rwkv": _as(  # of one channel, the reference divides by none
        "rwkv", num_hidden_layers=[2, 3, 6], attention_hidden_size=[ABSENT, None, 2, 96]
    ),
    "xlstm": _xlstm,
}
