"""The language model inside every image-text and audio-text type of the reference: exact, or refused in one line.

So is what stands beside it, of the types that `families/beside` has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from llm_gallery.architecture.block import Block, tensors, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families import beside, names
from llm_gallery.families._registry import module_name
from llm_gallery.recognition import describe
from llm_gallery.recognition.wrapper_rows import ROWS
from tests.truth.mutations_of_wrappers import (
    NAMED_OTHERWISE,
    NOT_BUILT,
    TOWERS,
    below,
    of_what_is_described,
    placed,
    wrapped_config,
)
from tools import reference
from tools.digests import Shapes, described, spelled, tied

OTHERWISE_REFUSED = {
    "deepseek_ocr2": "its default says neither how many experts a token runs, nor which layers have any",
    "diffusion_gemma": "its default says of no experts how many there are",
    "molmo2": "its default's adapter gives 3,584 channels to a stream of 4,096",
    "qwen3_omni_moe": "its default has 28 heads in 2,048 channels",
    "glm4v_moe": "its default has 96 heads in 4,096 channels, of which it can't turn 32 pairs",
    "qwen3_omni_moe_thinker": "its default has 28 heads in 2,048 channels",
    "step3p7": "its default has a window that is null",
}
COMPLETED: Mapping[str, Any] = {"hunyuan_vl": {"text_config": {"head_dim": 128}}}
"""What the reference's default lacks, and its model reads."""
SEEDS = range(4)


def types() -> list[str]:
    from transformers.models.auto.modeling_auto import MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES

    return sorted({*MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES, *reference.classes()} - of_text())


def of_text() -> set[str]:
    from transformers.models.auto.modeling_auto import (
        MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES,
        MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES,
    )

    seen = {*MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES, *MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES}
    return {*MODEL_FOR_CAUSAL_LM_MAPPING_NAMES} - seen


def same(raw: Mapping[str, Any], held: Any, model_type: str) -> None:
    """The tensors and the tie, of all parts that are described; nothing of the reference's under their names is left out."""
    architecture = describe(raw)
    whole = module_name(model_type) in beside.names()
    alone = "the language model alone is described and counted"
    assert whole is not any(line.startswith(alone) for line in architecture.warnings)
    stored = reference.stored(reference.built(held))
    spelt: Shapes = spelled(model_type, {**stored.parameters, **stored.buffers})
    every = {placed(name): shape for name, shape in spelt.items()}
    theirs = of_what_is_described(architecture, every)
    in_part = bool(architecture.uncounted) or architecture.canvas
    assert in_part is (theirs.keys() != every.keys())
    if whole:
        at = ROWS[module_name(model_type)].at or "the top"
        assert [key for key in architecture.unread if not key.startswith(at)] == []
    ours = described(architecture.root)
    if model_type in NAMED_OTHERWISE:
        assert sorted(ours.values()) == sorted(theirs.values())
        return
    assert ours == theirs
    own = "" if whole and not architecture.canvas else below(model_type)
    assert tied(architecture.root) == {
        name: other for name, other in stored.tied.items() if name.startswith(own)
    }


def refusal(raw: Mapping[str, Any]) -> str:
    try:
        describe(raw)
    except Refusal as refused:
        return str(refused)
    return ""


@pytest.mark.truth
def test_every_type_is_exact_or_refused_in_a_line() -> None:
    for model_type in types():
        if module_name(model_type) in names():
            continue
        beside = {**TOWERS.get(model_type, {}), **COMPLETED.get(model_type, {})}
        held = reference.config({"model_type": model_type, **beside})
        raw = json.loads(held.to_json_string(use_diff=False))
        if said := refusal(raw):
            assert len(said.splitlines()) == 1
            assert module_name(model_type) not in ROWS or model_type in OTHERWISE_REFUSED, said
            continue
        assert model_type not in OTHERWISE_REFUSED
        if model_type not in NOT_BUILT:
            same(raw, held, model_type)


@pytest.mark.truth
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("wrapper", sorted({*ROWS} - {*NOT_BUILT}))
def test_random_config(wrapper: str, seed: int) -> None:
    model_type = reference.BUILT_AS.get(wrapper, wrapper)
    raw = wrapped_config(model_type, Random(f"{wrapper} {seed}"))
    same(raw, reference.config(raw), model_type)


@pytest.mark.truth
@pytest.mark.parametrize("seed", [0, 4, 7])
def test_step_3_7_as_the_reference_saves_it_is_what_the_release_says(seed: int) -> None:
    """Its class takes the release's keys and writes others: the same tensors and facts come of both."""
    raw = wrapped_config("step3p7", Random(f"saved {seed}"))
    saved = json.loads(reference.config(raw).to_json_string(use_diff=False))
    assert "n_routed_experts" in saved["text_config"]
    theirs, ours = describe(raw), describe(saved)
    assert ours.unread == ours.warnings == ()
    assert [*tensors(ours.root)] == [*tensors(theirs.root)]
    assert values(ours.root) == values(theirs.root)


def values(root: Block) -> list[tuple[str, dict[str, object]]]:
    """What the facts of each part say, wherever they come from."""
    return [
        (path, {name: said.value for name, said in part.facts.items()}) for path, part in walk(root)
    ]


