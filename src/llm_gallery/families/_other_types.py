"""What a model is that no family will describe: a type of the reference's that is no decoder-only language model."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.families._config import others

BY_TASK: Mapping[str, tuple[str, ...]] = {
    "a model that makes sound of text": ("TEXT_TO_WAVEFORM", "TEXT_TO_SPECTROGRAM"),
    "a model that makes text of speech": ("SPEECH_SEQ_2_SEQ",),
    "an encoder with a decoder": ("SEQ_TO_SEQ_CAUSAL_LM",),
    "a masked encoder": ("MASKED_LM",),
    "an encoder of text": ("MULTIPLE_CHOICE", "QUESTION_ANSWERING", "TOKEN_CLASSIFICATION"),
    "an encoder of sound": ("AUDIO_CLASSIFICATION", "AUDIO_FRAME_CLASSIFICATION", "AUDIO_XVECTOR"),
    "a model that writes down speech": ("CTC", "RNNT", "TDT"),
    "a model of series": ("TIME_SERIES_CLASSIFICATION", "TIME_SERIES_PREDICTION", "TIME_SERIES_REGRESSION"),
    "a model of pictures": (
        "IMAGE", "BACKBONE", "IMAGE_CLASSIFICATION", "OBJECT_DETECTION", "MASK_GENERATION", "UNIVERSAL_SEGMENTATION",
        "SEMANTIC_SEGMENTATION", "DEPTH_ESTIMATION", "VIDEO_CLASSIFICATION", "ZERO_SHOT_IMAGE_CLASSIFICATION",
        "ZERO_SHOT_OBJECT_DETECTION", "KEYPOINT_DETECTION", "KEYPOINT_MATCHING", "TEXT_RECOGNITION",
    ),
}  # fmt: skip
"""What the reference's types are, by the tasks that it has classes for; of several the first counts."""
BY_NAME: Mapping[str, str] = {
    "bert-generation": "the encoder or the decoder of a pair, with BERT's layers",
    "blip": "a model whose words read a picture in cross-attention, in BERT's layers",
    "dia": "a model that makes sound of text",
    "git": "a model that captions pictures, in BERT's layers",
    "pi0": "a model that moves robots",
    "pop2piano": "an encoder with a decoder, of music",
    "trocr": "the decoder of a pair, whose encoder reads pictures",
    "xlnet": "an encoder that predicts words in any order",
}
"""What those are whose tasks don't say it: most have a class as if they were language models."""
COMPARING = (
    "align", "altclip", "chinese_clip", "clip", "clipseg", "groupvit", "metaclip_2", "owlv2", "owlvit", "siglip", "siglip2",
    "xclip",
)  # fmt: skip
"""Types of CLIP's kind: no task of the reference's tells them."""
HALVES = ("", "_text_model", "_vision_model")
OF_ITS_OWN: Mapping[str, str] = {
    "evolla": "a language model whose layers read proteins in between",
    "kosmos-2": "a language model of its own kind, with pictures among its words",
    "kosmos-2.5": "a language model of its own kind, with pictures among its words",
    "moshi": "a language model that hears and speaks by codes of sound beside each word",
    "reformer": "a language model that attends among tokens of one hash, in layers that can be run backwards",
}
"""Decoders with parts that no family has."""


def other_type(model_type: str) -> str:
    """What a type is that is no decoder-only language model; empty where nobody knows of it."""
    found = (words for words, types in others().items() if model_type in types)
    if any(model_type == f"{name}{half}" for name in COMPARING for half in HALVES):
        return next(found, "a model that compares pictures with words, or a half of one")
    return BY_NAME.get(model_type, "") or next(found, "")
