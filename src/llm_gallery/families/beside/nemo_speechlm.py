"""Nemotron 3.5 Transcribe: an encoder of speech that also hears who speaks, and a head for when each word was said.

Reference: transformers/models/nemotron3_5_transcribe/modular_nemotron3_5_transcribe.py, nemotron3_diarization
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, stack
from llm_gallery.families._config import Depth, Size, config, multiple, same
from llm_gallery.families._vision import filters, tensor_block, transposed_filters

OF_PLACES = ("max_position_embeddings", "rope_parameters")
OF_PIECES = (
    "chunk_left_context", "chunk_length", "chunk_right_context", "fifo_length", "speaker_cache_update_period",
    "streaming_config",
)  # fmt: skip
"""How a recording is cut."""


@config("nemotron3_5_transcribe_asr_audio", unused=OF_PLACES)
class Speech:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size | None
    num_mel_bins: Size
    subsampling_factor: Size
    hidden_act: str


@config("nemotron3_diarization_audio", unused=OF_PLACES)
class Voices(Speech):
    pass


@config("nemotron3_diarization_head")
class VoicesHead:
    hidden_size: Size
    subsampling_factor: Size
    num_speakers: Size
    audio_hidden_size: Size


@config("nemotron3_diarization", unused=OF_PIECES)
class Diarization:
    audio_config: Voices
    head_config: VoicesHead


@config("nemotron3_5_transcribe_audio", unused=("speaker_activity_threshold",))
class Audio:
    asr_config: Speech
    diarization_config: Diarization


@config(
    "nemotron3_5_transcribe_word_timestamp", unused=(*OF_PLACES, "blank_token_id", "residual_scale")
)
class Timestamps:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size | None
    vocab_size: Size
    upsampling_factor: Size
    hidden_act: str


@config("nemo_speechlm")
class NemoSpeech:
    audio_config: Audio
    word_timestamp_config: Timestamps


def nemo_speechlm(c: NemoSpeech, stream: int) -> tuple[Block, ...]:
    speech, times = c.audio_config.asr_config, c.word_timestamp_config
    return (
        Block("audio_tower", "perception.encoder", inside=_encoders(c.audio_config)),
        Block(
            "projector",
            "perception.proj",
            tensors=linear("", speech.hidden_size, stream, bias=True).tensors,
        ),
        Block("audio_tower", "ctc_timestamp.decoder", inside=_aligner(times)),
    )


def _encoders(c: Audio) -> tuple[Block, ...]:
    """What is said, who speaks, and norms of both before they are added."""
    speech, speakers = c.asr_config, c.diarization_config.head_config.num_speakers
    at = "audio_config.asr_config"
    return (
        group("asr_encoder", *_frames(speech), *_layers(speech, at, normed=True)),
        group("diarization_model", *_speaker_encoder(c.diarization_config)),
        layer_norm("asr_norm", speech.hidden_size),
        layer_norm("diar_norm", speakers),
    )


def _frames(c: Speech) -> tuple[Block]:
    """Neighbouring frames of a spectrogram joined into one."""
    return (linear("pre_encode.proj", c.subsampling_factor * c.num_mel_bins, c.hidden_size),)


def _layers(c: Speech | Timestamps, at: str, *, normed: bool) -> tuple[Block, ...]:
    """Pre-norm layers between two norms; queries, keys and values in one matrix, in most normed in each head."""
    width, heads = c.hidden_size, c.num_attention_heads
    dim = multiple(width, heads, (f"{at}.hidden_size", f"{at}.num_attention_heads"))
    if c.num_key_value_heads is not None:
        names = (f"{at}.num_key_value_heads", f"{at}.num_attention_heads")
        same(c.num_key_value_heads, heads, names)
    norms = (layer_norm("q_norm", dim), layer_norm("k_norm", dim)) if normed else ()
    decoder_layer = layer(
        layer_norm("norm1", width),
        group(
            "attn",
            linear("w_qkv", width, 3 * width),
            *norms,
            linear("out_proj", width, width, bias=True),
        ),
        layer_norm("norm2", width),
        linear("ffn.net.0", width, c.intermediate_size, bias=True),
        linear("ffn.net.3", c.intermediate_size, width, bias=True),
    )
    return (
        layer_norm("embed_norm", width),
        stack("layers", [decoder_layer] * c.num_hidden_layers),
        layer_norm("final_norm", width),
    )


def _speaker_encoder(c: Diarization) -> tuple[Block, ...]:
    """An encoder of its own, brought to a narrow head that has as many frames again as were merged."""
    voices, head = c.audio_config, c.head_config
    width = head.hidden_size
    who = "audio_config.diarization_config"
    at = f"{who}.audio_config"
    wide = int(voices.hidden_size)
    same(
        head.audio_hidden_size, wide, (f"{who}.head_config.audio_hidden_size", f"{at}.hidden_size")
    )
    return (
        group("encoder", *_frames(voices), *_layers(voices, at, normed=False)),
        group(
            "sortformer_modules",
            linear("encoder_proj", wide, width, bias=True),
            filters("subpixel_upsample", width * head.subsampling_factor, width, 3),
            linear("first_hidden_to_hidden", width, width, bias=True),
            linear("single_hidden_to_spks", width, head.num_speakers, bias=True),
            tensor_block("", Tensor("learnable_sil_emb", (wide,))),
        ),
    )


def _aligner(c: Timestamps) -> tuple[Block, ...]:
    """More frames a second, layers, and scores of pieces of words."""
    width = c.hidden_size
    return (
        transposed_filters("upsample", width, width, c.upsampling_factor),
        group("transformer", *_layers(c, "word_timestamp_config", normed=True)),
        filters("decoder_layers.0", c.vocab_size, width, 1),
    )
