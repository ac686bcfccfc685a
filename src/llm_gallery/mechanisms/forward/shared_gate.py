"""What scales the shared expert: one score a token, of which the mixture takes the sigmoid."""

from __future__ import annotations

from llm_gallery.mechanisms.forward.linear import forward as forward
