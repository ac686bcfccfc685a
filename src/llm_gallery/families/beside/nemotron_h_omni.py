"""Nemotron 3 Nano Omni: C-RADIO and Parakeet's encoder, each with a norm and two maps to the stream.

Reference: transformers/models/nemotron_h_omni/modular_nemotron_h_omni.py
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import layer_norm, linear, rms_norm
from llm_gallery.families._config import Ratio, Size, config, same
from llm_gallery.families.beside._parakeet import Parakeet, parakeet
from llm_gallery.families.beside._radio import Radio, radio


@config("parakeet_encoder")
class OmniParakeet(Parakeet):
    projection_hidden_size: Size
    projection_bias: bool


@config("nemotron_h_omni", unused=("force_image_size", "video_pruning_rate"))
class NemotronOmni:
    vision_config: Radio
    audio_config: OmniParakeet | None = None
    downsample_ratio: Ratio
    projector_hidden_size: Size
    vision_hidden_size: Size
    video_temporal_patch_size: Size


def nemotron_h_omni(c: NemotronOmni, stream: int, text: Block) -> tuple[Block, ...]:
    """A norm after the tower where the language model predicts further tokens, as the reference has it."""
    vision = c.vision_config
    frames = "video_temporal_patch_size"
    same(getattr(vision, frames), getattr(c, frames), (f"vision_config.{frames}", frames))
    same(
        vision.hidden_size,
        c.vision_hidden_size,
        ("vision_config.hidden_size", "vision_hidden_size"),
    )
    drafts = any(block.kind == "multi_token_prediction" for block in text.inside)
    last = layer_norm("vision_projector.vision_final_layernorm", c.vision_hidden_size)
    joined = c.vision_hidden_size * int(1 / c.downsample_ratio) ** 2
    seen = (
        rms_norm("0", joined),
        linear("1", joined, c.projector_hidden_size),
        linear("3", c.projector_hidden_size, stream),
    )
    return (
        radio(vision, "vision_model"),
        *([Block("projector", "", inside=(last,))] if drafts else []),
        Block("projector", "mlp1", inside=seen),
        *(() if c.audio_config is None else audio_encoder(c.audio_config, stream)),
    )


def audio_encoder(c: OmniParakeet, stream: int) -> Iterator[Block]:
    """The encoder, and its norm and maps."""
    inner, bias = c.projection_hidden_size, c.projection_bias
    heard = (
        rms_norm("norm", c.hidden_size),
        linear("linear1", c.hidden_size, inner, bias=bias),
        linear("linear2", inner, stream, bias=bias),
    )
    yield parakeet(c, "sound_encoder.encoder")
    yield Block("projector", "sound_projection", inside=heard)
