"""Random parts beside the language models of wrappers, drawn with a seed: each tower of any type that is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from random import Random
from typing import Any

from llm_gallery.families import beside
from tests.truth.mutations import ABSENT, Config, _of
from tests.truth.mutations_of_encoders import ENCODERS, WHOLE


def _patched(draw: Random, heads: str = "num_attention_heads") -> Config:
    """Heads share the width, and a picture is some patches, with a rest or without."""
    count, patch = draw.choice([1, 4]), draw.choice([2, 14])
    image = patch * draw.choice([2, 8]) + draw.choice([0, 1])
    width = count * draw.choice([16, 96])
    return {heads: count, "hidden_size": width, "patch_size": patch, "image_size": image}


def _unsized(draw: Random) -> Config:
    """A tower that takes pictures of any size."""
    made = _patched(draw)
    return {key: value for key, value in made.items() if key != "image_size"}


def _both_sides(draw: Random) -> Config:
    """A square by one number or two, or height and width."""
    made = _patched(draw)
    image, patch = made["image_size"], made["patch_size"]
    sides = draw.choice([(image, patch), ([image] * 2, [patch] * 2), ([image, 2 * image], patch)])
    return made | {"image_size": sides[0], "patch_size": sides[1]}


def _windowed(draw: Random) -> Config:
    """Some layers attend over the whole picture."""
    layers = draw.choice([1, 4])
    over = draw.choice([ABSENT, [], [0], [layers - 1]])
    return _patched(draw) | {"num_hidden_layers": layers, "global_attn_indexes": over}


def _docling(draw: Random) -> Config:
    return _patched(draw) | {
        "scale_factor": draw.choice([2, 5]),
        "deepstack_visual_indexes": draw.choice([ABSENT, [], [0, 2]]),
        "use_fine_route": True,
    }


def _qformer(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    return {"num_attention_heads": heads, "hidden_size": heads * draw.choice([8, 64])}


def _vqgan(draw: Random) -> Config:
    """Channels of which 32 groups can be made."""
    levels = draw.choice([[1], [1, 2], [2, 2, 1]])
    return {"base_channels": 32 * draw.choice([1, 2]), "channel_multiplier": levels}


def _over_frames(draw: Random) -> Config:
    """Some levels attend, or none; frames are halved so often."""
    made = _vqgan(draw)
    return made | {
        "attn_resolutions": draw.choice([[], [0], [0, len(made["channel_multiplier"]) - 1]]),
        "temporal_downsample_factor": draw.choice([1, 2, 6]),
        "num_res_blocks": draw.choice([ABSENT, 0, 1, 3]),
    }


def _shared_heads(draw: Random) -> Config:
    keys = draw.choice([1, 2])
    heads = keys * draw.choice([1, 3])
    width = heads * draw.choice([16, 96])
    return {"num_attention_heads": heads, "num_key_value_heads": keys, "hidden_size": width}


def _over_windows(draw: Random) -> Config:
    return _patched(draw) | {"window_kernel_size": draw.choice([ABSENT, [2, 2], [3, 1]])}


def _perceiver(draw: Random) -> Config:
    keys = draw.choice([1, 2])
    return {"num_key_value_heads": keys, "resampler_n_heads": keys * draw.choice([1, 3])}


TOWERS: Mapping[str, Callable[[Random], Config]] = {
    **dict.fromkeys(
        (
            "clip_vision_model", "siglip_vision_model", "idefics2_vision", "idefics3_vision", "smolvlm_vision",
            "siglip2_vision_model", "blip_2_vision_model", "instructblip_vision_model",
            "instructblipvideo_vision_model", "janus_vision_model", "ovis2_vision",
        ),
        _patched,
    ),
    **dict.fromkeys(("internvl_vision", "qianfan_ocr_vision"), _both_sides),
    **dict.fromkeys(("got_ocr2_vision", "pp_chart2table_vision"), _windowed),
    "deepseek_ocr2_sam_vision_model": lambda draw: (
        _windowed(draw) | {"downsample_channels": draw.choice([ABSENT, [7, 9]])}
    ),
    "deepseek_ocr2_encoder": _shared_heads,
    "unlimited_ocr_sam_vision_model": lambda draw: _windowed(draw) | {"downsample_channels": draw.choice([ABSENT, [7, 9]])},
    "unlimited_ocr_vision_encoder": _patched,
    "sam_vision_model": lambda draw: _windowed(draw) | {"global_attn_indexes": draw.choice([ABSENT, [0]])},
    "granite_docling_vision": _docling,
    **dict.fromkeys(("minicpmv4_6_vision", "minicpmv4_7_vision", "minicpm_ocr_vision"), _over_windows),
    "lfm3_vl_vision": lambda draw: (
        _shared_heads(draw)
        | {"num_hidden_layers": 3, "layer_types": draw.choice([ABSENT, ["full_attention"] * 2 + ["conv"]])}
    ),
    "idefics2_perceiver": _perceiver,
    "janus_vqgan": _vqgan,
    "chameleon_vqgan": lambda draw: (
        _vqgan(draw)
        | {"attn_resolutions": draw.choice([None, [512], [256, 128]]), "attn_type": draw.choice([ABSENT, "vanilla", "none"])}
    ),
    "emu3_vqgan": _over_frames,
    "apertus1p5_vision_tokenizer": lambda draw: (
        _vqgan(draw) | {"resolution": 64, "attn_resolutions": draw.choice([[], [64], [16, 32]])}
    ),
    **dict.fromkeys(("blip_2_qformer", "instructblip_qformer", "instructblipvideo_qformer"), _qformer),
    "pixtral": _unsized,
    **ENCODERS,
}  # fmt: skip
"""Sizes that must fit one another, by the type of the part."""
WIDE: Config = {"model_type": "clip_vision_model", "hidden_size": 128, "num_attention_heads": 4}
"""A tower that a head of 64 channels divides."""
OF_SEVERAL_LAYERS = (
    "llava", "llava_next", "llava_next_video", "llava_onevision", "video_llava", "vipllava",
)  # fmt: skip
OWN: Mapping[str, Mapping[str, Sequence[Any]]] = {
    **{name: {"vision_feature_layer": [ABSENT, -1, [-1, -2]]} for name in OF_SEVERAL_LAYERS},
    "aria": {"projector_patch_to_query_dict": [ABSENT, {"4": 7, "9": 3}]},
    "granite4_vision": {
        "downsample_rate": ["1/2", "2/4"],
        "deepstack_layer_map": [[], [[-2, 0], [-1, 1]]],
        "vision_config": [WIDE, WIDE | {"model_type": "siglip_vision_model"}],
    },
    "aya_vision": {"alignment_intermediate_size": [ABSENT, 64, 27]},
    "step3p7": {
        "vision_config": [
            {
                "model_type": "step3p5_vision",
                "hidden_size": 64,
                "num_hidden_layers": 2,
                "mlp_ratio": 1.7,
                "image_size": 71,
            },
            {
                "hidden_size": 32,
                "num_attention_heads": 2,
                "num_channels": 1,
                "patch_size": 7,
                "image_size": 56,
            },
            {
                "model_type": "perception_encoder",
                "width": 64,
                "layers": 2,
                "heads": 4,
                "mlp_ratio": 8960 / 1536,
            },
            {
                "model_type": "perception_encoder",
                "layers": 1,
                "image_size": 56,
                "use_cls_token": False,
                "ls_init_value": 0.1,
            },
        ],
    },
}
"""Values of keys whose types don't say them."""


def drawn_beside(name: str, draw: Random) -> Config:
    """The keys of a wrapper outside of its language model, each part stated."""
    among = {key: draw.choice(values) for key, values in OWN.get(name, {}).items()}
    made = _with_parts(draw, beside.keys(name), among)
    return WHOLE[name](draw, made) if name in WHOLE else made


def _with_parts(draw: Random, cls: Any, own: Config) -> Config:
    held = {field.name: beside.parts(cls, field.name) for field in fields(cls)}
    for key, options in held.items():
        if options and key not in own:
            part = draw.choice(options)
            fitting = TOWERS.get(part.model_type)
            sizes = fitting(draw) if fitting else {}
            own[key] = {"model_type": part.model_type, **_with_parts(draw, part, sizes)}
    return _of(draw, cls, **own)
