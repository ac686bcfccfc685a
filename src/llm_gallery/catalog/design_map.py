"""The map of the catalog's designs as a figure: what lineage placed, in the plain data that the drawing takes."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.catalog.family_tree import commonest
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.sheets.design_map import Dot, sheet
from llm_gallery.lineage.design_map import CLOSE, DesignMap, Placed, design_map
from llm_gallery.lineage.designs import Design

TITLE = "Map of designs"


def drawn(designs: Sequence[Design]) -> Drawing:
    """The map on a sheet."""
    plane = design_map(designs)
    sentence = f"Each point is a design: what is near differs in little. {method(plane)}"
    return sheet(dots(plane), title=TITLE, sentence=sentence)


def method(design_map: DesignMap) -> str:
    """How it was made, and how much of the distances it keeps."""
    return (
        f"Distance is the weight of all changes between two designs; the plane keeps the distances of "
        f"{len(design_map.places)} designs as well as two dimensions allow (classical scaling, then SMACOF). "
        f"Stress {design_map.stress:.2f}, where 0 would keep all; of the {CLOSE} nearest of a design, "
        f"{design_map.kept:.0%} are among its {CLOSE} nearest here. The axes mean nothing by themselves."
    )


def dots(design_map: DesignMap) -> list[Dot]:
    """A dot a design, oldest first."""
    newest = design_map.places[-1].design.quarter if design_map.places else ""
    return [_dot(place, newest) for place in design_map.places]


def _dot(placed: Placed, newest: str) -> Dot:
    first, newest_quarter = placed.design.first, placed.design.quarter == newest
    more = len(placed.design.models) - 1
    also = f" and {more} more of its design" if more else ""
    words = (
        f"{first.name}{also}, {placed.design.organization}, {placed.design.released.isoformat()}: "
        f"nearest is {placed.nearest.first.name}, at {placed.distance:.1f}"
    )
    return Dot(
        id=first.id,
        name=first.name,
        words=words,
        x=placed.x,
        y=placed.y,
        colour=commonest(first.architecture.root),
        sparse=first.profile.sparse,
        newest=newest_quarter,
        weight=placed.followers + more + (NEWEST if newest_quarter else 0),
    )


NEWEST = 3
"""What being new is worth when names are chosen: as much as three that follow."""
