"""A token's way through a model in a few panels: token, layers, one layer, leading mechanism, cache, next token."""

from __future__ import annotations

from llm_gallery.figure.steps.walk import Steps, steps

__all__ = ["Steps", "steps"]
