"""Trends: counted by hand on a few models, and consistent on the whole catalog."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.lineage.sizes import quarter
from llm_gallery.trends.trends import Trends, trends
from llm_gallery.trends.trends import to_json as trends_json
from llm_gallery.trends.trends_text import trends_text
from tests.described_catalog import members

IDS = ("gpt2-xl", "llama-3-8b", "deepseek-v3", "kimi-k2", "qwen3-32b")


def few() -> Trends:
    return trends([member for member in members() if member.id in IDS])


def test_a_concept_appears_first_where_it_does() -> None:
    found = {one.concept: one for one in few().concepts}
    assert found["learned-positions"].first == "gpt2-xl"
    assert found["rope"].first == "llama-3-8b"
    assert found["multi-head-latent-attention"].models == ("deepseek-v3", "kimi-k2")
    assert [one.released for one in few().concepts] == sorted(
        one.released for one in found.values()
    )


def test_quarters_count_their_models() -> None:
    by_name = {one.quarter: one for one in few().quarters}
    assert list(by_name) == ["2019-Q4", "2024-Q2", "2024-Q4", "2025-Q2", "2025-Q3"]
    assert by_name["2025-Q3"].models == 1
    assert by_name["2025-Q3"].counts["mixture-of-experts"] == 1
    assert "mixture-of-experts" not in by_name["2025-Q2"].counts


def test_what_is_new_and_what_stands_alone() -> None:
    found = few()
    assert "qk-norm" in found.recent, "Qwen3, in the quarter before Kimi K2's"
    assert "rope" not in found.recent
    assert "learned-positions" in found.single
    assert "rope" not in found.single


def test_sizes_are_those_of_the_models() -> None:
    kimi = few().sizes[-1]
    assert (kimi.model, kimi.total, kimi.experts, kimi.experts_used) == (
        "kimi-k2",
        1_026_408_232_448,
        384,
        8,
    )
    assert (kimi.heads, kimi.kv_heads, kimi.cache_bytes_per_token) == (64, None, 70_272)
    qwen = next(one for one in few().sizes if one.model == "qwen3-32b")
    assert (qwen.heads, qwen.kv_heads, qwen.experts) == (64, 8, None)


def test_a_quarter_sorts_by_time() -> None:
    assert [quarter(date(2025, month, 1)) for month in (1, 3, 4, 12)] == [
        "2025-Q1",
        "2025-Q1",
        "2025-Q2",
        "2025-Q4",
    ]


def test_medians_are_those_of_the_quarter() -> None:
    some = ("deepseek-v3", "gemma-2-27b", "gemma-2-9b", "olmo-2-7b")
    found = trends([member for member in members() if member.id in some])
    unused = (
        58 * (256 - 8) * 3 * 7168 * 2048
    )  # experts that don't run, in the layers after the dense
    share = (671_026_419_200 - unused) / 671_026_419_200
    expected = {
        ("2024-Q2", "layers"): ((46 + 42) / 2, 2),
        ("2024-Q2", "heads_per_kv_head"): (2.0, 2),  # 32 of 16, 16 of 8
        ("2024-Q4", "width"): ((7168 + 4096) / 2, 2),
        ("2024-Q4", "experts"): (256.0, 1),  # OLMo 2 has none
        ("2024-Q4", "active_share"): (share, 1),
        ("2024-Q4", "heads_per_kv_head"): (1.0, 1),  # latent attention has no such number
    }
    held = {(one.quarter, one.name): (one.median, one.models) for one in found.medians}
    assert {key: held[key] for key in expected} == expected
    assert ("2024-Q2", "experts") not in held


def test_layers_are_counted_by_what_mixes_tokens() -> None:
    held = {one.model: one for one in trends(members()).sizes}
    counted = {
        "gemma-3-27b": (10, 52, 0, 0, 1024),
        "mistral-7b-v0.1": (0, 32, 0, 0, 4096),
        "qwen3-next-80b-a3b": (12, 0, 36, 0, None),
        "kimi-linear-48b-a3b": (7, 0, 20, 7, None),
        "llama-4-maverick": (12, 36, 0, 12, 8192),
        "falcon-h1-7b": (44, 0, 44, 0, None),
        "mamba-2.8b": (0, 0, 64, 0, None),
    }
    for model, (full, local, recurrent, unrotated, window) in counted.items():
        one = held[model]
        assert (one.global_layers, one.local_layers, one.recurrent_layers) == (
            full, local, recurrent,
        )  # fmt: skip
        assert (one.layers_without_positions, one.window) == (unrotated, window)
    assert held["mixtral-8x7b"].shared_experts is None
    assert held["deepseek-v2"].shared_experts == 2


def test_concepts_that_travel_together_are_counted_by_both_and_either() -> None:
    (pair,) = (
        one
        for one in trends([m for m in members() if m.id in (*IDS, "deepseek-r1")]).together
        if {one.first, one.second} == {"sigmoid-routing", "swiglu"}
    )
    assert (pair.both, pair.either) == (3, 5), "two DeepSeeks and Kimi; with Llama and Qwen"


def test_an_unknown_concept_is_refused_with_what_comes_near() -> None:
    with pytest.raises(
        Refusal, match='"shared-experts" is no concept .* did you mean shared-expert'
    ):
        trends(members()).appearance("shared-experts")


def test_every_key_is_documented() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "lineage.md").read_text("utf-8")
    said = trends_json(few())
    rows = [
        said,
        *(said[name][0] for name in ("concepts", "quarters", "together", "sizes", "medians")),
    ]
    for key in {key for row in rows for key in row}:
        assert f'"{key}"' in docs, key


def test_no_models_have_no_trends() -> None:
    assert trends([]).concepts == ()
    assert trends([]).recent == ()


def test_the_whole_catalog_adds_up_and_is_plain_data() -> None:
    found = trends(members())
    assert sum(one.models for one in found.quarters) == len(members())
    for one in found.concepts:
        counted = sum(quarter.counts.get(one.concept, 0) for quarter in found.quarters)
        assert counted == len(one.models)
    assert all(pair.both <= pair.either for pair in found.together)
    assert json.loads(json.dumps(trends_json(found))) == trends_json(found)


def test_firsts_are_those_of_this_catalog() -> None:
    """GPT-2 wasn't the first model with biases; it is the first of these."""
    titles = [block.splitlines()[0] for block in trends_text(few()).split("\n\n")]
    assert titles[0].endswith("concepts, each with the first model in this catalog that has it")
    assert "New to this catalog in the last two quarters" in titles
    assert "Only one model of this catalog has" in titles
