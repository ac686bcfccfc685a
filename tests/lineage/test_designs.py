"""Designs: copies fold, and what is counted by design is what is counted by hand."""

from __future__ import annotations

import random

from llm_gallery.lineage.designs import designs
from llm_gallery.trends.changes_by_year import KINDS
from llm_gallery.trends.trends import trends
from tests.described_catalog import members


def some(*ids: str) -> list[tuple[str, ...]]:
    chosen = [member for member in members() if member.id in ids]
    return [tuple(model.id for model in one.models) for one in designs(chosen)]


def test_copies_at_any_size_are_one_design() -> None:
    assert some("deepseek-v3", "deepseek-r1", "llama-3-8b") == [
        ("llama-3-8b",),
        ("deepseek-v3", "deepseek-r1"),
    ]
    assert some("qwen3.5-27b", "qwen3.6-27b") == [("qwen3.5-27b", "qwen3.6-27b")]


def test_another_design_of_the_same_day_is_another() -> None:
    assert len(some("gemma-4-31b", "gemma-4-26b-a4b")) == 2


def test_every_model_has_one_design_whatever_the_order() -> None:
    shuffled = list(members())
    random.Random(15).shuffle(shuffled)
    found = designs(shuffled)
    assert found == designs(members())
    assert sorted(model.id for one in found for model in one.models) == sorted(
        member.id for member in members()
    )
    assert all(one.released == min(m.released for m in one.models) for one in found)


def test_quarters_and_years_count_each_design_once() -> None:
    found = trends(members())
    assert sum(one.designs for one in found.quarters) == len(found.designs)
    assert sum(one.designs for one in found.years) == len(found.designs)
    for one in found.concepts:
        assert one.designs == sum(q.design_counts.get(one.concept, 0) for q in found.quarters)
        assert 1 <= one.designs <= len(one.models)
    for quarter in found.quarters:
        for concept, count in quarter.design_counts.items():
            assert count <= quarter.counts[concept]


def test_a_year_is_dense_or_sparse() -> None:
    for year in trends(members()).years:
        assert year.of_designs["dense"] + year.of_designs["sparse"] == year.designs
        assert year.of_models["dense"] + year.of_models["sparse"] == year.models
        assert len(year.ratios) == year.of_designs["local_and_global"]
        assert sum(year.mixers.values()) >= year.of_designs["hybrid"]
        assert set(year.of_designs) == set(KINDS)


def test_a_hybrid_names_both_of_its_mixers() -> None:
    held = {one.model: one for one in trends(members()).sizes}
    assert (held["qwen3-next-80b-a3b"].recurrent, held["qwen3-next-80b-a3b"].attention) == (
        "gated-deltanet",
        "grouped-query-attention",
    )
    assert held["kimi-linear-48b-a3b"].recurrent == "kimi-delta-attention"
    assert held["llama-3-8b"].recurrent == ""


def test_who_took_a_concept_up_brought_a_design_of_its_own() -> None:
    """Ornith and Bad Theory Labs released copies of Qwen3.5: theirs isn't the choice."""
    taken = trends(members()).appearance("gated-deltanet").taken
    assert [one.organization for one in taken][:1] == ["Alibaba Cloud"]
    assert "Bad Theory Labs" not in {one.organization for one in taken}
    assert [one.released for one in taken] == sorted(one.released for one in taken)
