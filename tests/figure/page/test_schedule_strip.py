"""The strip leaves no mixer of a layer out: a cell each, in order of computation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.analysis.layers import kinds
from llm_gallery.architecture.block import Block, channel_mixers, mixers
from llm_gallery.catalog.load import find
from llm_gallery.figure.page import schedule_strip
from llm_gallery.figure.plan.plan import Plan
from llm_gallery.figure.plan.planning import plan
from llm_gallery.figure.sheets.schedules import _strip as lying
from llm_gallery.mechanisms import colour_of
from tests.sample import models


def left_out(root: Block, shown: Plan) -> list[int]:
    """Kinds of layers whose cells in strip or schedule aren't those of all their mixers."""
    places = schedule_strip.strip(shown.depth, left=0, top=0, bottom=600), lying(shown.depth, 0, 14)
    found = []
    for index, (kind, look) in enumerate(zip(kinds(root), shown.looks, strict=True)):
        held = [*mixers(kind.layer), *channel_mixers(kind.layer)]
        wanted = [colour_of(block) for block in held]
        for tracks in (schedule_strip._tracks(look, place) for place in places):
            starts = [start for _, start, _ in tracks]
            ends = [start + size for _, start, size in tracks]
            apart = all(a <= b for a, b in zip(ends, starts[1:], strict=False))
            if [cell.colour for cell, _, _ in tracks] != wanted or not apart:
                found.append(index)
    return found


@pytest.mark.parametrize("name", models())
def test_every_mixer_has_a_cell(name: str) -> None:
    root = find(name).architecture.root
    assert left_out(root, plan(root)) == []


@pytest.mark.parametrize("name", ["longcat-flash-lite-68.5b-a3b", "grok-2.5-270b"])
def test_a_mixer_without_a_cell_is_caught(name: str) -> None:
    root = find(name).architecture.root
    shown = plan(root)
    looks = tuple(
        replace(look, tokens=look.tokens[:1], works=look.works[:1]) for look in shown.looks
    )
    assert left_out(root, replace(shown, looks=looks)) != []


def test_two_rounds_of_a_layer() -> None:
    (look,) = plan(find("longcat-flash-lite-68.5b-a3b").architecture.root).looks
    assert look.tokens == ("latent", "latent")
    assert look.works == (("mlp", "dense"), ("mlp", "dense"), ("moe", "experts"))
