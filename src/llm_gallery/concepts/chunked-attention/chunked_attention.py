"""Attention to all earlier tokens."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.attended import unbounded

without = everywhere(unbounded("chunk"))
