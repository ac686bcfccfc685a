"""A reader's own marks over a finished figure: a spotlight, notes beside it with arrows, and a title."""

from llm_gallery.figure.marks.given import Marks
from llm_gallery.figure.marks.marked import marked

__all__ = ["Marks", "marked"]
