"""A token's way through a model in a few panels: token, layers, one layer, what leads, what stays, the next token."""

from __future__ import annotations

from llm_gallery.figure.steps.walk import Steps, steps

__all__ = ["Steps", "steps"]
