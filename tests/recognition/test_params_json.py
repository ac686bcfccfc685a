"""Mistral's later `params.json`: lists of windows, YaRN, a temperature, latent attention, Codestral Mamba, parts beside a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from llm_gallery.analysis.contract import facts
from llm_gallery.analysis.fact_sheet import sheet
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.recognition import catalog_config, describe, known
from llm_gallery.running.proof import proof
from tests.recognition.test_spellings import MISTRAL, holds_whatever_a_key_says
from tests.sample import first

Json = Mapping[str, Any]
NONE = dict.fromkeys(
    ("q_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim", "kv_lora_rank", "v_head_dim")
)
SEEN = {"hidden_size": 1024, "num_channels": 3, "patch_size": 14, "num_hidden_layers": 24}
EIGHT_BITS = {"qformat_weight": "fp8_e4m3", "qscheme_act": "TENSOR"}
LATER = MISTRAL | {
    "n_layers": 34,
    "rope_theta": 1e6,
    "vocab_size": 131072,
    "tied_embeddings": False,
}
NEMO = MISTRAL | {"dim": 5120, "n_layers": 40, "rope_theta": 1e6, "vocab_size": 131072}
LARGE: dict[str, Any] = {
    "dim": 7168, "n_layers": 61, "head_dim": 128, "hidden_dim": 16384, "n_heads": 128, "n_kv_heads": 128,
    "rope_theta": 10000.0, "norm_eps": 1e-06, "vocab_size": 131072, "tied_embeddings": False,
    "max_position_embeddings": 294912, "max_seq_len": 294912, "q_lora_rank": 1536, "qk_rope_head_dim": 64,
    "qk_nope_head_dim": 128, "kv_lora_rank": 512, "v_head_dim": 128, "quantization": EIGHT_BITS,
    "yarn": {"original_max_position_embeddings": 8192, "factor": 36, "apply_scale": False, "beta": 32, "alpha": 1},
    "moe": {
        "expert_parallel": 1, "expert_model_parallel": 1, "route_every_n": 1, "first_k_dense_replace": 3,
        "num_experts": 128, "num_experts_per_tok": 4, "num_expert_groups": 1, "num_expert_groups_per_tok": 1,
        "routed_scale": 1.0, "expert_hidden_dim": 4096, "num_shared_experts": 1,
    },
    "llama_4_scaling": {"original_max_position_embeddings": 8192, "beta": 0.1},
    "vision_encoder": {
        "image_token_id": 10, "image_break_token_id": 12, "image_end_token_id": 13, "intermediate_size": 8192,
        "num_hidden_layers": 48, "num_attention_heads": 16, "mm_projector_id": "patch_merge", "spatial_merge_size": 2,
        "hidden_size": 1664, "num_channels": 3, "image_size": 1540, "max_image_size": 1540, "patch_size": 14,
        "rope_theta": 10000.0, "add_pre_mm_projector_layer_norm": True, "adapter_bias": False,
    },
}  # fmt: skip
FILES: Mapping[str, Json] = {
    "Nemo": NEMO,
    "Ministral 8B": MISTRAL
    | {"n_layers": 36, "hidden_dim": 12288, "rope_theta": 1e8, "vocab_size": 131072, "_sliding_window": [None, 32768, 32768, 32768]},
    "Ministral 3 8B": LATER
    | NONE
    | {
        "max_position_embeddings": 262144, "max_seq_len": 262144, "quantization": EIGHT_BITS,
        "yarn": {"original_max_position_embeddings": 16384, "factor": 16, "apply_scale": False, "beta": 32, "alpha": 1},
        "llama_4_scaling": {"original_max_position_embeddings": 16384, "beta": 0.1}, "vision_encoder": SEEN,
    },
    "Pixtral 12B": NEMO | {"rope_theta": 1e9, "vision_encoder": SEEN},
    "Voxtral Mini": LATER
    | {"dim": 3072, "n_layers": 30, "hidden_dim": 8192, "multimodal": {"whisper_model_args": {"encoder_args": {}}}},
    "Large 3": LARGE,
    "Codestral Mamba": {
        "dim": 4096, "n_layers": 64, "vocab_size": 32768, "n_groups": 8, "rms_norm": True, "residual_in_fp32": True,
        "fused_add_norm": True, "pad_vocab_size_multiple": 1, "tie_embeddings": False, "model_type": "mamba",
    },
}  # fmt: skip
PUBLISHED = {
    "Nemo": 12_247_782_400,
    "Ministral 8B": 8_019_808_256,
    "Codestral Mamba": 7_285_403_648,
}
"""What their checkpoints hold."""
ROPE = {
    "rope_type": "yarn", "factor": 16.0, "original_max_position_embeddings": 16384, "beta_fast": 32.0, "beta_slow": 1.0,
    "mscale": 1.0, "mscale_all_dim": 1.0, "llama_4_scaling_beta": 0.1, "rope_theta": 1e6,
}  # fmt: skip
OF_TODAY: Mapping[str, Json] = {
    "Ministral 3 8B": {
        "model_type": "ministral3", "hidden_size": 4096, "num_hidden_layers": 34, "num_attention_heads": 32,
        "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": 14336, "vocab_size": 131072,
        "max_position_embeddings": 262144, "rms_norm_eps": 1e-05, "tie_word_embeddings": False, "rope_parameters": ROPE,
    },
    "Codestral Mamba": {
        "model_type": "mamba2", "hidden_size": 4096, "num_hidden_layers": 64, "vocab_size": 32768, "n_groups": 8,
        "num_heads": 128, "head_dim": 64, "state_size": 128, "expand": 2, "tie_word_embeddings": False,
    },
}  # fmt: skip
"""The same models in transformers' words."""


