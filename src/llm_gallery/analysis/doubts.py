"""What may be otherwise than a config makes it look: its warnings, and the keys that no family understood."""

from __future__ import annotations

from llm_gallery.architecture.block import Architecture
from llm_gallery.mechanisms.wording import capital


def doubts(architecture: Architecture) -> list[str]:
    """What may be otherwise than it is shown."""
    doubts = [capital(warning) for warning in architecture.warnings if warning]
    if architecture.unread:
        doubts.append(f"Not understood in the config: {some_of(architecture.unread)}.")
    return doubts


def some_of(keys: tuple[str, ...]) -> str:
    keys = tuple(dict.fromkeys(keys))
    shown = ", ".join(keys[:4])
    return shown if len(keys) <= 4 else f"{shown} and {len(keys) - 4} more"
