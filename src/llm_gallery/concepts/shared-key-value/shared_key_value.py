"""A key and a value in place of one vector."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.compressed_attention import two_vectors

without = everywhere(two_vectors)