OCR_TEXT: Mapping[str, Any] = {
    "model_type": "deepseek_ocr2_text", "vocab_size": 97, "hidden_size": 64, "intermediate_size": 96,
    "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2, "hidden_act": "silu",
    "max_position_embeddings": 512, "n_routed_experts": 6, "n_shared_experts": 2, "num_experts_per_tok": 2,
    "moe_intermediate_size": 32, "routed_scaling_factor": 1.7, "rms_norm_eps": 1e-3, "attention_bias": True,
    "mlp_layer_types": ["dense", "sparse", "sparse"],
    "rope_parameters": {"rope_type": "default", "rope_theta": 500.0},
}  # fmt: skip
SMALL: Mapping[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
}


OCR_TOWERS: Mapping[str, Any] = {"vision_config": {
    "sam_config": {**SMALL, "image_size": 64, "global_attn_indexes": [0]},
    "encoder_config": {**SMALL, "intermediate_size": 32, "vocab_size": 8},
}}  # fmt: skip
HY_TEXT: Mapping[str, Any] = {
    **OCR_TEXT, "model_type": "hy_v4_vl_text", "num_key_value_heads": 4, "q_lora_rank": 24, "kv_lora_rank": 16,
    "qk_nope_head_dim": 8, "qk_rope_head_dim": 8, "v_head_dim": 12, "index_n_heads": 16, "index_head_dim": 16,
    "index_topk": 3, "indexer_types": ["full", "shared", "full"], "attention_bias": False, "n_shared_experts": 1,
    "rope_parameters": {"rope_type": "default", "rope_theta": 500.0, "mrope_section": [2, 1, 1]},
}  # fmt: skip
EDGE_TEXT: Mapping[str, Any] = {
    "model_type": "cosmos3_edge_text", "vocab_size": 97, "hidden_size": 64, "intermediate_size": 96,
    "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "rms_norm_eps": 1e-3,
    "rope_parameters": {"rope_type": "default", "rope_theta": 500.0, "mrope_section": [4, 2, 2]},
}  # fmt: skip
RUN: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "chameleon": (
        {},
        {**EDGE_TEXT, "vocabulary_map": {"<image>": 1}, "rope_parameters": {"rope_type": "default", "rope_theta": 500.0},
         "vq_config": {"base_channels": 32, "latent_channels": 32, "embed_dim": 32, "num_embeddings": 32}},
    ),
    "cosmos3_edge": (EDGE_TEXT, {"vision_config": {**SMALL, "intermediate_size": 32}}),
    "deepseek_ocr2": (OCR_TEXT, OCR_TOWERS),
    "ernie4_5_vl_moe": (
        {**EDGE_TEXT, "model_type": "ernie4_5_vl_moe_text", "hidden_size": 256, "num_attention_heads": 2,
         "moe_num_experts": 5, "moe_k": 2, "moe_intermediate_size": [24, 16], "moe_num_shared_experts": 1,
         "head_dim": 128, "rope_parameters": {"rope_type": "default", "rope_theta": 500.0}},
        {"vision_config": {"hidden_size": 32, "depth": 1, "num_heads": 2, "intermediate_size": 32}},
    ),
    "exaone4_5": (
        {**EDGE_TEXT, "model_type": "exaone4", "sliding_window": 3, "hidden_act": "silu",
         "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
         "rope_parameters": {"rope_type": "default", "rope_theta": 500.0}},
        {"vision_config": {"hidden_size": 32, "depth": 1, "num_heads": 2, "num_key_value_heads": 1, "intermediate_size": 32,
                           "out_hidden_size": 64, "fullatt_block_indexes": [0]}},
    ),
    "hy_v4_vl": (HY_TEXT, {"vision_config": {**SMALL, "intermediate_size": 32, "out_hidden_size": 64}}),
    "molmo2": (
        {**EDGE_TEXT, "model_type": "molmo2_text", "additional_vocab_size": 5, "rope_scaling_layers": [1],
         "rope_parameters": {"rope_type": "linear", "rope_theta": 500.0, "factor": 3.0}},
        {"vision_config": {**SMALL, "head_dim": 16},
         "adapter_config": {"hidden_size": 32, "vision_feature_layer": [0], "text_hidden_size": 64}},
    ),
    "unlimited_ocr": (
        {**OCR_TEXT, "model_type": "unlimited_ocr_text", "num_key_value_heads": 4, "sliding_window": 3},
        OCR_TOWERS,
    ),
}  # fmt: skip
"""Text, and the other parts, of wrappers whose language model is no family's of the reference alone, and of EXAONE 4.5."""


@pytest.mark.truth
@pytest.mark.parametrize("wrapper", RUN)
def test_language_model_runs_as_the_references(wrapper: str) -> None:
    """No other type has the second DeepSeek's experts and none of its latents, or Hy4's latents' epsilon."""
    from llm_gallery.running.proof import CLOSE, compared, some
    from tools import reference_run

    text, beside = RUN[wrapper]
    inside = {"text_config": text} if text else {}
    raw = {**inside, **beside, "model_type": wrapper}
    architecture = describe(raw)
    tokens = some(architecture.root)
    with reference_run.doubles():
        model = reference_run.built(raw, 1)
        weights = reference_run.weights(model, wrapper)
        wanted = reference_run.scores(model, tokens)
    held = {placed(name): value for name, value in weights.items()}
    run = compared(architecture, held, tokens)
    assert reference_run.Answer(architecture, held, tokens, wanted).error(run.scores) < CLOSE
    assert run.holds
