"""VibeVoice as its first release has it: the same parts under other keys and names.

Reference: https://github.com/microsoft/VibeVoice, vibevoice/modular/modular_vibevoice_tokenizer.py, modeling_vibevoice.py
Paper: https://arxiv.org/abs/2508.19205
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import gated_mlp, group, layer, linear, rms_norm, stack
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Depth, Factor, Letters, Size, config, exactly, same
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._vibevoice import Sizes, Spelled, decoder, encoder

TAPS, WIDER, OF_SINES = 7, 4, 256
"""Steps of a filter, how many times wider a block is within, and how many sines say how much noise is left; no key does."""
DOWN = Spelled(
    lambda index, kind: f"downsample_layers.{index}.0.{kind}.{kind}",
    lambda index: f"stages.{index}",
    "mixer.conv.conv.conv",
    "head.conv.conv",
)
UP = DOWN._replace(convolution=lambda index, kind: f"upsample_layers.{index}.0.{kind}.{kind}")
OF_SOUND = (
    "causal",
    "corpus_normalize",
    "fix_std",
    "layer_scale_init_value",
    "layernorm_eps",
    "pad_mode",
    "std_dist_type",
    "weight_init_value",
)
OF_NOISE = (
    "ddpm_batch_mul", "ddpm_beta_schedule", "ddpm_num_inference_steps", "ddpm_num_steps", "diffusion_type",
    "prediction_type", "speech_vae_dim",
)  # fmt: skip


@config("vibevoice_semantic_tokenizer", unused=OF_SOUND)
class Tokenizer:
    """Of what its class could also build, no release has anything."""

    vae_dim: Size
    encoder_n_filters: Size
    encoder_ratios: tuple[Size, ...]
    encoder_depths: Letters
    channels: Size = 1
    conv_bias: Literal[True] = True
    conv_norm: Literal["none"] = "none"
    disable_last_norm: Literal[True] = True
    layernorm: Literal["RMSNorm"] = "RMSNorm"
    layernorm_elementwise_affine: Literal[True] = True
    mixer_layer: Literal["depthwise_conv"] = "depthwise_conv"


@config("vibevoice_acoustic_tokenizer", unused=OF_SOUND)
class WithDecoder(Tokenizer):
    decoder_n_filters: Size = 32
    decoder_ratios: tuple[Size, ...] | None = None
    decoder_depths: Letters | None = None


@config("vibevoice_diffusion_head", unused=OF_NOISE)
class Head:
    hidden_size: Size
    head_layers: Depth
    head_ffn_ratio: Factor
    latent_size: Size


@config("vibevoice_decoder")
class VibeVoice:
    acoustic_tokenizer_config: WithDecoder
    semantic_tokenizer_config: Tokenizer
    diffusion_head_config: Head
    acoustic_vae_dim: Size | None = None
    semantic_vae_dim: Size | None = None


def vibevoice_decoder(c: VibeVoice, stream: int) -> tuple[Block, ...]:
    sound, words = c.acoustic_tokenizer_config, c.semantic_tokenizer_config
    for kind, said, channels in (
        ("acoustic", c.acoustic_vae_dim, sound.vae_dim),
        ("semantic", c.semantic_vae_dim, words.vae_dim),
    ):
        if said is not None:
            same(said, channels, (f"{kind}_vae_dim", f"{kind}_tokenizer_config.vae_dim"))
    heard = _sizes(sound, "acoustic_tokenizer_config")
    said_of = encoder(_sizes(words, "semantic_tokenizer_config"), DOWN)
    return (
        Block("audio_tower", "model.acoustic_tokenizer.encoder", inside=encoder(heard, DOWN)),
        Block(
            "speech_decoder",
            "model.acoustic_tokenizer.decoder",
            inside=decoder(_backwards(sound, heard), UP),
        ),
        Block("audio_tower", "model.semantic_tokenizer.encoder", inside=said_of),
        _connector("model.acoustic_connector", sound.vae_dim, stream),
        _connector("model.semantic_connector", words.vae_dim, stream),
        _head(c.diffusion_head_config, stream),
        Block("projector", "", inside=(group("model", _scale()),)),
    )


def _sizes(c: Tokenizer, at: str) -> Sizes:
    """The ratios are listed from the slowest stage, the depths from the first."""
    ratios = c.encoder_ratios[::-1]
    depths = _depths(c.encoder_depths, f"{at}.encoder_depths")
    exactly(depths, len(ratios) + 1, f"{at}.encoder_depths")
    return Sizes(
        c.channels, c.vae_dim, TAPS, int(c.encoder_n_filters), ratios, depths, WIDER, "gelu"
    )


def _backwards(c: WithDecoder, heard: Sizes) -> Sizes:
    """The decoder's own sizes where they are stated; its depths are listed from the slowest stage."""
    at = "acoustic_tokenizer_config.decoder_depths"
    sizes = heard._replace(filters=int(c.decoder_n_filters))
    if c.decoder_ratios is not None:
        sizes = sizes._replace(ratios=c.decoder_ratios[::-1])
    if c.decoder_depths is not None:
        sizes = sizes._replace(depths=_depths(c.decoder_depths, at)[::-1])
    exactly(sizes.depths, len(sizes.ratios) + 1, at)
    return sizes


def _depths(said: str, key: str) -> tuple[int, ...]:
    """Numbers with dashes between."""
    parts = said.split("-")
    if not all(part.isascii() and part.isdigit() and int(part) <= 4096 for part in parts):
        raise Refusal(
            f'{key} is {quoted(said)}, expected numbers with dashes between, as in "3-3-8"; correct it in the config'
        )
    return tuple(int(part) for part in parts)


def _connector(name: str, channels: int, stream: int) -> Block:
    """A linear map to the stream's width, a norm, and another map."""
    inside = (
        linear("fc1", channels, stream, bias=True),
        rms_norm("norm", stream),
        linear("fc2", stream, stream, bias=True),
    )
    return Block("projector", name, inside=inside)


def _head(c: Head, stream: int) -> Block:
    """The diffusion head of the reference, whose width is the stream's; scales are the last of a sequence."""
    same(c.hidden_size, stream, ("diffusion_head_config.hidden_size", "decoder_config.hidden_size"))
    width = int(stream)
    inner = int(width * c.head_ffn_ratio)
    decoder_layer = layer(
        rms_norm("norm", width),
        gated_mlp("ffn", width=width, inner=inner, activation="silu"),
        linear("adaLN_modulation.1", width, 3 * width),
    )
    inside = (
        linear("noisy_images_proj", c.latent_size, width),
        linear("cond_proj", width, width),
        linear("t_embedder.mlp.0", OF_SINES, width),
        linear("t_embedder.mlp.2", width, width),
        stack("layers", [decoder_layer] * c.head_layers),
        linear("final_layer.adaLN_modulation.1", width, 2 * width),
        linear("final_layer.linear", width, c.latent_size),
    )
    return Block("speech_decoder", "model.prediction_head", inside=inside)


def _scale() -> Block:
    """By which what is heard is shifted and scaled before it is brought to the stream."""
    factors = (Tensor("speech_scaling_factor", ()), Tensor("speech_bias_factor", ()))
    return tensor_block("", *factors)
