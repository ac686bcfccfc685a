"""What a model keeps beside what its ancestor does: of as many tokens, and only where that is more."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.memory import cache
from llm_gallery.architecture.block import Block
from llm_gallery.catalog.load import find
from llm_gallery.figure.lead.kept import Saving, beside


def root(model: str) -> Block:
    return find(model).architecture.root


def found(model: str, ancestor: str) -> Saving | None:
    return beside(root(model), cache(root(ancestor)), "the ancestor")


@pytest.mark.parametrize(
    ("model", "ancestor", "built", "whole"),
    [
        ("llama-3-8b", "llama-2-70b", 32 * 2 * 8 * 128 * 2, 80 * 2 * 8 * 128 * 2),
        ("falcon-7b", "gpt2-xl", 32 * 2 * 64 * 2, 48 * 2 * 25 * 64 * 2),
    ],
)
def test_where_every_token_costs_the_same(
    model: str, ancestor: str, built: int, whole: int
) -> None:
    saving = found(model, ancestor)
    assert saving is not None
    assert (saving.built, saving.whole) == (built, whole)
    assert saving.caption == "Kept for a token"
    assert (saving.words, saving.of) == ("the ancestor", "of what that keeps")
    assert saving.share == f"1 / {whole / built:.3g}"


@pytest.mark.parametrize(
    ("model", "ancestor"),
    [("qwen3-next-80b-a3b", "qwen3-coder-30b-a3b"), ("mistral-7b-v0.1", "llama-2-7b")],
)
def test_a_state_or_a_window_is_measured_at_the_end_of_the_context(
    model: str, ancestor: str
) -> None:
    """Both of as many tokens as the model reads, whatever the ancestor's context is."""
    length = root(model).number("context")
    saving = found(model, ancestor)
    assert saving is not None
    assert saving.caption == f"Kept for {length:,} tokens"
    assert saving.built == cache(root(model)).at(length)
    assert saving.whole == cache(root(ancestor)).at(length)


def test_an_ancestor_with_a_window_is_measured_so_too() -> None:
    """A token of it costs less the longer the text is: bytes of one token would say too much."""
    saving = found("falcon-7b", "gpt-oss-20b")
    assert saving is not None
    assert saving.caption == "Kept for 2,048 tokens"
    assert saving.built == 2048 * 32 * 2 * 64 * 2
    full, windowed = 2048 * 12, 128 * 12  # tokens that layers keep
    assert saving.whole == (full + windowed) * 2 * 8 * 64 * 2


@pytest.mark.parametrize(
    ("model", "ancestor"),
    [
        ("llama-2-70b", "llama-3-8b"),  # more than the ancestor
        ("qwen3-235b-a22b", "qwen3-235b-a22b"),  # as much
        ("deepseek-v3", "deepseek-v2"),  # hardly less: 68.6 and 67.5 KiB
    ],
)
def test_nothing_is_said_where_nothing_is_saved(model: str, ancestor: str) -> None:
    assert found(model, ancestor) is None
