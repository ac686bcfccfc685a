"""Figures: measured with the shipped fonts, placed by structure, written as SVG."""

from __future__ import annotations

from llm_gallery.figure.draw import Detail, draw
from llm_gallery.figure.kit.theme import ThemeName
from llm_gallery.figure.marks import Marks
from llm_gallery.figure.sheets.discs import Relative
from llm_gallery.figure.sheets.family_tree import Descent, family_tree
from llm_gallery.figure.sheets.legend import legend
from llm_gallery.figure.sheets.poster import poster
from llm_gallery.figure.sheets.scale import scale
from llm_gallery.figure.sheets.schedules import schedules
from llm_gallery.figure.themed_figure import Figure, Words
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.naming import Naming

__all__ = [
    "Descent",
    "Detail",
    "Figure",
    "Heading",
    "Marks",
    "Naming",
    "Relative",
    "ThemeName",
    "Words",
    "draw",
    "family_tree",
    "legend",
    "poster",
    "scale",
    "schedules",
]
