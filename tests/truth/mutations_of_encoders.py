"""Random encoders of pictures and sounds: sizes that must fit one another, by the type of the part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import ABSENT, Config
from tests.truth.mutations_of_speech import SPEECH

Encoder = Callable[[Random], Config]


def _shared(heads: str, width: str) -> Encoder:
    """Heads share the width."""

    def drawn(draw: Random) -> Config:
        count = draw.choice([1, 4])
        return {heads: count, width: count * draw.choice([16, 96])}

    return drawn


def _pictured(draw: Random) -> Config:
    """A picture is some patches, with a rest or without."""
    patch = draw.choice([2, 14])
    image = patch * draw.choice([2, 8]) + draw.choice([0, 1])
    return {**_shared("num_heads", "hidden_size")(draw), "patch_size": patch, "image_size": image}


def _grouped(draw: Random, heads: str = "num_heads") -> Config:
    """Heads share keys and values in groups."""
    keys = draw.choice([1, 2])
    count = keys * draw.choice([1, 3])
    width = count * draw.choice([16, 96])
    return {heads: count, "num_key_value_heads": keys, "hidden_size": width}


def _conformer(draw: Random) -> Config:
    """The width of a head is stated, or a share; distances reach as far as a block of frames."""
    made = _shared("num_heads", "hidden_dim")(draw)
    made["dim_head"] = draw.choice([ABSENT, None, 8])
    return {**made, "max_pos_emb": draw.choice([ABSENT, 200, 201])}


def _samples(draw: Random) -> Config:
    """As many sizes of filters, and steps, as convolutions; positions are groups of channels."""
    made = _shared("num_attention_heads", "hidden_size")(draw)
    dims = [draw.choice([1, 5, 32]) for _ in range(draw.choice([1, 3]))]
    return {
        **made,
        "conv_dim": dims,
        "conv_kernel": [draw.choice([1, 2, 10]) for _ in dims],
        "conv_stride": [1 for _ in dims],
        "num_conv_pos_embedding_groups": draw.choice([1, 8, 16]),
    }


def _timed(draw: Random) -> Config:
    """Some of the layers, or none or nearly all, are for the times of words."""
    depth = draw.choice([1, 3, 5])
    times = draw.choice([0, 1, depth, depth + 1])
    return {
        **_shared("num_attention_heads", "hidden_size")(draw),
        "num_hidden_layers": depth,
        "num_timestamp_prediction_layers": times,
        "num_mel_bins": draw.choice([ABSENT, 16]),
    }


def _sized(draw: Random) -> Config:
    """SigLIP's sizes."""
    made = _pictured(draw)
    return {"num_attention_heads": made.pop("num_heads"), **made}


def _bounded(draw: Random) -> Config:
    """The largest picture is some patches."""
    made = _sized(draw)
    return {"max_image_size": made.pop("image_size"), **made}


def _reduced(draw: Random) -> Config:
    """Frames are halved so often; a few bins are left of them."""
    return {
        **SHARED(draw),
        "time_reduction": draw.choice([ABSENT, 2, 4, 6]),
        "input_size": draw.choice([ABSENT, 7, 16]),
        "num_blocks": draw.choice([1, 3]),
    }


def _staged(draw: Random) -> Config:
    """One more depth than steps; a piece is whole steps of samples."""
    ratios = [draw.choice([1, 2, 5]) for _ in range(draw.choice([1, 3]))]
    return {
        "downsampling_ratios": ratios,
        "depths": [draw.choice([1, 3]) for _ in range(len(ratios) + 1)],
        "num_filters": draw.choice([1, 8]),
    }


def _radio(draw: Random) -> Config:
    """Its largest picture is some patches; frames come in twos at least."""
    made = SHARED(draw)
    patch = draw.choice([2, 14])
    return {
        **made,
        "patch_size": patch,
        "max_img_size": patch * draw.choice([1, 9]) + draw.choice([0, 1]),
        "mlp_ratio": draw.choice([ABSENT, 0.5, 2.7]),
        "summary_idxs": draw.choice([ABSENT, None, [0]]),
        "video_temporal_patch_size": draw.choice([2, 3]),
    }


