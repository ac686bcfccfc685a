"""Values as a reader sees them in a table, and changes that two parts share."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.comparison import compare, once, text
from llm_gallery.comparison.block_facts import Value
from llm_gallery.comparison.brevity import plain
from llm_gallery.comparison.phrases import fact_words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("place", "first 1", "first"),
        ("place", "first 3", "first 3"),
        ("place", "all but the first 1", "all but the first"),
        ("place", "10 of 61", "10 of 61"),
        ("activation", "silu", "SiLU"),
        ("gate", "silu", "SiLU"),
        ("gate", "sigmoid", "sigmoid"),
        ("vision_tower", 1, "yes"),
        ("multi_token_prediction", 1, "1"),
        ("indexer.rotated_share", 0.5, "half"),
        ("heads", None, "–"),
    ],
)
def test_a_fact_in_a_table(name: str, value: Value, words: str) -> None:
    assert fact_words(name, value) == words


def test_what_two_parts_change_alike_is_said_once() -> None:
    old, new = find("kimi-linear-48b-a3b"), find("kimi-k3")
    (difference,) = compare([old, new]).differences
    alike = [
        change for change in difference.changes if change.words.startswith("three times the heads")
    ]
    assert len(alike) == 2
    assert once(alike) == [alike[0].words]


@pytest.mark.parametrize(
    ("old", "new", "windows"),
    [("glm-4.5", "glm-5", False), ("olmo-2-7b", "olmo-3-7b", True)],
)
def test_the_cache_of_long_contexts_is_told_where_there_are_windows(
    old: str, new: str, windows: bool
) -> None:
    said = text(compare([find(old), find(new)]))
    assert ("Cache per token once windows are full" in said) is windows


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("chatglm2-6b", "phi-4-mini-flash", "borrowed keys and values in 7 of 32 layers"),
        ("olmo-3-32b", "phi-4-mini-flash", "borrowed keys and values in 7 of 32 layers"),
        (
            "dots3-note-preview-280b-a16b",
            "glm-5.3",
            "keys picked by an earlier layer's indexer in 57 of 78 layers",
        ),
        (
            "glm-4.5",
            "glm-5.2",
            "sparse latent attention (64 heads, a latent of 512, an indexer in 21 of 78 layers whose picks 57 others reuse) instead of grouped-query attention",
        ),
        (
            "deepseek-moe-16b",
            "longcat-flash-lite-sparse",
            "keys picked by an earlier layer's indexer in one of two mixers of each layer",
        ),
    ],
)
def test_what_some_layers_of_a_part_have_says_in_how_many(old: str, new: str, said: str) -> None:
    """Once "in some layers", "in some layers in every layer"."""
    (difference,) = compare([find(old), find(new)]).differences
    assert said in [change.words for change in difference.changes]


def test_details_of_more_than_seven_words_are_left_out() -> None:
    assert plain("attention (a b, c d e f g)") == "attention (a b, c d e f g)"
    assert plain("attention (a b, c d e f g h)") == "attention"
