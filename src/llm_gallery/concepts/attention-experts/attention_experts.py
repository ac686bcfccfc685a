"""Queries of the same heads for every token."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.attention_without import same_heads

without = everywhere(same_heads)
