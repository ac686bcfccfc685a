"""Random configs of families with vision towers, drawn with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from tests.truth.mutations import ABSENT, Config, Family, _as, _drawn, _part, _tower
from tests.truth.mutations_of_dense import _gemma3_text
from tests.truth.mutations_of_experts import _cohere2_moe, _llama4_text
from tests.truth.mutations_of_latents import _mistral4
from tests.truth.mutations_of_states import STATES


def _with(
    model_type: str, text: Family, vision: Callable[[Random], Any], **among: Sequence[Any]
) -> Family:
    """A language model behind a tower; nothing else says whether its ends are tied."""

    def drawn(draw: Random) -> Config:
        made: Config = {"text_config": text(draw), "vision_config": vision(draw)}
        made |= {key: draw.choice(values) for key, values in among.items()}
        tied = draw.choice([True, False])
        return _drawn(draw, model_type, tie_word_embeddings=tied, **made)

    return drawn


def _siglip(draw: Random) -> Config:
    patch = draw.choice([2, 14, 16])
    pixels = patch * draw.choice([2, 8, 64]) + draw.choice([0, 1])
    return _tower(draw, "gemma3", patch_size=patch, image_size=pixels)


def _llama4_vision(draw: Random) -> Config:
    patch = draw.choice([2, 14])
    return _tower(
        draw,
        "llama4",
        rope_theta=ABSENT,
        rope_parameters=ABSENT,
        patch_size=patch,
        image_size=patch * draw.choice([2, 24]),
        pixel_shuffle_ratio=draw.choice([0.5, 1.0]),
    )


def _mistral3_text(draw: Random) -> Config:
    return draw.choice([_as("mistral"), _mistral4])(draw)


def _mllama(draw: Random) -> Config:
    """Some layers read pictures, or none does; ratios of tiles are listed, or the usual ones of four tiles."""
    crossing = draw.choice([ABSENT, [], [1], [3, 0]])
    text = _part(
        draw,
        "mllama",
        "text_config",
        num_hidden_layers=draw.choice([2, 3, 5]),
        cross_attention_layers=crossing,
    )
    patch = draw.choice([2, 14])
    vision = _tower(
        draw,
        "mllama",
        "attention_heads",
        patch_size=patch,
        image_size=patch * draw.choice([2, 5]) + draw.choice([0, 1]),
        num_hidden_layers=draw.choice([1, 3]),
        num_global_layers=draw.choice([1, 2]),
        supported_aspect_ratios=draw.choice([ABSENT, [[1, 1], [1, 2]]]),
        max_num_tiles=4,
    )
    return {"model_type": "mllama", "text_config": text, "vision_config": vision}


TOWERS: Mapping[str, Family] = {
    "cohere2_vision": _with(
        "cohere2_vision",
        lambda draw: draw.choice([_as("cohere2"), _cohere2_moe])(draw),
        lambda draw: _siglip(draw) | {"vision_use_head": False},
        alignment_intermediate_size=[ABSENT, 64],
    ),
    "gemma3": _with(
        "gemma3",
        _gemma3_text,
        lambda draw: draw.choice([_siglip(draw), ABSENT]),
        mm_tokens_per_image=[ABSENT, 256],
    ),
    "llama4": _with(
        "llama4",
        _llama4_text,
        lambda draw: draw.choice([_llama4_vision(draw), ABSENT]),
    ),
    "mllama": _mllama,
    "mllama_text_model": lambda draw: _mllama(draw)["text_config"],
    "mistral3": _with(
        "mistral3",
        _mistral3_text,
        lambda draw: _tower(draw, "mistral3", patch_size=draw.choice([2, 14])),
        vision_feature_layer=[ABSENT, -1, [-1, -2]],
    ),
    "qwen3_5": _with(
        "qwen3_5",
        STATES["qwen3_5_text"],
        lambda draw: _tower(draw, "qwen3_5", "num_heads"),
    ),
    "qwen3_5_moe": _with(
        "qwen3_5_moe",
        STATES["qwen3_5_moe_text"],
        lambda draw: _tower(draw, "qwen3_5_moe", "num_heads"),
    ),
}
