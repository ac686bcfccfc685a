"""Experts whose answer is added in their own layer."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere

without = everywhere(lambda block: block.lacking("shortcut"))
