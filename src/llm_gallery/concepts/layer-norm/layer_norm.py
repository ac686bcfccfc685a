"""Norms that leave the mean where it is."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.norms import without_mean

without = everywhere(without_mean)
