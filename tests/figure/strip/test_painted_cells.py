"""The strip leaves no mixer of a layer out, and layers that differ in a mechanism or in what they keep look different."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import mixers
from llm_gallery.catalog.load import find
from llm_gallery.figure.strip import layer_bar, strip
from llm_gallery.mechanisms.bar import Bar
from tests.figure.painted_cells import WIDTHS, left_out, look_alike
from tests.sample import drawings


@pytest.mark.parametrize("name", drawings())
def test_kinds_of_layers_look_different(name: str) -> None:
    root = find(name).architecture.root
    for wide in WIDTHS:
        assert look_alike(root, wide) == []
        assert left_out(root, wide) == []


@pytest.mark.parametrize(
    "name", ["deepseek-v4-pro", "deepseek-v4.1-flash", "gemma-4-e2b", "motif-3-beta", "glm-5.2"]
)
def test_a_channel_that_is_not_painted_is_caught(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = find(name).architecture.root
    plain = Bar()
    looked = layer_bar.Look
    monkeypatch.setattr(strip, "Look", lambda colour, bar: looked(colour, plain))
    assert look_alike(root, WIDTHS[-1]) != []


@pytest.mark.parametrize("name", ["longcat-flash-lite-68.5b-a3b", "falcon-h1-7b"])
def test_a_mixer_without_a_cell_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = find(name).architecture.root
    monkeypatch.setattr(strip, "mixers", lambda layer: mixers(layer)[:1])
    assert left_out(root, WIDTHS[-1]) != []
