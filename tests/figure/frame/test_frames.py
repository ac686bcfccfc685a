"""One layer stands for all that are wired alike: which blocks are told apart in it, and in how many layers each is."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from llm_gallery.architecture.block import Block, channel_mixers, layers, mixers
from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.shapes import Text, flat
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import bar_of
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.place import Place
from tests.figure.gates import words
from tests.sample import drawings, sampled

Counted = Counter[tuple[str, str, bool]]


def mixing(root: Block) -> list[Place]:
    """The places of all frames in which something mixes."""
    branches = (branch for one in layers_of(root) for branch in one.branches)
    return [place for branch in branches for place in branch.places if place.block.mixes]


def drawn(root: Block) -> Counted:
    """Layers that have a block of a kind, a colour and a reach, as the frames have them."""
    found = Counted()
    for place in mixing(root):
        for choice in place.choices:
            found[choice.block.kind, choice.colour, choice.bar.whole] += choice.layers
    return found


def held(root: Block) -> Counted:
    """The same, counted layer by layer in the tree."""
    return Counted(
        (block.kind, colour_of(block), bar_of(block).whole)
        for layer in layers(root)
        for block in (*mixers(layer), *channel_mixers(layer))
    )


def texts(name: str, detail: Detail) -> list[str]:
    model = find(name)
    shapes = flat(draw(model.architecture, model.heading, detail=detail).picture)
    return [words(shape) for shape in shapes if isinstance(shape, Text)]


@pytest.mark.parametrize("name", drawings())
def test_every_layer_is_counted_once(name: str) -> None:
    root = find(name).architecture.root
    assert drawn(root) == held(root)
    assert sum(one.layers for one in layers_of(root)) == len(layers(root))


@pytest.mark.parametrize("detail", ["phone", "column", "standard"])
@pytest.mark.parametrize("name", sampled())
def test_the_counts_are_said(name: str, detail: Detail) -> None:
    """The depth, and of blocks that layers have by turns, in how many layers each is."""
    root = find(name).architecture.root
    said = " ".join(texts(name, detail))
    depth = len(layers(root))
    assert re.search(rf"\b{depth:,} (causal |bidirectional )?layer", said)
    numbers = set(said.replace("(", " ").replace(")", " ").split())
    for place in mixing(root):
        if len(place.choices) > 1:
            assert {f"{choice.layers:,}" for choice in place.choices} <= numbers


@pytest.mark.parametrize("name", ["gemma-4-e2b", "deepseek-v4.1-flash", "glm-5.2"])
def test_what_layers_borrow_is_said(name: str) -> None:
    said = " ".join(texts(name, "standard")).lower()
    assert any(words in said for words in ("shared", "taken over", "earlier layer"))
