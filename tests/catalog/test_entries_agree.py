"""Entries that say the same thing say it alike: one release has one day, and what is published counts everywhere."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from llm_gallery import explain, facts
from llm_gallery.catalog.load import entries, find
from llm_gallery.explanation import text

ENTRIES = {entry.id: entry for entry in entries()}


def test_the_first_models_of_qwen3_are_of_one_day() -> None:
    """Eight models, one post of 29 April 2025."""
    sizes = re.compile(r"Qwen/Qwen3-[\d.]+B(-A\d+B)?$")
    days = {entry.released for entry in ENTRIES.values() if sizes.match(entry.repository or "")}
    assert [day.isoformat() for day in days] == ["2025-04-29"]


@pytest.mark.parametrize(
    ("model", "tokens"),
    [("phi-4-mini-flash", 65536), ("ling-1t", 131072)],
)
def test_a_published_context_is_the_one_that_is_said(model: str, tokens: int) -> None:
    assert facts(model)["context"] == tokens
    assert facts(model)["context_configured"] != tokens
    said = text(explain(model))
    assert f"a context of {tokens:,} tokens" in said
    assert f"context of {facts(model)['context_configured']:,}" not in said


def test_phi_4_mini_flash_says_who_reads_what() -> None:
    """Of the last 14 layers seven read the memory of one before them and seven the keys and values of another."""
    links = find("phi-4-mini-flash").architecture.links
    flows = Counter(link.flow for link in links)
    readers = sorted(int(link.target.split(".")[2]) for link in links)  # model.layers.18.attn
    assert flows == {"memory": 7, "keys and values": 7}
    assert readers == [*range(18, 32)]
    summary = ENTRIES["phi-4-mini-flash"].summary
    assert "seven read one layer's memory, seven the keys and values of another" in summary
