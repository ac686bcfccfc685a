"""Only experts that the router chooses."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.moe import unshared

without = everywhere(unshared)
