"""Attention that reads every token."""

from __future__ import annotations

from llm_gallery.concepts._undo import where_shown
from llm_gallery.mechanisms.attended import all_tokens

without = where_shown("block-sparse-attention", all_tokens)
