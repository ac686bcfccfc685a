"""Random configs of families with vision towers, drawn with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import ABSENT, Config, _flag, _kept, _plain, _qwen_vision, _window
from tests.truth.mutations_of_dense import _cohere2, _gemma3_text
from tests.truth.mutations_of_experts import _cohere2_moe, _llama4_text
from tests.truth.mutations_of_latents import _mistral4
from tests.truth.mutations_of_states import _qwen3_5_moe_text, _qwen3_5_text


def _siglip(draw: Random) -> Config:
    heads, patch = draw.choice([1, 4]), draw.choice([2, 14, 16])
    return _kept(
        model_type="siglip_vision_model",
        hidden_size=heads * draw.choice([8, 72]),
        intermediate_size=draw.choice([16, 4304]),
        num_hidden_layers=draw.randint(1, 4),
        num_attention_heads=heads,
        image_size=patch * draw.choice([2, 8, 64]) + draw.choice([0, 1]),
        patch_size=patch,
        num_channels=draw.choice([ABSENT, 1, 3]),
        vision_use_head=_flag(draw),
    )


def _gemma3(draw: Random) -> Config:
    return _kept(
        model_type="gemma3",
        text_config=_gemma3_text(draw),
        vision_config=draw.choice([_siglip(draw), _siglip(draw), ABSENT]),
        mm_tokens_per_image=draw.choice([ABSENT, 256]),
        tie_word_embeddings=_flag(draw),
    )


def _llama4(draw: Random) -> Config:
    heads, patch, ratio = draw.choice([1, 4]), draw.choice([2, 14]), draw.choice([0.5, 1.0])
    vision = _kept(
        model_type="llama4_vision_model",
        hidden_size=heads * draw.choice([16, 88]),
        intermediate_size=draw.choice([16, 5632]),
        num_hidden_layers=draw.randint(1, 4),
        num_attention_heads=heads,
        num_channels=draw.choice([ABSENT, 3]),
        image_size=patch * draw.choice([2, 24]),
        patch_size=patch,
        pixel_shuffle_ratio=ratio,
        projector_input_dim=draw.choice([64, 4096]),
        projector_output_dim=draw.choice([32, 4096]),
        vision_output_dim=draw.choice([32, 4096]),
        multi_modal_projector_bias=_flag(draw),
    )
    text = _llama4_text(draw)
    return _kept(
        model_type="llama4",
        text_config=text,
        vision_config=draw.choice([vision, vision, ABSENT]),
        tie_word_embeddings=_flag(draw),
    )


def _cohere2_vision(draw: Random) -> Config:
    return _kept(
        model_type="cohere2_vision",
        text_config=draw.choice([_cohere2, _cohere2_moe])(draw),
        vision_config=_siglip(draw) | {"vision_use_head": False},
        downsample_factor=draw.choice([ABSENT, 1, 2]),
        alignment_intermediate_size=draw.choice([ABSENT, 64]),
        tie_word_embeddings=_flag(draw),
    )


def _pixtral(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    return _kept(
        model_type="pixtral",
        hidden_size=heads * draw.choice([8, 64]),
        intermediate_size=draw.choice([16, 4096]),
        num_hidden_layers=draw.randint(1, 4),
        num_attention_heads=heads,
        num_channels=draw.choice([ABSENT, 1]),
        patch_size=draw.choice([2, 14]),
        image_size=140,
    )


def _mistral3(draw: Random) -> Config:
    mistral = _plain(draw, "attention_bias") | _kept(sliding_window=_window(draw))
    text = draw.choice([{"model_type": "mistral"} | mistral, _mistral4(draw)])
    return _kept(
        model_type="mistral3",
        text_config=text,
        vision_config=_pixtral(draw),
        multimodal_projector_bias=_flag(draw),
        spatial_merge_size=draw.choice([ABSENT, 1, 2]),
        vision_feature_layer=draw.choice([ABSENT, -1, [-1, -2]]),
        tie_word_embeddings=draw.choice([True, False]),  # where nobody says so: differences.toml
    )


def _qwen3_5(draw: Random) -> Config:
    return _kept(
        model_type="qwen3_5",
        text_config=_qwen3_5_text(draw),
        vision_config=_qwen_vision(draw, "qwen3_5_vision"),
        tie_word_embeddings=draw.choice([True, False]),
    )


def _qwen3_5_moe(draw: Random) -> Config:
    return _kept(
        model_type="qwen3_5_moe",
        text_config=_qwen3_5_moe_text(draw),
        vision_config=_qwen_vision(draw, "qwen3_5_moe_vision"),
        tie_word_embeddings=draw.choice([True, False]),
    )


TOWERS: Mapping[str, Callable[[Random], Config]] = {
    "cohere2_vision": _cohere2_vision,
    "gemma3": _gemma3,
    "llama4": _llama4,
    "mistral3": _mistral3,
    "qwen3_5": _qwen3_5,
    "qwen3_5_moe": _qwen3_5_moe,
}
