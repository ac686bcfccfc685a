"""From a config's keys to its tree: one file per family, named as its `model_type`, and no other registry."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.families._registry import keys, module_name, names
from llm_gallery.families._saved import Saved

__all__ = ["Saved", "names", "saved", "saved_names"]


def saved_names(model_type: str) -> Mapping[str, str]:
    """Patterns in the names that transformers' `save_pretrained` writes, each with what the release has there."""
    return saved(model_type).names


def saved(model_type: str) -> Saved:
    """What transformers' `save_pretrained` writes otherwise than the release of a family."""
    name = module_name(model_type)
    found: Saved = keys(name).saved if name in names() else Saved()
    return found
