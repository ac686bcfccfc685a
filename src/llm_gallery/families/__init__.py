"""From a config's keys to its tree: one file per family, named as its `model_type`, and no other registry."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.families._registry import keys, module_name, names

__all__ = ["names", "saved_names"]


def saved_names(model_type: str) -> Mapping[str, str]:
    """Patterns in the names that transformers' `save_pretrained` writes, each with what the release has there."""
    name = module_name(model_type)
    patterns: Mapping[str, str] = keys(name).saved if name in names() else {}
    return patterns
