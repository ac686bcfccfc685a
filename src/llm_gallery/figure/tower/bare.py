"""A tower alone, without header, call-outs and what is new in it: a page sets it beside others under its own words."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.tower.body import body
from llm_gallery.figure.tower.formats import CARD
from llm_gallery.figure.tower.rows import Tower
from llm_gallery.figure.tower.spoken import spoken

WIDE, HIGH, MARGIN = 320.0, 480.0, 4.0
"""Px of every such tower, whatever the model, and of the room around it."""


FORMAT = replace(CARD, most=88.0)
"""That of a card, with higher blocks: all the height is the tower's."""


def bare(tower: Tower) -> Picture:
    """The tower from edge to edge."""
    sheet = Sheet()
    body(sheet, FORMAT, tower, MARGIN, MARGIN, WIDE - 2 * MARGIN, HIGH - 2 * MARGIN)
    return sheet.picture(WIDE, HIGH)


def bare_drawing(tower: Tower, name: str) -> Drawing:
    """The same as a drawing; `name` is what its ids begin with."""
    shown = quiet(tower)
    return Drawing(bare(shown), f"Tower of {tower.name}", spoken(shown), name=name)


def quiet(tower: Tower) -> Tower:
    """The rows without what is set against an ancestor: beside another model that is another question."""
    storeys = tuple(
        replace(
            storey,
            branches=tuple(
                replace(
                    branch,
                    blocks=tuple(replace(block, new="", whole=False) for block in branch.blocks),
                )
                for branch in storey.branches
            ),
        )
        for storey in tower.storeys
    )
    return replace(tower, storeys=storeys, stream_tag="", loop_tag="", calls=(), ancestor="")