def _halved(draw: Random) -> Config:
    """Frames are halved so often; some bins are left."""
    return {
        **SHARED(draw),
        "subsampling_factor": draw.choice([ABSENT, 2, 4, 6]),
        "subsampling_conv_stride": draw.choice([ABSENT, 2]),
        "num_mel_bins": draw.choice([ABSENT, 80, 33]),
        "conv_kernel_size": draw.choice([ABSENT, 1, 5]),
        "projection_hidden_size": draw.choice([7, 96]),
        "projection_bias": draw.choice([True, False]),
    }


def _routed(draw: Random) -> Config:
    """Some layers have experts, as many as a list says, or each of its own, or all the same."""
    made = SHARED(draw)
    layers = draw.choice([1, 3])
    counts = [draw.choice([-1, 2, 5]) for _ in range(layers)]
    kinds = ["sparse" if count > 0 else "dense" for count in counts]
    own = {str(i): {"num_local_experts": count} for i, count in enumerate(counts) if count > 0}
    side = draw.choice([1, 2])
    said: list[Config] = [
        {"pyramid_num_routed": counts},
        {"mlp_layer_types": kinds, "per_layer_config": own},
        {"mlp_layer_types": kinds, "num_local_experts": 3},
    ]
    listed = draw.choice(said)
    return {
        **made,
        "num_hidden_layers": layers,
        "adapter_in_dim": made["hidden_size"],
        "adapter_merge_size": side,
        "spatial_merge_size": side,
        "mlp_bias": any(count < 0 for count in counts) and not own,
        "mlp_layer_types": ABSENT,
        "num_local_experts": ABSENT,
        **listed,
    }


def _like_whisper(draw: Random) -> Config:
    """Sizes by their own names, or by Whisper's."""
    made = SHARED(draw)
    other = SHARED(draw)
    whisper = {
        "d_model": other["hidden_size"],
        "encoder_layers": 2,
        "encoder_ffn_dim": 40,
        "num_mel_bins": 33,
    }
    whisper["encoder_attention_heads"] = other["num_attention_heads"]
    said: Config = draw.choice([{}, {"whisper_config": whisper}])
    width = (other if said else made)["hidden_size"]
    return {**made, **said, "adapter_input_size": width}


def _of_waves(draw: Random) -> Config:
    """The codebook is as wide as what it names."""
    width = draw.choice([7, 64])
    return {
        "hidden_size": width,
        "codebook_dim": width,
        "upsampling_ratios": draw.choice([ABSENT, [2], [3, 2]]),
        "compress": draw.choice([1, 2, 3]),
        "num_filters": draw.choice([4, 9]),
    }


def _all_alike(draw: Random) -> Config:
    """As many heads of keys as of queries."""
    made = SHARED(draw)
    return made | {"num_key_value_heads": made["num_attention_heads"]}


WHISPER = _shared("encoder_attention_heads", "d_model")
SHARED = _shared("num_attention_heads", "hidden_size")
ENCODERS: Mapping[str, Encoder] = {
    "qwen2_vl_vision": _shared("num_heads", "embed_dim"),
    "qwen2_5_vl_vision": _shared("num_heads", "hidden_size"),
    "qwen2_5_omni_vision_encoder": _shared("num_heads", "hidden_size"),
    "qwen3_omni_moe_vision_encoder": _shared("num_heads", "hidden_size"),
    "exaone4_5_vision": _grouped,
    "glm4v_vision": _pictured,
    "glm4v_moe_vision": _pictured,
    "glm_ocr_vision": _pictured,
    "qwen2_audio_encoder": WHISPER,
    "qwen2_5_omni_audio_encoder": WHISPER,
    "qwen3_asr_encoder": WHISPER,
    "qwen3_omni_moe_audio_encoder": WHISPER,
    "voxtral_encoder": SHARED,
    "moss_transcribe_diarize_audio": SHARED,
    "vibevoice_acoustic_tokenizer": _staged,
    "vibevoice_acoustic_tokenizer_encoder": _staged,
    "glmasr_encoder": lambda draw: _grouped(draw, "num_attention_heads"),
    "radio": _radio,
    "wavtokenizer_encoder": _of_waves,
    "dots3_note_vision_encoder": _routed,
    "dots3_note_audio_encoder": _like_whisper,
    "parakeet_encoder": _halved,
    "granite_speech_encoder": _conformer,
    "granite_speech_plus_encoder": _conformer,
    "blip_2_qformer": SHARED,
    "omniasr_audio": _samples,
    "fun_asr_nano_encoder": _timed,
    "nemotron3_5_transcribe_asr_audio": _all_alike,
    "nemotron3_5_transcribe_word_timestamp": lambda draw: _all_alike(draw) | {"blank_token_id": 0},
    "nemotron3_diarization_audio": _all_alike,
    "ernie4_5_vl_moe_vision": _shared("num_heads", "hidden_size"),
    "cosmos3_edge_vision": SHARED,
    "inkling2_vision": lambda draw: SHARED(draw) | {"mlp_ratio": draw.choice([ABSENT, 0.5, 2.7])},
    "hunyuan_vl_vision": _bounded,
    "hy_v4_vl_vision": _bounded,
    "paddleocr_vl_vision": _sized,
    "video_llama_3_vision": SHARED,
    "phi4_multimodal_vision": _sized,
    "phi4_multimodal_audio": _reduced,
    "fun_asr_nano_adaptor": lambda draw: {"num_attention_heads": draw.choice([1, 2])},
    **SPEECH,
}


