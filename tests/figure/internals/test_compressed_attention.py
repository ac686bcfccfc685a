"""Compressed attention in one drawing: entries of several ratios, a window alone, and what chooses of entries."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.shapes import Box, Text, flat
from llm_gallery.plan.planning import plan
from tests.figure.gates import words
from tests.figure.internals.seen import Seen, seen


def drawn(model: str, wide: float = 760) -> Seen:
    """The inside of a model's compressed attention."""
    (use,) = (
        use for use in plan(find(model).architecture.root).uses if "compress" in use.variants[0].block.kind
    )  # fmt: skip
    held = sorted(use.variants, key=lambda variant: variant.layers)
    return seen(*((one.block, one.count) for one in held), width=wide)


@pytest.mark.parametrize("wide", [430.0, 760.0])
@pytest.mark.parametrize("model", ["deepseek-v4-pro", "deepseek-v4-flash", "deepseek-v4.1-flash"])
def test_what_the_indexer_chose_goes_into_the_softmax(model: str, wide: float) -> None:
    shown = drawn(model, wide)
    softmax = shown.box("softmax( q kT / √512 ) k")
    assert shown.feeds(chooser(shown), softmax)
    assert shown.feeds(shown.box("sinks 64" if "flash" in model else "sinks 128"), softmax)


def test_both_ratios_are_wired() -> None:
    """V4-Pro's attentions of 128 : 1 and of 4 : 1, whose entries overlap: they are made of eight tokens.

    Each has a lane from its matrices to the softmax, and the indexer stands on the one that it chooses of.
    """
    for wide in (430.0, 760.0):
        shown = drawn("deepseek-v4-pro", wide)
        assert {"in 31", "in 30"} <= {*shown.words}
        assert "one for 128 tokens in 31 layers" in shown.words
        assert "one for 4 tokens in 30 layers" in shown.words
        softmax = shown.box("softmax( q kT / √512 ) k")
        pooled = (box for box in shown.boxes if box.fill == "convolution.tint")
        whole, half = sorted(sorted(pooled, key=lambda box: box.y)[:2], key=lambda box: box.x)
        assert whole.x < half.x == pytest.approx(chooser(shown).x, abs=40)
        assert shown.feeds(chooser(shown), softmax)


def chooser(shown: Seen) -> Box:
    """The indexer, with what it chooses where there is room."""
    return shown.box(next(text for text in shown.words if text.startswith("indexer")))


def test_an_entry_a_token_is_no_mean() -> None:
    """Of V4.1's four layers that make entries, one makes one for each token, without gates."""
    shown = drawn("deepseek-v4.1-flash")
    assert shown.box("2 tokens → 1")
    assert {"c, gates → 2 × 512", "c → 512"} <= {*shown.words}
    narrow = drawn("deepseek-v4.1-flash", 430)
    assert narrow.box("2 → 1").dashed  # of one lane, which not all go through
    assert "one for 2 tokens in 18 layers" in shown.words
    assert "one a token in 20 layers" in shown.words
    assert "c: what entries are made of, in 4 of 40 layers" in shown.words


@pytest.mark.parametrize("model", ["deepseek-v4-pro", "glm-5.2", "qwen3.8-flash-next-125b-a6b"])
def test_an_indexer_leads_somewhere(model: str) -> None:
    known = find(model)
    picture = draw(known.architecture, known.heading).picture
    assert "to attention's softmax" in [words(s) for s in flat(picture) if isinstance(s, Text)]
