"""Odd configs that no refusal meets: what the class passes over is passed over, and what may be otherwise is warned of."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import pytest

from llm_gallery.architecture.block import Architecture, layers, tensors, walk
from llm_gallery.architecture.fact import Fact
from llm_gallery.catalog.load import entries
from llm_gallery.recognition import describe
from tests.odd_configs import DROPPED, changed

CONFIGS = {entry.id: entry.config for entry in entries()}
SMALL: dict[str, Any] = {
    "vocab_size": 320, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 128, "hidden_act": "silu",
    "tie_word_embeddings": False,
}  # fmt: skip
TOWER = {
    "hidden_size": 64,
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
    "intermediate_size": 96,
}
WRAPPERS: dict[str, dict[str, Any]] = {
    "mistral3": {"vision_config": {"model_type": "pixtral", **TOWER}},
    "cohere2_vision": {"vision_config": {"model_type": "siglip_vision_model", **TOWER}},
    "kimi_k25": {},
}


def small(model_type: str, **more: Any) -> Architecture:
    return describe({"model_type": model_type, **SMALL, **more})


def stored(described: Architecture) -> int:
    return sum(prod(t.shape) for t in tensors(described.root) if t.tied_to is None)


def of(model: str, path: str, value: Any) -> Architecture:
    """A catalog model with another value at a key."""
    return describe(changed(CONFIGS[model], tuple(path.split(".")), value))


@pytest.mark.parametrize("inner", ["llama", "qwen2", "qwen3"])
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_a_wrapper_takes_its_language_model_from_the_inner_type(wrapper: str, inner: str) -> None:
    text = {"model_type": inner, **SMALL, "head_dim": 32}
    alone = describe(text)
    whole = describe(
        {
            "model_type": wrapper,
            "text_config": text,
            "tie_word_embeddings": False,
            **WRAPPERS[wrapper],
        }
    )
    assert layers(whole.root) == layers(alone.root)
    modal = [part for part in whole.root.inside if part.kind in ("vision_tower", "projector")]
    beside = sum(prod(t.shape) for part in modal for t in tensors(part))
    assert stored(whole) == stored(alone) + beside


def test_lightonocr_has_the_norms_of_qwen3() -> None:
    """28 layers with a norm of 128 for queries and one for keys: the 7,168 that a Mistral lacks."""
    sizes = {
        "vocab_size": 151936, "hidden_size": 1024, "intermediate_size": 3072, "num_hidden_layers": 28,
        "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "hidden_act": "silu",
        "tie_word_embeddings": True, "max_position_embeddings": 16384,
    }  # fmt: skip
    qwen, mistral = (
        describe({"model_type": "mistral3", "text_config": {"model_type": inner, **sizes}})
        for inner in ("qwen3", "mistral")
    )
    assert stored(qwen) - stored(mistral) == 7_168


def test_an_inner_type_that_the_wrapper_takes_for_granted_is_its_own() -> None:
    """Releases of Kimi K2.5 state either name."""
    model = describe(CONFIGS["kimi-k2.5"])
    for name in ("deepseek_v3", "kimi_k2"):
        assert of("kimi-k2.5", "text_config.model_type", name).root == model.root


@pytest.mark.parametrize("family", ["stablelm", "gpt_neox", "persimmon"])
def test_a_size_of_a_head_that_the_class_ignores_changes_nothing(family: str) -> None:
    more = {} if family == "stablelm" else {"num_key_value_heads": None}
    assert small(family, head_dim=32, **more).root == small(family, **more).root


def test_biases_of_deepseek_v4_are_the_shared_experts() -> None:
    model, biased = (of("deepseek-v4-flash", "mlp_bias", b) for b in (False, True))
    names = {t.name for t in tensors(biased.root)} - {t.name for t in tensors(model.root)}
    assert names
    assert all(".shared_experts." in name and name.endswith(".bias") for name in names)


@pytest.mark.parametrize("value", [None, {}])
def test_nothing_per_layer_makes_gemmas_full_layers_as_the_others(value: object) -> None:
    made = of("gemma-4-31b", "text_config.per_layer_config", value)
    dims = {b.value("head_dim") for _, b in walk(made.root) if b.kind == "attention"}
    assert dims == {256}


def test_the_unified_gemma_has_no_inputs_of_layers() -> None:
    made = of("gemma-4-12b", "text_config.hidden_size_per_layer_input", 256)
    assert made.root == describe(CONFIGS["gemma-4-12b"]).root
    assert made.unread == ("text_config.hidden_size_per_layer_input",)
    assert len(made.warnings) == 1


@pytest.mark.parametrize(
    ("model", "key", "value"),
    [
        ("glm-5.2", "layer_types", ["deepseek_sparse_attention"] * 78),
        ("mamba-2.8b", "d_inner", 4096),
        ("motif-3-beta", "num_nextn_predict_layers", 0),
        ("deepseek-v3", "num_nextn_predict_layers", 0),
    ],
)
def test_real_spellings_are_taken(model: str, key: str, value: object) -> None:
    """GLM-5.2-NVFP4's types of layers, the stale width of Mamba 370M and 790M, no module said as null."""
    taken = of(model, key, value or None)
    zero = of(model, key, value) if value == 0 else describe(CONFIGS[model])
    assert taken.root == zero.root