def _windowed(draw: Random, made: Config) -> Config:
    """A window is at least as many frames as become one."""
    rate = draw.choice([1, 5])
    return {**made, "downsample_rate": rate, "window_size": rate + draw.choice([0, 10])}


def _side_by_side(draw: Random, made: Config) -> Config:
    """The projector reads as many layers as are listed, and the last."""
    held, conformer = _windowed(draw, made), made["encoder_config"]
    read = draw.choice([ABSENT, None, [0]])
    listed = {} if read is ABSENT else {"cat_hidden_layers": read}
    wide = conformer["hidden_dim"] * (2 if read == [0] else 1)
    conformer.pop("cat_hidden_layers", None)
    return {
        **held,
        "encoder_config": {**conformer, **listed},
        "projector_config": {**held["projector_config"], "encoder_hidden_size": wide},
    }


def _as_wide(draw: Random, made: Config) -> Config:
    """The projector reads the tower's width, and both take as many frames."""
    vision = made["vision_config"]
    frames = {"video_temporal_patch_size": vision["video_temporal_patch_size"]}
    return {**made, **frames, "vision_hidden_size": vision["hidden_size"]}


def _under_either_name(draw: Random, made: Config) -> Config:
    """The tower under its key or the release's, whose last layers nothing reads; the adapter is as wide."""
    vision, _ = made.pop("vision_config"), made.pop("vit_config")
    layers = draw.choice([1, 4])
    vision["num_hidden_layers"] = layers
    vision["image_size"] = draw.choice([ABSENT, None, [28, 56]])
    vision["patch_size"] = draw.choice([14, 7])
    vision = {key: value for key, value in vision.items() if value is not ABSENT}
    read = draw.choice([[0], [-1, 0], [-layers, layers - 1]])
    wide = vision["hidden_size"] = 32
    adapter = {**made["adapter_config"], "hidden_size": wide, "vision_feature_layer": read}
    spelled = {"image_patch_size": vision.pop("patch_size"), **vision}
    own = draw.choice([{"vision_config": vision | {"patch_size": 14}}, {"vit_config": spelled}])
    return {**made, **own, "adapter_config": adapter}


def _one_rate(draw: Random, made: Config) -> Config:
    """Speech and speakers at one rate, and a head as wide as what it reads."""
    audio = made["audio_config"]
    rate = draw.choice([2, 8])
    who = audio["diarization_config"]
    voices = {**who["audio_config"], "subsampling_factor": rate}
    head = {"audio_hidden_size": voices["hidden_size"], "subsampling_factor": rate}
    head = {**who["head_config"], **head, "num_speakers": draw.choice([1, 5])}
    same = {key: head[key] for key in ("num_speakers", "subsampling_factor")}
    who = {**who, "audio_config": voices, "head_config": head, "streaming_config": same}
    speech = {**audio["asr_config"], "subsampling_factor": rate}
    return {**made, "audio_config": {**audio, "asr_config": speech, "diarization_config": who}}


WHOLE: Mapping[str, Callable[[Random, Config], Config]] = {
    "granite_speech": _windowed,
    "nemo_speechlm": _one_rate,
    "nemotron_h_omni": _as_wide,
    "granite_speech_plus": _side_by_side,
    "molmo2": _under_either_name,
}
"""Sizes that must fit one another across the parts of a wrapper."""
