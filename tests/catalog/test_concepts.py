"""Concepts say what the code counts, and name nobody who came after a model that has them."""

from __future__ import annotations

from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.catalog.load import entries, find
from llm_gallery.concepts import concepts


def test_no_concept_was_introduced_after_its_first_model() -> None:
    late = [
        (concept, entry.id)
        for entry in entries()
        for concept in shown(find(entry.id).architecture.root)
        if concepts()[concept].paper.year > entry.released.year
    ]
    assert late == []


def test_gates_of_every_sort_that_are_counted_are_told() -> None:
    """Sigmoid and softplus, a number a channel and a number a head (Laguna)."""
    told = concepts()["gated-attention"]
    models = [
        entry.id
        for entry in entries()
        if "gated-attention" in shown(find(entry.id).architecture.root)
    ]
    assert {"laguna-xs.2", "qwen3-next-80b-a3b", "kimi-k3", "step-3.5-flash"} <= set(models)
    for word in ("softplus", "channel", "head"):
        assert word in told.text
