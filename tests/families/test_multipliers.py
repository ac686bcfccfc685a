"""What multiplies and bounds, by hand: embeddings, branches, scores, heads; and what ends a pass."""

from __future__ import annotations

from collections.abc import Mapping
from math import log, sqrt
from typing import Any

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.fact_sheet import sheet
from llm_gallery.architecture.block import Block, distinct_layers, layers, main_stack, mixers, walk
from llm_gallery.architecture.fact import Fact
from llm_gallery.catalog.load import entries, find
from llm_gallery.recognition import describe
from tests.families.test_evidence import SMALL, attention, small

YARN = {"rope_type": "yarn", "factor": 40, "original_max_position_embeddings": 4096}


def root(model: str) -> Block:
    return find(model).architecture.root


def mixer(model: str, layer: int = -1) -> Mapping[str, Fact]:
    return mixers(layers(root(model))[layer])[0].facts


@pytest.mark.parametrize(
    ("model", "fact", "value"),
    [
        ("deepseek-v3", "score_scale", 1.874),  # (0.1 ln 40 + 1)^2
        ("deepseek-v2", "score_scale", 1.590),  # (0.0707 ln 40 + 1)^2
        ("kimi-k2", "score_scale", 1.813),  # (0.1 ln 32 + 1)^2
        ("mistral-small-4-119b", "score_scale", 2.206),  # (0.1 ln 128 + 1)^2
        ("motif-3-beta", "score_scale", 2.005),  # (0.1 ln 64 + 1)^2, in full layers
        ("gpt-oss-20b", "rotated_scale", 1.813),
        ("laguna-s-2.1", "rotated_scale", 1.813),  # 1.3466^2
        ("olmo-3-7b", "rotated_scale", 1.459),  # 1.2079^2
        ("phi-3.5-moe", "rotated_scale", 1.545),  # 1.2432^2
        ("solar-open-100b", "rotated_scale", 1.143),  # (0.1 ln 2 + 1)^2
    ],
)
def test_what_a_context_extension_does_to_the_scores(model: str, fact: str, value: float) -> None:
    blocks = [m for layer in layers(root(model)) for m in mixers(layer)]
    held = {float(str(b.value(fact))) for b in blocks if fact in b.facts}
    assert [round(one, 3) for one in held] == [value]
    assert all(b.facts[fact].evidence == "derived" for b in blocks if fact in b.facts)


@pytest.mark.parametrize(
    "model", ["deepseek-v4-flash", "mistral-large-3-675b", "laguna-xs.2", "llama-3.1-70b"]
)
def test_an_extension_that_leaves_the_scores_alone(model: str) -> None:
    for _, block in walk(root(model)):
        assert not {"score_scale", "rotated_scale"} & set(block.facts)


def test_windowed_layers_that_keep_their_rotation_keep_their_scores() -> None:
    held = [b.facts for layer in layers(root("olmo-3-7b")) for b in mixers(layer)]
    assert all(("rotated_scale" in facts) != ("window" in facts) for facts in held)


def test_yarn_as_each_key_says() -> None:
    def scale(**more: Any) -> float | None:
        fact = attention(small("qwen2", rope_scaling={**YARN, **more})).get("rotated_scale")
        return None if fact is None else float(str(fact.value))

    whole = 0.1 * log(40) + 1
    assert scale() == pytest.approx(whole**2)
    assert scale(attention_factor=1.5) == pytest.approx(2.25)
    assert scale(mscale=0.5, mscale_all_dim=1.0) == pytest.approx(
        ((0.05 * log(40) + 1) / whole) ** 2
    )
    assert scale(mscale=1.0, mscale_all_dim=1.0) is None
    assert scale(attention_factor=1.0) is None


def test_longrope_grows_with_the_root_of_the_logarithms() -> None:
    more = {"max_position_embeddings": 131072, "original_max_position_embeddings": 4096}
    factors = {"short_factor": [1.0] * 4, "long_factor": [2.0] * 4}
    for kind in ("longrope", "su"):  # the first releases' name
        facts = attention(small("phi3", rope_scaling={"type": kind, **factors}, **more))
        assert facts["rotated_scale"].value == pytest.approx(1 + log(32) / log(4096))
        assert facts["rope_scaling"].value == "longrope"


def test_gemma_multiplies_the_embedding_by_the_root_of_its_width() -> None:
    for model, width in (("gemma-3-27b", 5376), ("gemma-3-270m", 640), ("gemma-4-31b", 5376)):
        fact = root(model).facts["embedding_scale"]
        assert fact == Fact(sqrt(width), "derived", "sqrt(hidden_size)")


def test_temperature_of_mistral_large_3_is_of_the_class_or_stated() -> None:
    assert mixer("mistral-large-3-675b")["temperature_tuning"].evidence == "stated"
    config = next(entry.config for entry in entries() if entry.id == "mistral-large-3-675b")
    left_out = {key: value for key, value in config.items() if key != "llama_4_scaling"}
    (block,) = mixers(layers(describe(left_out).root)[0])
    assert block.facts["temperature_tuning"].evidence == "implied"
    assert "attention-temperature" not in concepts(root("deepseek-v3"))


