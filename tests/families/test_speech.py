"""Speech decoders beside a language model: VibeVoice's first release under its own words, and sizes that don't fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.recognition import describe
from tools.digests import described

TEXT: Mapping[str, Any] = {
    "model_type": "qwen2", "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "vocab_size": 97, "tie_word_embeddings": True,
}  # fmt: skip
HEARD: Mapping[str, Any] = {
    "vae_dim": 64, "encoder_n_filters": 8, "encoder_ratios": [5, 4, 2], "encoder_depths": "2-1-1-3", "channels": 1,
    "conv_bias": True, "conv_norm": "none", "layernorm": "RMSNorm", "mixer_layer": "depthwise_conv",
    "disable_last_norm": True, "layernorm_elementwise_affine": True, "fix_std": 0.5, "causal": True,
}  # fmt: skip
RELEASED: Mapping[str, Any] = {
    "model_type": "vibevoice",
    "acoustic_vae_dim": 64,
    "semantic_vae_dim": 32,
    "decoder_config": TEXT,
    "acoustic_tokenizer_config": {
        **HEARD,
        "model_type": "vibevoice_acoustic_tokenizer",
        "decoder_n_filters": 8,
        "decoder_ratios": [5, 4, 2],
        "decoder_depths": None,
    },
    "semantic_tokenizer_config": {
        **HEARD,
        "model_type": "vibevoice_semantic_tokenizer",
        "vae_dim": 32,
        "encoder_ratios": [3, 2],
        "encoder_depths": "1-2-1",
    },
    "diffusion_head_config": {
        "model_type": "vibevoice_diffusion_head",
        "hidden_size": 64,
        "head_layers": 2,
        "head_ffn_ratio": 1.5,
        "latent_size": 64,
    },
}
SAVED: Mapping[str, Any] = {
    "model_type": "vibevoice",
    "text_config": TEXT,
    "audio_config": {
        "model_type": "vibevoice_acoustic_tokenizer",
        "num_filters": 8,
        "downsampling_ratios": [2, 4, 5],
        "depths": [2, 1, 1, 3],
    },
    "semantic_model_config": {
        "model_type": "vibevoice_acoustic_tokenizer_encoder",
        "hidden_size": 32,
        "num_filters": 8,
        "downsampling_ratios": [2, 3],
        "depths": [1, 2, 1],
    },
    "diffusion_head_config": {
        "model_type": "vibevoice_diffusion",
        "num_hidden_layers": 2,
        "intermediate_size": 96,
    },
}
"""The same, as transformers took it over: tests/truth compares that with the reference."""


def test_the_first_release_stores_what_the_reference_does() -> None:
    released, saved = describe(RELEASED), describe(SAVED)
    assert released.uncounted == released.unread == saved.uncounted == saved.unread == ()
    ours, theirs = described(released.root), described(saved.root)
    assert Counter(ours.values()) == Counter(theirs.values())
    assert ours.keys() != theirs.keys()


def test_a_decoder_of_its_own_sizes_is_as_its_keys_say() -> None:
    own = {"decoder_n_filters": 4, "decoder_ratios": [7, 3], "decoder_depths": "1-0-2"}
    sound = {**RELEASED["acoustic_tokenizer_config"], **own}
    ours = described(describe({**RELEASED, "acoustic_tokenizer_config": sound}).root)
    at = "model.acoustic_tokenizer.decoder."
    assert ours[f"{at}upsample_layers.0.0.conv.conv.weight"] == (16, 64, 7)
    assert ours[f"{at}upsample_layers.1.0.convtr.convtr.weight"] == (16, 8, 14)
    assert ours[f"{at}upsample_layers.2.0.convtr.convtr.weight"] == (8, 4, 6)
    assert ours[f"{at}stages.2.1.mixer.conv.conv.conv.weight"] == (4, 1, 7)
    assert f"{at}stages.1.0.gamma" not in ours
    assert ours[f"{at}head.conv.conv.weight"] == (1, 4, 7)


OMNI: Mapping[str, Any] = {
    "model_type": "qwen2_5_omni",
    "thinker_config": {
        "text_config": {**TEXT, "model_type": "qwen2_5_omni_text"},
        "vision_config": {"depth": 1, "hidden_size": 64, "num_heads": 4, "out_hidden_size": 64},
        "audio_config": {"encoder_layers": 1, "output_dim": 64},
    },
    "talker_config": {"num_hidden_layers": 1},
    "token2wav_config": {"dit_config": {"num_hidden_layers": 1}, "bigvgan_config": {}},
}


@pytest.mark.parametrize(
    ("raw", "key", "change", "said"),
    [
        (RELEASED, "acoustic_tokenizer_config", {"encoder_depths": "3,3"}, 'encoder_depths is "3,3", expected numbers with dashes between'),
        (RELEASED, "semantic_tokenizer_config", {"encoder_depths": "3-3"}, "encoder_depths lists 2 values, expected 3"),
        (RELEASED, "acoustic_tokenizer_config", {"mixer_layer": "conv"}, 'mixer_layer is "conv", expected "depthwise_conv"'),
        (RELEASED, "acoustic_tokenizer_config", {"vae_dim": 7}, "acoustic_vae_dim is 64, expected acoustic_tokenizer_config.vae_dim (7)"),
        (RELEASED, "diffusion_head_config", {"hidden_size": 8}, "diffusion_head_config.hidden_size is 8, expected decoder_config.hidden_size (64)"),
        (SAVED, "audio_config", {"depths": [1]}, "audio_config.depths lists 1 value, expected 4"),
        (OMNI, "token2wav_config", {"dit_config": {"enc_channels": [8, 16, 24]}}, "lists 5 values, expected 3"),
        (OMNI, "token2wav_config", {"dit_config": {"enc_channels": [8, 16, 8, 8, 24]}}, "expected one width for all but the last"),
        (OMNI, "token2wav_config", {"bigvgan_config": {"upsample_initial_channel": 7}}, "expected a multiple of 2 ** upsample_rates (64)"),
        (OMNI, "token2wav_config", {"bigvgan_config": {"upsample_kernel_sizes": [4]}}, "upsample_kernel_sizes lists 1 value, expected 6"),
        (OMNI, "talker_config", {"num_key_value_heads": 5}, "num_attention_heads is 28, expected a multiple of talker_config.num_key_value_heads (5)"),
    ],
)  # fmt: skip
def test_sizes_that_do_not_fit_are_refused_with_their_keys(
    raw: Mapping[str, Any], key: str, change: Mapping[str, Any], said: str
) -> None:
    assert describe(raw).uncounted == ()
    with pytest.raises(Refusal) as refused:
        describe({**raw, key: {**raw[key], **change}})
    assert said in str(refused.value)
