"""The glossary explains what figures show, each term once, and one figure's holds what that figure has."""

from __future__ import annotations

from itertools import pairwise

import pytest

from llm_gallery.catalog.glossary import texts
from llm_gallery.catalog.load import find
from llm_gallery.figure.sheets.glossary import columns, glossary_of, rows
from llm_gallery.plan.planning import plan
from tests.figure.gates import faults
from tests.sample import drawings


def terms(name: str) -> set[str]:
    """The terms of one model's figure."""
    root = find(name).architecture.root
    return {row.term for row in glossary_of(plan(root), root, texts())}


def test_every_term_is_explained_once_in_a_sentence() -> None:
    explained = rows(texts())
    assert len({row.term for row in explained}) == len(explained)
    for row in explained:
        assert row.meaning.endswith("."), row.term
        assert row.meaning.count(". ") <= 1, row.term


def test_a_figure_has_its_own_terms() -> None:
    v4, llama, qwen = map(terms, ("deepseek-v4-pro", "llama-3-8b", "qwen3-next-80b-a3b"))
    assert {"128 : 1", "Sparse", "Sinkhorn", "By score, by token id", "MTP"} <= v4
    assert {"State", "α, λ", "β", "RoPE 50%", "Gated DeltaNet"} <= qwen
    assert {"Token", "q, k, v", "Grouped-query attention"} <= llama
    assert llama.isdisjoint({"128 : 1", "No positions", "RoPE 50%", "State", "Expert", "MTP"})
    assert "No positions" in terms("smollm3-3b")
    assert "± 30" in terms("gemma-2-9b")


@pytest.mark.parametrize("model", drawings())
def test_every_figure_has_a_short_one(model: str) -> None:
    root = find(model).architecture.root
    found = glossary_of(plan(root), root, texts())
    assert 15 <= len(found) <= 75
    assert faults(columns(found, 1120)) == ()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_columns_are_of_like_height(count: int) -> None:
    drawn = columns(rows(texts()), 1120, count)
    assert faults(drawn) == ()
    starts = sorted({text.x for text in drawn.shapes if hasattr(text, "x")})
    assert len(starts) == 2 * count
    assert all(right - left > 100 for left, right in pairwise(starts))