def test_biases_of_experts_routers_and_heads() -> None:
    oss = next(b for _, b in walk(root("gpt-oss-20b")) if b.kind == "moe")
    assert (oss.value("bias"), oss.value("router_bias")) == (True, True)
    qwen = next(b for _, b in walk(root("qwen3-30b-a3b")) if b.kind == "moe")
    assert "bias" not in qwen.facts
    assert "router_bias" not in qwen.facts  # a balancing bias is none
    deepseek = next(b for _, b in walk(root("deepseek-v3")) if b.kind == "moe")
    assert "router_bias" not in deepseek.facts
    assert root("phi-3.5-moe").facts["head_bias"] == Fact(True, "stated", "lm_head_bias")
    assert "head_bias" not in root("mixtral-8x7b").facts


def test_every_stored_bias_of_a_mixer_is_a_fact() -> None:
    for entry in entries():
        for layer in distinct_layers(root(entry.id)):
            for _, block in walk(layer):
                if block.kind in ("attention", "latent_attention", "mlp") and not block.stacked:
                    maps = [part for part in block.inside if part.kind == "linear"]
                    biased = any(part.value("bias") for part in maps)
                    said = block.value("bias") or block.value("output_bias")
                    assert bool(said) == biased, entry.id


def test_baichuan_2_norms_its_head_and_baichuan_does_not() -> None:
    second = {**SMALL, "model_type": "baichuan", "vocab_size": 125696}
    assert describe(second).root.value("normed_head") is True
    assert "normed_head" not in describe({**second, "vocab_size": 64000}).root.facts


def test_the_final_norm_ends_each_pass() -> None:
    for model in ("ouro-2.6b-thinking", "nanbeige-4.2-3b"):
        stack = main_stack(root(model))
        assert stack is not None
        assert stack.value("pass_norm") is True
    config = {**SMALL, "model_type": "nanbeige", "num_loops": 2}
    last = main_stack(describe({**config, "skip_loop_final_norm": True}).root)
    assert last is not None
    assert last.facts["pass_norm"] == Fact(False, "stated", "skip_loop_final_norm")
    once = main_stack(describe({**config, "num_loops": 1}).root)
    assert once is not None
    assert "pass_norm" not in once.facts


def test_gemma_4_learns_a_scale_for_each_layer() -> None:
    for model in ("gemma-4-31b", "gemma-4-e2b", "gemma-4-12b"):
        stack = main_stack(root(model))
        assert stack is not None
        assert stack.value("layer_scale") is True
        assert all(layer.inside[-1].kind == "layer_scale" for layer in stack.inside)


def test_activations_with_numbers_of_their_own() -> None:
    assert "xielu" in concepts(root("apertus-70b"))
    assert mixers_of_channels("apertus-70b")["activation_learned"].value == 2
    assert "situ" in concepts(root("kimi-k3"))
    held = mixers_of_channels("kimi-k3")
    assert (held["gate_softcap"].value, held["up_softcap"].value) == (4, 25)
    assert "polynorm" in concepts(root("motif-3-beta"))
    assert mixers_of_channels("motif-3-beta")["output_scale"].value == 0.5


def mixers_of_channels(model: str) -> Mapping[str, Fact]:
    return next(b.facts for _, b in walk(layers(root(model))[-1]) if b.kind in ("mlp", "moe"))


def test_a_key_that_heads_share_is_none_with_positions_where_there_are_none() -> None:
    def labels(model: str) -> set[str]:
        return {row.label for section in sheet(find(model).architecture) for row in section.rows}

    assert "Key size with position" in labels("deepseek-v3")
    for model in ("kimi-k3", "kimi-linear-48b-a3b", "glm-5.3-flash"):
        assert "Key size with position" not in labels(model)
    assert "Key size shared by all heads" in labels("kimi-k3")


def test_a_window_as_long_as_the_context_is_none() -> None:
    for window, seen in ((127, 127), (128, None), (4096, None)):
        fact = attention(small("mistral", sliding_window=window)).get("window")
        assert (None if fact is None else fact.value) == seen
    assert "sliding-window-attention" not in concepts(root("phi-3.5-moe"))
    assert "sliding-window-attention" in concepts(root("mistral-7b-v0.1"))


def test_minimax_multiplies_the_stream_before_it_adds() -> None:
    held = root("minimax-text-01").facts
    assert held["stream_scale"] == Fact(3.5565588200778455, "stated", "full_attn_alpha_factor")
    config = {**SMALL, "model_type": "minimax", "head_dim": 8, "mlp_alpha_factor": 2.0}
    config |= {"num_local_experts": 4, "num_experts_per_tok": 2}
    apart = describe(config).root.value("stream_scale")
    assert apart == "attention 1, lightning 1, experts 2"


def test_a_temperature_with_a_share_of_nought_multiplies_by_one() -> None:
    """Mistral Medium 3.5 states it so; Mistral Small 4 has a share."""
    assert "temperature_tuning" not in mixer("mistral-medium-3.5-128b")
    assert "temperature_tuning" in mixer("mistral-small-4-119b")
