"""Every token kept in full, and attended to."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.compressed_attention import uncompressed

without = everywhere(uncompressed)
