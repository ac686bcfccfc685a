"""From a config to its family, whatever file it is and whatever its keys are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._reader import Reading, read
from llm_gallery.families._registry import keys
from llm_gallery.recognition.always_ignored import always_ignored
from llm_gallery.recognition.guess import guess
from llm_gallery.recognition.nearest import UnknownType, language_model
from llm_gallery.recognition.other_files import adapted
from llm_gallery.recognition.recognized import recognized
from llm_gallery.recognition.shrinking import shrinking

__all__ = [
    "adapted",
    "always_ignored",
    "catalog_config",
    "describe",
    "guess",
    "known",
    "left_open",
    "shrinking",
    "unknown_type",
]


def describe(raw: Mapping[str, Any]) -> Architecture:
    """The architecture that a config states.

    Raises Refusal where the model_type is unknown or the config contradicts itself.
    """
    return recognized(raw).architecture()


def left_open(raw: Mapping[str, Any]) -> Reading:
    """What reading a config leaves open: what is filled in where it says nothing, and what it says twice.

    Keys are paths, as "text_config.head_dim". Raises Refusal as `describe` does.
    """
    return recognized(raw).left_open()


def known(raw: Mapping[str, Any]) -> bool:
    """Whether a family describes configs of this type; one without a type is known to none."""
    try:
        return recognized(raw).described()
    except Refusal:
        return False


def unknown_type(raw: Mapping[str, Any]) -> UnknownType | None:
    """The type of a config that is refused because no family has it; None of every other config."""
    try:
        describe(raw)
    except UnknownType as unknown:
        return unknown
    except Refusal:
        return None
    return None


def catalog_config(raw: Mapping[str, Any], stand_in: str = "") -> Mapping[str, Any]:
    """The config without the keys that say nothing about the architecture: what a catalog keeps.

    Describing it gives what describing the whole config gives. For a guess, `stand_in` names the family
    that reads the keys. Raises Refusal as `describe` does.
    """
    if not stand_in:
        return recognized(raw).catalog_config()
    config, inner = language_model(raw)
    held = read(keys(stand_in), config)[1].kept
    return {inner: held} if inner else held