@pytest.mark.parametrize("name", FILES)
def test_every_key_is_read_and_evidence_names_keys_of_the_file(name: str) -> None:
    raw, described = FILES[name], describe(FILES[name])
    assert described.unread == ()
    assert known(raw)
    held = catalog_config(raw)
    assert held.keys() <= raw.keys()
    assert describe(held).root == described.root
    for row in (row for part in sheet(described) for row in part.rows if row.evidence == "stated"):
        holder, _, inner = row.source.partition(".")
        assert holder in raw, row
        assert not inner or inner in raw[holder], row


@pytest.mark.parametrize("name", PUBLISHED)
def test_totals_are_those_of_the_checkpoints(name: str) -> None:
    assert parameters(describe(FILES[name]).root).total == PUBLISHED[name]


def test_large_3_is_the_entry_that_was_translated_from_this_file() -> None:
    ours, theirs = describe(LARGE).root, find("mistral-large-3-675b").architecture.root
    assert [*tensors(ours)] == [*tensors(theirs)]


@pytest.mark.parametrize("name", OF_TODAY)
def test_is_what_transformers_config_says(name: str) -> None:
    ours, theirs = describe(FILES[name]), describe(OF_TODAY[name])
    shapes = [[t.shape for t in tensors(one.root)] for one in (ours, theirs)]
    assert shapes[0] == shapes[1]
    alone = [concept for concept in facts(ours)["concepts"] if concept != "vision-tower"]
    assert alone == facts(theirs)["concepts"]  # which is the language model's alone


def test_the_temperature_and_the_stretch_are_those_of_transformers() -> None:
    name = "Ministral 3 8B"
    shown = [
        {row.label: row.value for part in sheet(one) for row in part.rows}
        for one in (describe(FILES[name]), describe(OF_TODAY[name]))
    ]
    for label in ("Context extension", "Extension factor", "Attention temperature by position"):
        assert shown[0][label] == shown[1][label]


def test_a_list_of_windows_is_taken_by_turns() -> None:
    layers = facts(describe(FILES["Ministral 8B"]))["layers"]
    assert layers["pattern"] == "(1 full GQA + 3 sliding-window GQA) × 9"


@pytest.mark.parametrize(
    ("name", "part"), [("Pixtral 12B", "vision_encoder"), ("Voxtral Mini", "multimodal")]
)
def test_what_stands_beside_the_text_is_said_to_be_uncounted(name: str, part: str) -> None:
    described = describe(FILES[name])
    assert described.uncounted == (part,)
    assert any(f"not counted: {part}," in line for line in described.warnings)


def test_codestral_has_the_names_of_its_checkpoint() -> None:
    """Mistral's code keeps state-spaces' whole model as its own `model`."""
    named = {tensor.name for tensor in tensors(describe(FILES["Codestral Mamba"]).root)}
    assert {"model.backbone.embedding.weight", "model.lm_head.weight"} < named


@pytest.mark.parametrize(
    "name",
    first(
        ("Ministral 8B", "Ministral 3 8B", "Large 3", "Codestral Mamba"), (), ("Codestral Mamba",)
    ),
)
def test_a_miniature_of_it_runs(name: str) -> None:
    assert proof(FILES[name]).run.holds


@pytest.mark.parametrize(
    ("name", "changed", "says"),
    [
        ("Nemo", {"model_type": "transformer"}, ""),
        ("Nemo", {"ada_rms_norm_t_cond": True}, "sliding_window is missing, expected its value"),
        ("Ministral 8B", {"sliding_window": 4}, "both stated, expected one"),
        ("Ministral 8B", {"_sliding_window": [None, 4, 8]}, "expected one length and nulls"),
        ("Ministral 8B", {"_sliding_window": [None] * 5 + [4, 4]}, "as many as divide n_layers (36)"),
        ("Ministral 8B", {"moe": {"num_experts": 8, "num_experts_per_tok": 2}}, "expected one of them: no release has two"),
        ("Ministral 3 8B", {"yarn": {"factor": 16}}, "yarn.original_max_position_embeddings is missing"),
        ("Ministral 3 8B", {"yarn": None}, "yarn is null, expected an object"),
        ("Ministral 3 8B", {"llama_4_scaling": {"original_max_position_embeddings": 1, "beta": 0.1}}, "is 1, expected yarn."),
        ("Large 3", {"moe": LARGE["moe"] | {"use_load_balancing_bias": True}}, "use_load_balancing_bias is true, expected false"),
        ("Large 3", {"moe": LARGE["moe"] | {"route_every_n": 2}}, "moe.route_every_n is 2, expected 1"),
        ("Large 3", {"moe": None}, "moe is null, expected an object"),
        ("Large 3", {"index_topk": 2048}, "index_topk is a key that isn't described"),
        ("Codestral Mamba", {"rms_norm": False}, "rms_norm is false, expected true"),
        ("Codestral Mamba", {"n_groups": 3}, "n_groups"),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_by_its_key(name: str, changed: Json, says: str) -> None:
    if not says:  # the type that the files' own code has for all of them
        assert describe({**FILES[name], **changed}).root == describe(FILES[name]).root
        return
    with pytest.raises(Refusal) as refused:
        describe({**FILES[name], **changed})
    assert says in str(refused.value)


@pytest.mark.parametrize("name", FILES)
def test_no_value_makes_parts_without_end_or_a_traceback(name: str) -> None:
    holds_whatever_a_key_says(FILES[name])