LLAMA: Mapping[str, Any] = {"model_type": "llama", **SMALL}
DEEP = (
    "num_layers is 48, but this family reads num_hidden_layers, which is missing: the number of layers is "
    "the reference's default, not the config's"
)


@pytest.mark.parametrize(
    "key", ["n_layers", "num_loops", "vision_config", "sandwich_norm", "ffn_width"]
)
def test_unread_keys_about_the_architecture_warn(key: str) -> None:
    (line,) = describe({**LLAMA, key: 3}).warnings
    assert line == (
        f"{key} is a key that this family doesn't know, and looks as if sizes depended on it: "
        "no number is certain until somebody looks it up"
    )
    for nothing in (False, None, 0):
        assert describe({**LLAMA, key: nothing}).warnings == ()


def test_a_depth_under_another_name_warns_that_another_was_taken() -> None:
    """The first GLM-10B."""
    config = {"model_type": "glm", "num_layers": 48, "hidden_size": 4096, "num_attention_heads": 64}
    assert describe(config).warnings == (DEEP,)
    inside = changed(CONFIGS["gemma-3-27b"], ("text_config", "num_hidden_layers"), DROPPED)
    (line,) = describe(changed(inside, ("text_config", "n_layers"), 48)).warnings
    assert "text_config.n_layers is 48, but this family reads text_config.num_hidden_layers" in line


@pytest.mark.parametrize("name", ["LlamaMoEForCausalLM", "MistralForCausalLM"])
def test_a_foreign_class_warns(name: str) -> None:
    (line,) = describe({**LLAMA, "architectures": [name], "auto_map": {}}).warnings
    assert line == (
        f'architectures names "{name}", which isn\'t the class of llama (LlamaForCausalLM): its own '
        "code may compute otherwise; the config is described as that class"
    )


@pytest.mark.parametrize("name", ["LlamaForCausalLM", "LLaMAForCausalLM"])
def test_the_familys_class_in_another_spelling_does_not(name: str) -> None:
    assert describe({**LLAMA, "architectures": [name]}).warnings == ()


def test_a_head_that_only_releases_store_is_told() -> None:
    """Mistral Small 3.1's file leaves it out, where transformers would tie the head; none is told where it is said."""
    raw = {k: v for k, v in CONFIGS["mistral-small-3.1-24b"].items() if k != "tie_word_embeddings"}
    (line,) = describe(raw).warnings
    assert "the head is described as stored, as in the releases" in line
    for said in (True, False):
        assert describe({**raw, "tie_word_embeddings": said}).warnings == ()


def test_chatglms_own_words_raise_no_doubt() -> None:
    """Its class for conditional generation has no tower, and its rows are the padded ones whatever else it says."""
    glm = CONFIGS[next(name for name in CONFIGS if CONFIGS[name].get("model_type") == "chatglm")]
    raw = {
        **glm,
        "architectures": ["ChatGLMForConditionalGeneration"],
        "rotary_percent": 0.5,
        "vocab_size": 65024,
    }
    made = describe(raw)
    assert made.unread == made.warnings == ()
    assert [*tensors(made.root)] == [*tensors(describe(glm).root)]


def test_a_null_quantization_is_none() -> None:
    assert describe({**LLAMA, "quantization_config": None}).warnings == ()
    assert len(describe({**LLAMA, "quantization_config": {"bits": 4}}).warnings) == 1


