"""The router of a mixture of experts: one score an expert."""

from __future__ import annotations

from llm_gallery.mechanisms.forward.linear import forward as forward
