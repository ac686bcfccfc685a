"""Trends: counted by hand on a few models, and consistent on the whole catalog."""

from __future__ import annotations

import json
from datetime import date

from llm_gallery.lineage import Trends, trends, trends_json
from llm_gallery.lineage.sizes import quarter
from tests.lineage.test_tree import catalog

IDS = ("gpt2-xl", "llama-3-8b", "deepseek-v3", "kimi-k2", "qwen3-32b")


def few() -> Trends:
    return trends([member for member in catalog() if member.id in IDS])


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


def test_no_models_have_no_trends() -> None:
    assert trends([]).concepts == ()
    assert trends([]).recent == ()


def test_the_whole_catalog_adds_up_and_is_plain_data() -> None:
    members = catalog()
    found = trends(members)
    assert sum(one.models for one in found.quarters) == len(members)
    for one in found.concepts:
        counted = sum(quarter.counts.get(one.concept, 0) for quarter in found.quarters)
        assert counted == len(one.models)
    assert all(pair.both <= pair.either for pair in found.together)
    assert json.loads(json.dumps(trends_json(found))) == trends_json(found)