@pytest.mark.parametrize(
    ("key", "value", "instead"),
    [
        ("num_attention_heads", 32, "swa_num_attention_heads is 64; transformers passes it over, or reads it otherwise, and takes 32"),
        ("num_key_value_heads", 2, "swa_num_key_value_heads is 8; transformers passes it over, or reads it otherwise, and takes 4"),
        ("swa_head_dim", 96, "swa_head_dim is 96; transformers passes it over, or reads it otherwise, and takes 192"),
        ("v_head_dim", 64, "swa_v_head_dim is 128; transformers passes it over, or reads it otherwise, and takes 64"),
        ("add_swa_attention_sink_bias", False, "add_swa_attention_sink_bias is false; transformers passes it over, or reads it otherwise, and takes true"),
        ("add_full_attention_sink_bias", True, "add_full_attention_sink_bias is true; transformers passes it over, or reads it otherwise, and takes false"),
        ("hybrid_layer_pattern", [0] * 48, "hybrid_layer_pattern is a list of 48 values; transformers passes it over, or reads it otherwise, and takes another"),
        ("layer_types", ["full_attention"] * 48, "hybrid_layer_pattern is a list of 48 values; transformers passes it over, or reads it otherwise, and takes another"),
        ("moe_layer_freq", [1] * 48, "moe_layer_freq is a list of 48 values; transformers passes it over, or reads it otherwise, and takes another"),
        ("sliding_window_size", 128, "sliding_window_size is 128; transformers passes it over, or reads it otherwise, and takes 129"),
    ],
)  # fmt: skip
def test_keys_that_mimos_own_code_alone_reads_warn_where_transformers_would_build_otherwise(
    key: str, value: object, instead: str
) -> None:
    lines = set(of("mimo-v2-flash", key, value).warnings)
    (line,) = lines - set(describe(CONFIGS["mimo-v2-flash"]).warnings)
    assert line == (
        f"{instead}: the key is read as the releases' own code reads it; no number is certain of a "
        "model that transformers builds"
    )


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("kimi-k2.5", "vt_num_hidden_layers"),
        ("kimi-k2.5", "vt_hidden_size"),
        ("kimi-k2.5", "init_pos_emb_height"),
        ("inkling", "n_channels"),
    ],
)
def test_a_towers_own_names_warn_where_transformers_takes_its_default(model: str, key: str) -> None:
    said = CONFIGS[model]["vision_config"][key]
    was, made = describe(CONFIGS[model]), of(model, f"vision_config.{key}", said + 1)
    (line,) = set(made.warnings) - set(was.warnings)
    start = f"vision_config.{key} is {said + 1}; transformers passes it over, or reads it otherwise, and takes {said}: "
    assert line.startswith(start)
    assert made.root != was.root


def test_warnings_that_transformers_builds_otherwise_are_for_no_published_config() -> None:
    for config in CONFIGS.values():
        assert not any("passes it over" in line for line in describe(config).warnings)


def test_kimi_without_a_tower_has_the_default_one_every_key_of_it_assumed() -> None:
    made = of("kimi-k2.6", "vision_config", None)
    assert stored(made) == stored(describe(CONFIGS["kimi-k2.6"]))
    assert "vision_config.num_hidden_layers" in made.assumed


def test_kimi_that_says_nothing_of_its_head_is_tied() -> None:
    made = of("kimi-k2.6", "tie_word_embeddings", DROPPED)
    assert made.root.facts["tied"] == Fact(True, "assumed", "tie_word_embeddings")


@pytest.mark.parametrize(
    ("model", "key"), [("inkling", "audio_config"), ("command-a-plus-218b-a25b", "vision_config")]
)
def test_a_tower_that_transformers_would_build_from_defaults_warns(model: str, key: str) -> None:
    config = {k: v for k, v in CONFIGS[model].items() if k != "architectures"}
    (line,) = set(describe(changed(config, (key,), DROPPED)).warnings) - set(
        describe(config).warnings
    )
    assert line == (
        f"the config gives no {key}: its tower is not described, where transformers would build one "
        "from defaults; no number of the whole is certain"
    )


@pytest.mark.parametrize(("stated", "floor"), [({}, -5), ({"safe_gate": False}, None)])
def test_glm_5_bounds_the_decay_of_a_safe_gate(stated: dict[str, Any], floor: int | None) -> None:
    """Where the release's object says nothing of it, the reference takes its gate as safe."""
    config = CONFIGS["glm-5.3-flash"]
    text = config["text_config"]
    held = {k: v for k, v in text["linear_attn_config"].items() if k != "gate_lower_bound"}
    own = {"linear_lower_bound": None, "linear_attn_config": held | stated}
    root = describe({**config, "text_config": text | own}).root
    found = {b.value("decay_floor") for _, b in walk(root) if b.kind == "kimi_delta_attention"}
    assert found == {floor}
