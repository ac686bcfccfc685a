"""What leads says most of a model: mixers, experts, what is kept; no size and no wiring that follows hides them."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.comparison import Difference, Profile, compare, profile, text, to_json
from llm_gallery.comparison.fingerprint import architecture
from tests.sample import Pairs, pairs

_PROFILES: dict[str, Profile] = {}


def held(model: str) -> Profile:
    if model not in _PROFILES:
        _PROFILES[model] = profile(find(model))
    return _PROFILES[model]


@pytest.mark.parametrize(
    ("old", "new", "point"),
    [
        ("mamba-2.8b", "jamba-v0.1-52b", "grouped-query attention without positions"),
        ("mamba-2.8b", "jamba-v0.1-52b", "16 experts (two per token)"),
        ("gemma-2-27b", "gemma-3-27b", "windows of 1,024 tokens instead of 4,096"),
        ("minimax-text-01", "minimax-m2", "256 experts of width 1,536 (eight per token) instead of 32 of width 9,216 (two)"),
        ("deepseek-v3", "llama-4-maverick", "128 experts of width 8,192 (one per token)"),
        ("deepseek-v3", "mistral-large-3-675b", "128 experts of width 4,096 (four per token) instead of 256 of width 2,048 (eight)"),
        ("deepseek-v3", "deepseek-v3.2", "an indexer that picks the keys each query sees"),
        ("rwkv-4-7b", "rwkv-7-2.9b", "RWKV-7 (40 heads, each with a corrected matrix) instead of RWKV-4"),
        ("llada-8b", "llama-3-8b", "no bidirectional attention over the whole text"),
        ("llama-3-8b", "llada-8b", "bidirectional attention over the whole text"),
        ("qwen3.5-27b", "agnes-3.0-flash-33b", "a second MLP beside the first in each layer"),
        ("agnes-3.0-flash-33b", "llama-3-8b", "one MLP in each layer instead of two side by side"),
        ("qwen3.5-35b-a3b", "intern-s2-mobius-35b", "four banks of experts that its layers take by turns"),
        ("zamba2-7b", "llama-7b", "attention in every layer instead of Mamba-2 in every layer"),
    ],
)  # fmt: skip
def test_the_point_is_named(old: str, new: str, point: str) -> None:
    assert point.removeprefix("no ") in Difference(held(old), held(new)).design


@pytest.mark.parametrize("compared", pairs())
def test_mixers_that_came_or_went_are_named_and_no_wiring_that_they_imply(
    compared: Pairs,
) -> None:
    for pair in compared:
        for first, last in (pair, pair[::-1]):
            one = Difference(held(first), held(last))
            said = one.sentences[0] if one.sentences else ""
            assert "sublayer in each layer" not in said, said
            assert "sublayers in each layer" not in said, said
            assert "side by side in each layer" not in said, said
            mixing = [c for c in one.changes if c.key.startswith("token_mixer.") and c.told > 3]
            if mixing and mixing[0] is max(one.causes, key=lambda change: change.told):
                name = mixing[0].words.split(" (")[0].split(" in ")[0].removeprefix("no ")
                assert name.removesuffix(" without positions") in said


def test_what_changes_most_is_said_before_what_changes_less() -> None:
    for old, new in (("llama-3-8b", "deepseek-v3"), ("qwen3-8b", "kimi-k3")):
        told = [change.told for change in Difference(held(old), held(new)).causes]
        assert told == sorted(told, reverse=True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("gpt-neo-2.7b", "seed-oss-36b", "scores divided by the root of the head size"),
        ("seed-oss-36b", "gpt-neo-2.7b", "scores divided by the root of 1"),
        ("minimax-text-01", "minimax-m2", "stream times 3.557 → 1"),
        ("minimax-m2", "minimax-m3-428b", "1 added to up"),
        ("minimax-m3-428b", "minimax-m2", "nothing added to up"),
        ("k-exaone-236b-a23b", "k-exaone-2.0-750b-a37b", "windows of 4,096 tokens beside 128"),
        ("falcon-h1-7b", "nemotron-h-56b", "no scales on the projections"),
        ("command-a-111b", "command-a-plus-218b-a25b", "output scores times 0.25 → 1"),
    ],
)
def test_settings_read_as_what_they_are(old: str, new: str, said: str) -> None:
    words = [change.words for change in Difference(held(old), held(new)).changes]
    assert said in words


@pytest.mark.parametrize("compared", pairs())
def test_no_words_say_that_something_was_dropped_or_miss_their_number(
    compared: Pairs,
) -> None:
    for pair in compared:
        for first, last in (pair, pair[::-1]):
            for change in Difference(held(first), held(last)).changes:
                assert not change.words.endswith((" dropped", " of", " times", " at", " by"))
                assert " and 0" not in change.words


@pytest.mark.parametrize("assumed", ["beam-1.0", "jamba-v0.1-52b", "falcon-40b"])
def test_a_context_by_default_of_the_class_is_not_compared(assumed: str) -> None:
    for old, new in (("glm-5", assumed), (assumed, "glm-5")):
        compared = compare([find(old), find(new)])
        (difference,) = compared.differences
        assert "context" not in {change.key for change in difference.changes}
        assert "ontext" not in " ".join(difference.sentences)
        assert "by default" in text(compared)
        rows = {row["name"]: row for row in to_json(compared)["table"][0]["rows"]}
        assert any("by default" in words for words in rows["context"]["words"])
    assert architecture(held(assumed)) != architecture(held("glm-5"))
