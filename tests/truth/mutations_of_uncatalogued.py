"""Random configs of families that no catalog model has: what strangers send."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    TYPES,
    Config,
    Family,
    _as,
    _drawn,
    _part,
    _tower,
)
from tests.truth.mutations_of_latents import _latent


def _helium(draw: Random) -> Config:
    held = _drawn(draw, "helium")
    return held | {"head_dim": held["hidden_size"] // held["num_attention_heads"]}


def _internlm3(draw: Random) -> Config:
    bias = draw.choice([True, False, ABSENT])  # the reference takes no two
    return _drawn(draw, "internlm3", bias=bias, qkv_bias=bias)


def _qwen3_vl(draw: Random, model_type: str = "qwen3_vl") -> Config:
    text = _part(draw, model_type, "text_config", "tie_word_embeddings", scaled=False)
    vision = _tower(draw, model_type, "num_heads", deepstack_visual_indexes=draw.choice([[], [0]]))
    return {
        "model_type": model_type,
        "text_config": text,
        "vision_config": vision,
        "tie_word_embeddings": draw.choice([True, False]),
    }


def _cohere_compass_text(draw: Random) -> Config:
    """Each kind of layer has its rotation, or null; a release's config keeps a base that says nothing beside them."""
    layers = draw.randint(1, 9)
    kinds = [draw.choice(TYPES) for _ in range(layers)]
    turned = {"rope_type": "default", "rope_theta": draw.choice([10000.0, 5e5])}
    rotations: Config = {kind: draw.choice([None, turned]) for kind in TYPES}
    return _drawn(
        draw,
        "cohere_compass_text",
        *("rope_theta", "sliding_window_pattern"),
        num_hidden_layers=layers,
        layer_types=draw.choice([ABSENT, None, kinds]),
        rope_parameters=rotations | draw.choice([{}, {"rope_theta": 7.0}]),
        logit_scale=draw.choice([ABSENT, None, 0.25]),
        num_attention_heads=4,
        num_key_value_heads=draw.choice([1, 2, 4]),
        hidden_size=128,
    )


def _cohere_compass(draw: Random) -> Config:
    held = _qwen3_vl(draw, "cohere_compass")
    return held | {"text_config": _cohere_compass_text(draw)}


def _cpmant(draw: Random) -> Config:
    """The class takes the third of its prompts, and the third kind of segment."""
    return _drawn(
        draw,
        "cpmant",
        dim_head=draw.choice([8, 64]),
        prompt_length=draw.choice([0, 5, ABSENT]),
        prompt_types=draw.choice([3, 7, ABSENT]),
        segment_types=draw.choice([3, 5, ABSENT]),
        position_bias_num_buckets=draw.choice([4, 17, ABSENT]),
        position_bias_max_distance=draw.choice([150, ABSENT]),  # beyond what has buckets of its own
    )


UNCATALOGUED: Mapping[str, Family] = {
    "arcee": _as("arcee", hidden_act=[ABSENT]),
    "bitnet": _as("bitnet", hidden_act=[ABSENT]),
    "cohere_compass": _cohere_compass,
    "cohere_compass_text": _cohere_compass_text,
    "cosmos3_omni": lambda draw: _qwen3_vl(draw, "cosmos3_omni"),
    "cpmant": _cpmant,
    "cwm": _as("cwm", "rope_theta", "rope_parameters"),
    "ernie4_5": _as("ernie4_5"),
    "exaone": _as("exaone"),
    "exaone4": _as("exaone4", sliding_window_pattern=[ABSENT, 2, 4]),
    "exaone_moe": _as("exaone_moe", sliding_window_pattern=[ABSENT, 2, 4]),
    "flex_olmo": _as("flex_olmo"),
    "glm": _as("glm"),
    "glm4_moe_lite": _latent("glm4_moe_lite", "head_dim"),
    "granitemoe": _as("granitemoe"),
    "granitemoeshared": _as("granitemoeshared"),
    "helium": _helium,
    "hunyuan_v1_dense": _as("hunyuan_v1_dense", head_dim=[64]),  # the reference fails without
    "internlm3": _internlm3,
    "minicpm3": _latent("minicpm3"),
    "minicpm5_moe": _as("minicpm5_moe"),
    "ministral": _as("ministral", head_dim=[64]),  # it can't stretch a rotation without
    "ministral3": _as("ministral3", "rope_theta", "rope_parameters"),
    "nanochat": _as("nanochat", hidden_act=[ABSENT]),
    "param2moe": _as("param2moe"),
    "qwen2_moe": _as("qwen2_moe", "layer_types", sliding_window=[ABSENT, 2, 128]),
    "qwen3_vl": _qwen3_vl,
    "qwen3_vl_moe": lambda draw: _qwen3_vl(draw, "qwen3_vl_moe"),
    "seed_oss": _as("seed_oss"),
    "vaultgemma": _as("vaultgemma"),
    "youtu": _latent("youtu"),
}
