"""Parts beside a language model: totals that releases publish, and configs whose parts are described in part or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.recognition import describe

QWEN: Mapping[str, Any] = {
    "hidden_size": 3584, "intermediate_size": 18944, "num_hidden_layers": 28, "num_attention_heads": 28,
    "num_key_value_heads": 4, "vocab_size": 152064, "tie_word_embeddings": False,
}  # fmt: skip
PATCHES: Mapping[str, Any] = {
    "depth": 32, "num_heads": 16, "in_chans": 3, "patch_size": 14, "spatial_merge_size": 2, "spatial_patch_size": 14,
    "temporal_patch_size": 2,
}  # fmt: skip
WHISPER: Mapping[str, Any] = {
    "model_type": "qwen2_audio_encoder", "num_mel_bins": 128, "encoder_layers": 32, "encoder_attention_heads": 20,
    "encoder_ffn_dim": 5120, "d_model": 1280, "max_source_positions": 1500,
}  # fmt: skip
QWEN2_VL = {
    **QWEN,
    "model_type": "qwen2_vl",
    "vision_config": {**PATCHES, "embed_dim": 1280, "mlp_ratio": 4, "hidden_size": 3584},
}
QWEN25_VL = {
    **QWEN,
    "model_type": "qwen2_5_vl",
    "vision_config": {
        **PATCHES,
        "hidden_size": 1280,
        "intermediate_size": 3420,
        "out_hidden_size": 3584,
    },
}
QWEN2_AUDIO = {
    "model_type": "qwen2_audio",
    "audio_config": WHISPER,
    "text_config": {
        "model_type": "qwen2", "vocab_size": 156032, "hidden_size": 4096, "intermediate_size": 11008,
        "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "published"),
    [
        (QWEN2_VL, 8_291_375_616),  # https://huggingface.co/Qwen/Qwen2-VL-7B-Instruct
        (QWEN25_VL, 8_292_166_656),  # https://huggingface.co/Qwen/Qwen2.5-VL-7B-Instruct
        (QWEN2_AUDIO, 8_397_094_912),  # as remembered of its record: no page at hand confirms it
    ],
)
def test_all_that_a_release_stores_is_described(raw: dict[str, Any], published: int) -> None:
    found = describe(raw)
    assert (found.uncounted, found.unread, found.warnings) == ((), (), ())
    stored = {t.name: t.elements for block in found.root.inside for t in tensors(block)}
    assert sum(stored.values()) == published
    assert parameters(found.root).total < published


TEXT = {
    "model_type": "qwen2_5_omni_text", "vocab_size": 97, "hidden_size": 64, "intermediate_size": 96,
    "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
}  # fmt: skip
OMNI: Mapping[str, Any] = {
    "model_type": "qwen2_5_omni",
    "thinker_config": {
        "text_config": TEXT,
        "vision_config": {"depth": 1, "hidden_size": 64, "num_heads": 4, "out_hidden_size": 64},
        "audio_config": {"encoder_layers": 1, "output_dim": 64},
    },
}


def test_what_speaks_is_named_where_the_config_builds_it() -> None:
    speaking, silent = describe(OMNI), describe({**OMNI, "enable_audio_output": False})
    assert speaking.uncounted == ("talker_config", "token2wav_config")
    assert speaking.warnings[0].startswith("not described and not counted: talker_config")
    assert speaking.caveat == " (not all parts)"
    assert silent.uncounted == ()
    assert speaking.root == silent.root
    kinds = {block.kind for block in silent.root.inside}
    assert {"vision_tower", "audio_tower"} <= kinds


@pytest.mark.parametrize(
    ("vision", "said"),
    [
        ({"model_type": "intern_vit_6b"}, None),
        ({"model_type": "qwen2_5_vl"}, "vision_tower"),
        ({}, "vision_tower"),
    ],
)
def test_a_part_of_another_type_is_named_and_not_counted(
    vision: dict[str, Any], said: str | None
) -> None:
    found = describe({**QWEN25_VL, "vision_config": vision})
    assert (said in {block.kind for block in found.root.inside}) is (said is not None)
    assert bool(found.uncounted) is (said is None)


def test_parts_that_do_not_fit_one_another_are_refused_with_their_keys() -> None:
    raw = {
        "model_type": "fun_asr_nano",
        "audio_config": {"num_hidden_layers": 1},
        "adaptor_config": {"hidden_size": 128, "intermediate_size": 16},
        "text_config": {**TEXT, "model_type": "qwen3"},
    }
    with pytest.raises(Refusal, match=r"adaptor_config\.hidden_size is 128, expected .* \(64\)"):
        describe(raw)
