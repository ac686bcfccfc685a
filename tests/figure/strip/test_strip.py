"""The strip leaves no mixer of a layer out, whether its bars have shapes or tints."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.layers import kinds
from llm_gallery.architecture.block import Block, channel_mixers, mixers
from llm_gallery.catalog.load import find
from llm_gallery.figure.kit.theme import THEMES
from llm_gallery.figure.strip.layer_bar import Look
from llm_gallery.figure.strip.strip import looks as tracks_of
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import bar_of
from tests.sample import drawings


def looks(root: Block) -> list[tuple[Look, ...]]:
    """Of each kind of layer, those of its mixers."""
    return [tuple(track.look for track in kind) for kind in tracks_of(root, 40, 12)]


@pytest.mark.parametrize("name", drawings())
def test_every_mixer_has_a_cell(name: str) -> None:
    root = find(name).architecture.root
    for kind, found in zip(kinds(root), tracks_of(root, 40, 12), strict=True):
        held = [*mixers(kind.layer), *channel_mixers(kind.layer)]
        painted = [(track.look.colour, track.look.bar._replace(unplaced=False)) for track in found]
        assert painted == [(colour_of(block), bar_of(block)) for block in held]
        ends = [track.top + track.height for track in found]
        assert all(end <= after.top for end, after in zip(ends, found[1:], strict=False))


def test_tints_are_shares_of_the_solid_on_paper() -> None:
    for theme in THEMES.values():
        solid, paper = theme.colour("latent.solid"), theme.colour("paper")
        mixed = zip(*(bytes.fromhex(one[1:]) for one in (solid, paper)), strict=True)
        expected = "#" + "".join(f"{round(0.3 * a + 0.7 * b):02X}" for a, b in mixed)
        assert theme.colour("latent.30") == expected
