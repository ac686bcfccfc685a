"""Attention whose matrices only multiply."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.attended import unbiased

without = everywhere(unbiased)
