"""`params.json` of models of several parts: what transformers' config of the same model says, in the words of the file."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from itertools import product
from typing import Any

import pytest

from llm_gallery.analysis.fact_sheet import sheet
from llm_gallery.architecture.block import tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.recognition import catalog_config, describe, known
from llm_gallery.running.proof import proof
from tests.odd_configs import changed, places, within

Json = Mapping[str, Any]
SCOUT: dict[str, Any] = {
    "dim": 5120, "n_layers": 48, "n_heads": 40, "n_kv_heads": 8, "vocab_size": 202048, "multiple_of": 2048,
    "ffn_dim_multiplier": 1.2, "ffn_exp": 4.0, "norm_eps": 1e-05, "attention_chunk_size": 8192, "rope_theta": 500000.0,
    "use_scaled_rope": True, "nope_layer_interval": 4, "use_qk_norm": True, "attn_temperature_tuning": True,
    "vision_args": {
        "image_size": {"height": 336, "width": 336}, "patch_size": {"height": 14, "width": 14}, "dim": 1408,
        "n_layers": 34, "n_heads": 16, "mlp_ratio": 4.0, "output_dim": 4096, "pixel_shuffle_ratio": 0.5,
    },
    "moe_args": {
        "num_experts": 16, "capacity_factor": 1.0, "auto_scale_F": True, "use_shared_expert": True,
        "use_token_choice": True, "top_k": 1, "interleave_moe_layer_step": 1,
    },
    "quantization_args": None, "lora_args": None,
}  # fmt: skip
READING = {
    "dim": 4096, "n_layers": 32, "n_heads": 32, "n_kv_heads": 8, "vocab_size": 128256, "ffn_dim_multiplier": 1.3,
    "multiple_of": 1024, "norm_eps": 1e-05, "rope_theta": 500000.0, "use_scaled_rope": True, "vision_chunk_size": 560,
    "vision_max_num_chunks": 4, "vision_num_cross_attention_layers": 8,
}  # fmt: skip
SPECTRUM = {
    "sampling_rate": 16000, "frame_rate": 12.5, "num_mel_bins": 128, "hop_length": 160, "window_size": 400,
    "chunk_length_s": None, "global_log_mel_max": 1.5, "transcription_format": "streaming",
}  # fmt: skip
HEARD = {
    "audio_encoding_args": SPECTRUM, "dim": 1280, "n_layers": 32, "head_dim": 64, "hidden_dim": 5120, "n_heads": 32,
    "vocab_size": 131072, "n_kv_heads": 32, "use_biases": True, "use_cache": False, "rope_theta": 1e6, "causal": True,
    "norm_eps": 1e-05, "pos_embed": "rope", "max_source_positions": None, "ffn_type": "swiglu", "norm_type": "rms_norm",
    "sliding_window": 750,
}  # fmt: skip
REALTIME: dict[str, Any] = {
    "dim": 3072, "n_layers": 26, "head_dim": 128, "hidden_dim": 9216, "n_heads": 32, "n_kv_heads": 8, "use_biases": False,
    "causal": True, "rope_theta": 1e6, "norm_eps": 1e-05, "vocab_size": 131072, "model_parallel": 1,
    "tied_embeddings": True, "sliding_window": 8192, "model_max_length": 131072, "ada_rms_norm_t_cond": True,
    "ada_rms_norm_t_cond_dim": 32,
    "multimodal": {"whisper_model_args": {"encoder_args": HEARD, "downsample_args": {"downsample_factor": 4}}},
}  # fmt: skip
FILES: Mapping[str, Json] = {
    "llama-4-scout": SCOUT,
    "llama-4-maverick": SCOUT
    | {"use_scaled_rope": False, "use_qk_norm": False}
    | {"moe_args": SCOUT["moe_args"] | {"num_experts": 128, "interleave_moe_layer_step": 2}},
    "llama-3.2-11b-vision": READING,
    "voxtral-realtime-4b": REALTIME,
}
SAID_ELSEWHERE = "Context length, tokens"
"""What Meta's files don't say."""


@pytest.mark.parametrize("name", FILES)
def test_is_the_entry_of_the_same_model(name: str) -> None:
    ours, theirs = describe(FILES[name]), find(name).architecture
    assert [*tensors(ours.root)] == [*tensors(theirs.root)]
    shown = [
        [
            (part.title, row.label, row.value)
            for part in sheet(one)
            for row in part.rows
            if row.label != SAID_ELSEWHERE
        ]
        for one in (ours, theirs)
    ]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("name", FILES)
def test_every_key_is_read_and_evidence_names_keys_of_the_file(name: str) -> None:
    raw, described = FILES[name], describe(FILES[name])
    assert (described.unread, described.uncounted) == ((), ())
    assert known(raw)
    assert describe(catalog_config(raw)).root == described.root
    stated = [r for part in sheet(described) for r in part.rows if r.evidence == "stated"]
    assert len(stated) > 5
    for row in stated:
        holder, _, inner = row.source.partition(".")
        assert holder in raw, row
        assert not inner or inner in raw[holder], row


def test_a_dense_file_without_pictures_is_the_text_alone() -> None:
    said = describe({k: v for k, v in SCOUT.items() if k not in ("moe_args", "vision_args")})
    assert said.model_type == "llama4_text"
    assert not any("expert" in tensor.name for tensor in tensors(said.root))
    widths = {t.shape[0] for t in tensors(said.root) if t.name.endswith("gate_proj.weight")}
    assert widths == {16384}


@pytest.mark.parametrize("name", FILES)
def test_a_miniature_of_it_runs(name: str) -> None:
    assert proof(FILES[name]).run.holds


@pytest.mark.parametrize(
    ("name", "place", "value", "says"),
    [
        ("llama-4-scout", ("lora_args",), {"rank": 16}, "lora_args is an object with 1 key, expected null"),
        ("llama-4-scout", ("n_heads",), 39, "dim is 5120, expected a multiple of n_heads (39)"),
        ("llama-4-scout", ("head_dim",), 64, "head_dim is 64, expected dim / n_heads (128)"),
        ("llama-4-scout", ("n_kv_heads",), 7, "n_heads is 40, expected a multiple of n_kv_heads (7)"),
        ("llama-4-scout", ("moe_args", "top_k"), 17, "moe_args.top_k is 17, expected at most moe_args.num_experts (16)"),
        ("llama-4-scout", ("moe_args", "use_shared_expert"), False, "moe_args.use_shared_expert is false, expected true"),
        ("llama-4-scout", ("vision_args", "n_heads"), 15, "vision_args.dim is 1408, expected a multiple of vision_args.n_heads (15)"),
        ("llama-4-scout", ("vision_args", "mlp_ratio"), 2.0, "vision_args.dim / pixel_shuffle_ratio^2 is 5632"),
        ("llama-4-scout", ("vision_args", "image_size", "width"), 14, "vision_args.image_size.width is 14"),
        ("llama-4-scout", ("vision_args", "n_layers"), 0, "vision_args.n_layers is 0"),
        ("llama-3.2-11b-vision", ("vision_num_cross_attention_layers",), 33, "is 33, expected at most n_layers (32)"),
        ("llama-3.2-11b-vision", ("vision_max_num_chunks",), 9, "vision_max_num_chunks is 9, expected 4"),
        ("llama-3.2-11b-vision", ("vision_chunk_size",), -1, "vision_chunk_size is -1"),
        ("voxtral-realtime-4b", ("ada_rms_norm_t_cond_dim",), 64, "ada_rms_norm_t_cond_dim is 64, expected 32"),
        ("voxtral-realtime-4b", ("multimodal",), None, "multimodal is null, expected an object"),
        ("voxtral-realtime-4b", ("max_seq_len",), 4096, "expected model_max_length (131072)"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_by_its_key(
    name: str, place: tuple[str, ...], value: object, says: str
) -> None:
    with pytest.raises(Refusal) as refused:
        describe(changed(FILES[name], place, value))
    assert says in str(refused.value)


@pytest.mark.parametrize("name", sorted(FILES.keys() - {"llama-4-maverick"}))
def test_no_value_of_any_part_makes_a_traceback(name: str) -> None:
    raw = dict(FILES[name])
    for place, value in product(places(raw), (None, 2**63, "4096")):
        with within(1.0), suppress(Refusal):
            describe(changed(raw, place, value))
