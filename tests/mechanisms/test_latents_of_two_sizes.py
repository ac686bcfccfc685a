"""Latent attention whose layers differ in size, as dots3-note's: the words name both, and a root is written as a root."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import Block, layers, mixer
from llm_gallery.catalog.load import find
from llm_gallery.mechanisms.latent_attention import tells
from llm_gallery.mechanisms.scalars import scalars
from llm_gallery.mechanisms.written import times_root


def held(model: str) -> list[tuple[Block, int]]:
    """A model's mixers, each with how many layers have it."""
    count: dict[int, tuple[Block, int]] = {}
    for layer in layers(find(model).architecture.root):
        block = mixer(layer)
        assert block
        count[id(block)] = block, count.get(id(block), (block, 0))[1] + 1
    return [*count.values()]


def first(model: str) -> str:
    """The first sentence of a model's latent attention."""
    return next(tells(held(model)))[1]


def test_each_size_is_told_with_its_layers() -> None:
    assert first("dots3-note-preview-280b-a16b") == (
        "Caches one vector of *512 + 64 numbers* per token for all 128 heads in 13 of 46 layers, "
        "one vector of *1,024 + 64 numbers* per token for all 64 heads in 33 of 46 layers."
    )


def test_one_size_is_told_with_what_it_saves() -> None:
    assert first("deepseek-v3").endswith("would take *71 times* as much.")


@pytest.mark.parametrize(
    ("scale", "written"),
    [(5**0.5, "× √5"), (12**0.5, "× √12"), (2.0, "× 2"), (2.236, "× 2.236"), (1.0, "")],
)
def test_a_root_is_written_as_one(scale: float, written: str) -> None:
    assert times_root(scale) == written


def test_scaled_latents_are_roots() -> None:
    local = held("dots3-note-preview-280b-a16b")[-1][0]
    assert {"× √5"} == {s.written for s in scalars(local) if "latent_scale" in s.facts[0]}
