"""Figures: measured with the shipped font, placed by structure, written as SVG."""

from __future__ import annotations

from llm_gallery.figure.discs import Relative
from llm_gallery.figure.draw import Detail, draw, picture
from llm_gallery.figure.family_tree import Descent, family_tree
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.theme import ThemeName
from llm_gallery.figure.legend import legend
from llm_gallery.figure.poster import poster
from llm_gallery.figure.scale import scale
from llm_gallery.figure.schedules import schedules
from llm_gallery.figure.shown import Figure

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
    "picture",
    "poster",
    "scale",
    "schedules",
]
