"""Values as wide as keys."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.attention_without import equal_values

without = everywhere(equal_values)
