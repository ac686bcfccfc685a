"""A matrix for the values."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.attention_without import value_matrix

without = everywhere(value_matrix)
