"""What layers share are lines from where it is made to every layer that takes it, and to no other."""

from __future__ import annotations

import re

import pytest

from llm_gallery.architecture.block import layers as layers_of
from llm_gallery.architecture.block import mixer
from llm_gallery.catalog.load import find
from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.strip import shared_tracks
from llm_gallery.plan.outer_blocks import ENTRIES, passed
from tests.figure.strip.band import band
from tests.sample import catalog

SHARING = {
    "deepseek-v4.1-flash": [ENTRIES, "choice of 512"],
    "hy4-preview-770b-a49b": ["choice of 2,048"],
    "hunyuan-large-389b": ["keys, values"],
    "glm-5.2": ["choice of 2,048"],
    "glm-5.3": ["choice of 2,048"],
    "mistral-large-4": ["latents"],
    "gemma-4-e2b": ["local keys, values", "global keys, values"],
    "gemma-4-e4b": ["local keys, values", "global keys, values"],
    "gemma-3n-e2b": ["local keys, values", "global keys, values"],
    "phi-4-mini-flash": ["memory", "keys, values"],
    "gemma-3n-e4b": ["local keys, values", "global keys, values"],
    "zamba2-2.7b": ["shared weights", "shared weights"],
    "zamba2-7b": ["shared weights", "shared weights"],
}


def test_the_tracks_of_each_model() -> None:
    found = {
        name: [track.name for track in shared_tracks.tracks(find(name).architecture)]
        for name in catalog()
    }
    assert {name: tracks for name, tracks in found.items() if tracks} == SHARING


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("name", SHARING)
def test_ends_are_those_of_the_flows(name: str, large: bool) -> None:
    """Each comb has its ticks over the layers that take the thing, and its sign over the one that makes it."""
    architecture = find(name).architecture
    place, shapes, _ = band(architecture, 1200, large=large)
    combs = [m for m in shapes if isinstance(m, Mark) and m.about and "taken by" in m.about.title]
    found = set()
    for comb in combs:
        assert comb.about is not None
        ticks, x = [], comb.x
        for step in re.findall(r"h(-?[\d.]+)v[\d.]+", comb.path):
            x += float(step)
            ticks.append(round((x - place.middle(0)) / place.pitch, 1))
        stem = next(
            m
            for m in shapes
            if isinstance(m, Mark)
            and re.fullmatch(r"v[\d.]+", m.path)
            and m.x < comb.x < m.x + place.pitch
            and abs(m.y - comb.y) < 10
        )
        source = round((stem.x - place.middle(0)) / place.pitch, 1)
        found.add((comb.about.title.split(" of layer")[0], source, tuple(ticks)))
    assert found == {(link.flow, link.source, link.targets) for link in passed(architecture)}


def test_entries_are_those_of_the_last_layer_that_made_some() -> None:
    """DeepSeek V4.1-Flash: layers 3, 9, 15 and 21 make entries, 34 others read them."""
    architecture = find("deepseek-v4.1-flash").architecture
    entries = [link for link in passed(architecture) if link.flow == ENTRIES]
    assert [link.source + 1 for link in entries] == [3, 9, 15, 21]
    taking = sorted(layer for link in entries for layer in link.targets)
    borrowing = [
        index
        for index, layer in enumerate(layers_of(architecture.root))
        if (block := mixer(layer)) is not None and block.value("shared_stream")
    ]
    assert taking == borrowing
    assert len(taking) == 34
