"""Dials and numbers of lessons, beside the same counted by hand from the config."""

from __future__ import annotations

import pytest

from llm_gallery.lessons import numbers, prose
from llm_gallery.lessons.dial import Turned, turned
from llm_gallery.lessons.lesson import lessons


def dial(concept: str) -> Turned:
    lesson = lessons()[concept]
    assert lesson.dial is not None
    return turned(lesson, lesson.dial)


def test_a_wider_latent_keeps_more() -> None:
    """61 layers keep the latent and a rotated key of 64, two bytes a number."""
    found = dial("multi-head-latent-attention")
    at = found.dial.counted.index("cache")
    for place in found.places:
        assert place.amounts[at] == 61 * (place.value + 64) * 2
    assert found.places[found.own].value == 512
    assert found.without is not None
    assert found.without.amounts[at] == 61 * 128 * (128 + 64 + 128) * 2


def test_more_groups_keep_more() -> None:
    """80 layers of 128 channels a head: a key and a value a group."""
    found = dial("grouped-query-attention")
    at = found.dial.counted.index("cache")
    for place in found.places:
        assert place.amounts[at] == 80 * 2 * place.value * 128 * 2


def test_more_experts_run_more() -> None:
    """32 layers with experts of three matrices, 4,096 by 14,336."""
    found = dial("mixture-of-experts")
    at = found.dial.counted.index("active")
    first = found.places[0]
    for place in found.places:
        more = (place.value - first.value) * 32 * 3 * 4096 * 14336
        assert place.amounts[at] - first.amounts[at] == more


def test_a_key_inside_another_is_set_alone() -> None:
    before = numbers.config("gemma-3-27b")
    changed = numbers.with_keys("gemma-3-27b", "rope", {"text_config.sliding_window": 64})
    assert changed.first("attention").window == 64
    assert before["text_config"]["sliding_window"] == 1024


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ 70272 | bytes }}", "68.6 KiB"),
        ("{{ 671026419200 | short }}", "671B"),
        ("{{ 75000000000 | flop }}", "75 GFLOP"),
        ("{{ 71.1 | times }} and {{ 2.46 | times }}", "71 and 2.5"),
        ("{{ 0.0123 | percent }} and {{ 0.54 | percent }}", "1.2% and 54%"),
        ("{{ 1 | many('head') }}, {{ 1.8 | many('head') }}", "1 head, 1.8 heads"),
        ("{{ 7168 }}", "7,168"),
    ],
)
def test_numbers_are_said(text: str, shown: str) -> None:
    assert prose.filled(text, {}, "here") == shown
