"""Types of the reference that are no decoder-only language model, each with what it is."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.families._config import other_types

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
A_PAIR = "a pair of encoders, one of pictures and one of text"
OF_SEARCH = "an encoder of pictures and text, for search"
OF_SOUND = "a codec of sound"
OF_SENSES = "encoders of pictures, sound and text, which are compared"
WITH_TEXT: Mapping[str, str] = {
    A_PAIR: "ZERO_SHOT_IMAGE_CLASSIFICATION",
    "a model that finds in pictures what words name": "ZERO_SHOT_OBJECT_DETECTION",
}
"""What those are that nest a config of text and are no language models, by their task."""
BY_NAME: Mapping[str, str] = {
    "aimv2": A_PAIR,
    "autoformer": "a model of series",
    "bert-generation": "the encoder or the decoder of a pair, with BERT's layers",
    "blip": "a model whose words read a picture in cross-attention, in BERT's layers",
    "bridgetower": A_PAIR,
    "clap": "a pair of encoders, one of sound and one of text",
    "clvp": "a pair of encoders, one of speech and one of text, with a decoder of speech",
    "colmodernvbert": OF_SEARCH,
    "colpali": OF_SEARCH,
    "colqwen2": OF_SEARCH,
    "dac": OF_SOUND,
    "decision_transformer": "a model that chooses actions",
    "dia": "a model that makes sound of text",
    "embedding_gemma2": OF_SEARCH,
    "encodec": OF_SOUND,
    "esmfold2": "a model that folds proteins",
    "flava": A_PAIR,
    "florence2": "an encoder with a decoder, of pictures too",
    "git": "a model that captions pictures, in BERT's layers",
    "glm_image": "a model that makes pictures of text",
    "groupvit": A_PAIR,
    "higgs_audio_v2_tokenizer": OF_SOUND,
    "informer": "a model of series",
    "mimi": OF_SOUND,
    "modernvbert": "a masked encoder, of pictures and text",
    "muse_glimmer_assistant": "a model that drafts tokens for Muse Glimmer",
    "neucodec": OF_SOUND,
    "nougat": "an encoder of pictures with a decoder",
    "pe_audio": OF_SENSES,
    "pe_audio_video": OF_SENSES,
    "pe_video": OF_SENSES,
    "pi0": "a model that moves robots",
    "pi05": "a model that moves robots",
    "pix2struct": "an encoder of pictures with a decoder",
    "pop2piano": "an encoder with a decoder, of music",
    "pp_formulanet": "an encoder of pictures with a decoder",
    "qwen3_omni_moe_talker_code_predictor": "a part of qwen3_omni_moe",
    "qwen3_omni_moe_talker_text": "a part of qwen3_omni_moe",
    "rag": "an encoder with a decoder, and a search",
    "sam3": "a model of pictures",
    "sam3_lite_text": "a model of pictures",
    "slanext": "a model of pictures",
    "t5gemma2_encoder": "a part of t5gemma2",
    "trocr": "the decoder of a pair, whose encoder reads pictures",
    "udop": "an encoder with a decoder, of pictures too",
    "ultravbert": "a masked encoder, of pictures and text",
    "vibevoice_acoustic_tokenizer": OF_SOUND,
    "vibevoice_acoustic_tokenizer_decoder": OF_SOUND,
    "vibevoice_acoustic_tokenizer_encoder": OF_SOUND,
    "vilt": "an encoder of text and pictures",
    "vision-encoder-decoder": "an encoder of pictures with a decoder",
    "vision-text-dual-encoder": A_PAIR,
    "voxtral_encoder": "a part of voxtral",
    "voxtral_realtime_encoder": "a part of voxtral_realtime",
    "xclip": A_PAIR,
    "xcodec": OF_SOUND,
    "xlnet": "an encoder that predicts words in any order",
}
"""What those are whose tasks don't say it: most have a class as if they were language models."""
OF_ITS_OWN: Mapping[str, str] = {
    "evolla": "a language model whose layers read proteins in between",
    "kosmos-2": "a language model of its own kind, with pictures among its words",
    "kosmos-2.5": "a language model of its own kind, with pictures among its words",
    "moshi": "a language model that hears and speaks by codes of sound beside each word",
    "reformer": "a language model that attends among tokens of one hash, in layers that can be run backwards",
    "abc": "a language model whose attention reads a few slots that a softmax of each token writes to",
    "comba": "a language model of Gated DeltaNet's kind, of which each query loses a share of its token's key",
    "deltaformer": "a language model whose attention reads values from which earlier ones of like keys were taken",
    "gated_deltaproduct": "a language model of Gated DeltaNet's kind, which corrects its state several times a token",
    "linear_attn": "a language model of linear attention, whose queries and keys go through maps of features",
    "log_linear_mamba2": "a language model of Mamba-2's kind, whose states are as many as powers of two in the text",
    "mamba3": "a language model of Mamba-2's kind without convolutions, whose keys and queries turn",
    "mesa_net": "a language model whose layers solve for the state that fits all keys and values best",
    "mla": "a language model of DeepSeek V2's attention, in the keys of Flash Linear Attention",
    "moba": "a language model whose attention chooses blocks of keys by their mean",
    "mom": "a language model of Gated DeltaNet's kind, whose router chooses among several states",
    "nsa": "a language model whose heads mix a window, chosen blocks and the means of blocks by gates",
    "parallax": "a language model whose attention is corrected by a second query, turned as the first",
    "path_attn": "a language model whose keys are reflected by every token after them, in place of a rotation",
    "precond_gated_deltanet": "a language model of Gated DeltaNet's kind, whose corrections are scaled by a second state",
    "precond_kda": "a language model of Kimi Delta Attention's kind, whose corrections are scaled by a second state",
    "raven": "a language model of gated slots, whose router chooses those that a token writes to",
    "rodimus": "a language model whose attention has one key and a value a head, and feeds the MLP past the stream",
    "sba": "a language model whose attention breaks a stick: what nearer tokens take isn't left for those before",
    "wall_transformer": "a language model whose attention forgets, channel by channel, by a decay of each token",
    "yoco": "a language model whose upper half reads the keys and values of one layer, and keeps none",
}
"""Decoders with parts that no family has; most are classes of Flash Linear Attention, and one is flame's."""


def other_type(model_type: str) -> str:
    """What kind of model a type is that is no decoder-only language model; empty where it isn't known."""
    kinds = (words for words, types in other_types().items() if model_type in types)
    return BY_NAME.get(model_type, "") or next(kinds, "")
