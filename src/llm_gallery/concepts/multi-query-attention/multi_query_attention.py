"""Every query head with a key and a value of its own."""

from __future__ import annotations

from llm_gallery.concepts._undo import everywhere
from llm_gallery.mechanisms.attention_without import own_heads

without = everywhere(own_heads("MQA"))
