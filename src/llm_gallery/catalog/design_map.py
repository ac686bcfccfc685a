"""The map of the catalog's designs as a figure: what lineage placed, in the plain data that the drawing takes."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.catalog.family_tree import commonest
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.sheets.design_map import Dot, sheet
from llm_gallery.lineage.design_map import CLOSE, DesignMap, Placed, design_map
from llm_gallery.lineage.designs import Design
from llm_gallery.lineage.sizes import is_sparse

TITLE = "Map of designs"


def drawn(designs: Sequence[Design]) -> Drawing:
    """The map on a sheet."""
    plane = design_map(designs)
    sentence = "Each point is a design, in the colour of what mixes its tokens: what is near differs in little."
    return sheet(
        dots(plane), title=TITLE, finding=finding(plane), sentence=sentence, method=method(plane)
    )


def finding(design_map: DesignMap) -> str:
    """How many have a nearest design that mixes tokens as they do."""
    pairs = [
        [commonest(design.first.architecture.root) for design in (one.design, one.nearest)]
        for one in design_map.places
    ]
    share = sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0
    return f"{share:.0%} have a nearest design that mixes tokens alike" if share > 0.5 else ""


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
        sparse=is_sparse(first.profile),
        newest=newest_quarter,
        weight=placed.followers + more + (NEWEST if newest_quarter else 0),
    )


NEWEST = 3
"""What being new is worth when names are chosen: as much as three that follow."""
