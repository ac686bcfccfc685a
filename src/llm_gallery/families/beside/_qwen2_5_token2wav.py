"""Qwen2.5-Omni's token2wav: a diffusion transformer that makes a spectrogram of codes, and BigVGAN, which makes it sound.

Reference: transformers/models/qwen2_5_omni/modular_qwen2_5_omni.py
Paper: https://arxiv.org/abs/2503.20215, https://arxiv.org/abs/2206.04658
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer, linear, stack
from llm_gallery.families._config import Depth, Size, config, exactly, multiple
from llm_gallery.families._vision import filters, tensor_block, transposed_filters
from llm_gallery.families.beside._ecapa import Ecapa, ecapa
from llm_gallery.families.beside._snake import snake

OF_BLOCKS = ("block_size", "look_ahead_layers", "look_backward_layers", "repeats")
"""Which frames a layer sees, and how many a code stands for."""
OF_ROTATION = ("max_position_embeddings", "rope_parameters", "rope_theta")
OF_SINES = 256
"""How many sines say how far the noise is taken away; no key says it."""
AT_ENDS = 7
"""Steps that the first and the last filter of a vocoder span; no key says it."""


@config(
    "qwen2_5_omni_dit",
    unused=(*OF_BLOCKS, *OF_ROTATION, "enc_global_context", "enc_lin_neurons", "vocab_size"),
)
class Dit(Ecapa):
    hidden_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    head_dim: Size
    ff_mult: Size
    emb_dim: Size
    num_embeds: Size
    enc_emb_dim: Size


@config("qwen2_5_omni_bigvgan", unused=("use_bias_at_final", "vocab_size"))
class BigVgan:
    mel_dim: Size
    upsample_initial_channel: Size
    resblock_kernel_sizes: tuple[Size, ...]
    resblock_dilation_sizes: tuple[tuple[Size, ...], ...]
    upsample_rates: tuple[Size, ...]
    upsample_kernel_sizes: tuple[Size, ...]


@config("qwen2_5_omni_token2wav", unused=("vocab_size",))
class Token2Wav:
    dit_config: Dit
    bigvgan_config: BigVgan


def token2wav(c: Token2Wav, name: str) -> Block:
    """Both parts."""
    inside = (
        group("code2wav_dit_model", *spectrogram(c.dit_config)),
        group("code2wav_bigvgan_model", *vocoder(c.bigvgan_config)),
    )
    return Block("speech_decoder", name, inside=inside)


def spectrogram(c: Dit) -> Iterator[Block]:
    """Frames of noise, a voice and codes side by side; layers whose norms are scaled by how far the noise is gone."""
    width, frames = int(c.hidden_size), int(c.mel_dim)
    beside = frames + c.enc_dim + c.enc_emb_dim + c.emb_dim
    yield linear("time_embed.time_mlp.0", OF_SINES, width, bias=True)
    yield linear("time_embed.time_mlp.2", width, width, bias=True)
    rows = Tensor("weight", (int(c.num_embeds) + 1, int(c.emb_dim)))
    yield tensor_block("text_embed.codec_embed", rows)
    yield linear("input_embed.proj", beside, width, bias=True)
    yield ecapa(c, "input_embed.spk_encoder", "token2wav_config.dit_config")
    wide, inner = c.num_attention_heads * c.head_dim, width * c.ff_mult
    decoder_layer = layer(
        linear("attn_norm.linear", width, 6 * width, bias=True),
        *(linear(f"attn.to_{name}", width, wide, bias=True) for name in "qkv"),
        linear("attn.to_out.0", wide, width, bias=True),
        linear("ff.ff.0", width, inner, bias=True),
        linear("ff.ff.3", inner, width, bias=True),
    )
    yield stack("transformer_blocks", [decoder_layer] * c.num_hidden_layers)
    yield linear("norm_out.linear", width, 2 * width, bias=True)
    yield linear("proj_out", width, frames, bias=True)


def vocoder(c: BigVgan) -> Iterator[Block]:
    """Half as wide and so many times longer at each step, and convolutions of several reaches after it."""
    at = "token2wav_config.bigvgan_config"
    steps = len(c.upsample_rates)
    exactly(c.upsample_kernel_sizes, steps, f"{at}.upsample_kernel_sizes")
    exactly(
        c.resblock_dilation_sizes, len(c.resblock_kernel_sizes), f"{at}.resblock_dilation_sizes"
    )
    for index, reaches in enumerate(c.resblock_dilation_sizes):
        exactly(reaches, 3, f"{at}.resblock_dilation_sizes[{index}]")
    width = int(c.upsample_initial_channel)
    last = multiple(width, 2**steps, (f"{at}.upsample_initial_channel", "2 ** upsample_rates"))
    yield filters("conv_pre", width, c.mel_dim, AT_ENDS)
    for index, taps in enumerate(c.upsample_kernel_sizes):
        before, after = width // 2**index, width // 2 ** (index + 1)
        yield transposed_filters(f"ups.{index}.0", before, after, taps)
        for place, reach in enumerate(c.resblock_kernel_sizes):
            number = index * len(c.resblock_kernel_sizes) + place
            yield group(f"resblocks.{number}", *of_one_reach(after, reach))
    yield snake("activation_post.act", last)
    yield filters("conv_post", 1, last, AT_ENDS, bias=False)


def of_one_reach(width: int, taps: int) -> tuple[Block, ...]:
    """Three pairs of convolutions, each after an activation."""
    decoder_layer = filters("", width, width, taps)
    waves = group("", snake("act", width))
    return (
        stack("convs1", [decoder_layer] * 3),
        stack("convs2", [decoder_layer] * 3),
        stack("activations", [waves] * 6),
    )
