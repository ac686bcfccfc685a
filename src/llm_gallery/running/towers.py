"""Sizes of towers that must be a language model's, in a small config."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OUTPUT, WIDTH = "out_hidden_size", "hidden_size"


def joined(config: Mapping[str, Any], small: dict[str, Any]) -> dict[str, Any]:
    """The small config, whose tower gives vectors as wide as its language model's where it did so before."""
    tower, text = config.get("vision_config"), config.get("text_config")
    if not isinstance(tower, Mapping) or not isinstance(text, Mapping):
        return small
    if OUTPUT in tower and tower[OUTPUT] == text.get(WIDTH):
        small["vision_config"][OUTPUT] = small["text_config"][WIDTH]
    return small
