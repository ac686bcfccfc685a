"""Figures: measured with the shipped font, placed by structure, written as SVG."""

from __future__ import annotations

from llm_gallery.figure import internals
from llm_gallery.figure.draw import Detail, draw
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.theme import ThemeName
from llm_gallery.figure.sheets.discs import Relative
from llm_gallery.figure.sheets.family_tree import Descent, family_tree
from llm_gallery.figure.sheets.legend import legend
from llm_gallery.figure.sheets.poster import poster
from llm_gallery.figure.sheets.scale import scale
from llm_gallery.figure.sheets.schedules import schedules
from llm_gallery.figure.themed_figure import Figure
from llm_gallery.mechanisms import DRAWN
from llm_gallery.mechanisms.lane_drawing import by_code

_asked = {kind for kind, home in DRAWN.items() if by_code(home.drawing)}
if lacking := _asked ^ internals.DRAWN_BY_CODE.keys():
    raise LookupError(
        f"{', '.join(sorted(lacking))}: drawn by code in figure/internals or said to be in mechanisms/ alone, "
        "expected both"
    )

__all__ = [
    "Descent",
    "Detail",
    "Figure",
    "Heading",
    "Relative",
    "ThemeName",
    "draw",
    "family_tree",
    "legend",
    "poster",
    "scale",
    "schedules",
]
