"""How a family's config is made small: rules of its file, and of those that it builds on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from llm_gallery.families._reader import hints, is_config
from llm_gallery.families._registry import keys, rules
from llm_gallery.families._values import options
from llm_gallery.recognition.lone_names import text_class
from llm_gallery.recognition.nearest import LANGUAGE_MODELS
from llm_gallery.recognition.recognized import AroundText, LoneText, recognized


class Shrinking(NamedTuple):
    """The rules beside the sizes of its mechanisms, in the order in which they are applied."""

    at: str = ""  # the path of the object that the family reads; empty where that is the whole
    shrink: tuple[Callable[[Mapping[str, Any], dict[str, Any], int], None], ...] = ()
    """Change the small config by the large one and the small depth, before heads and widths are fitted."""
    fit: tuple[Callable[[Mapping[str, Any], dict[str, Any]], None], ...] = ()
    """Change it after that."""


def shrinking(raw: Mapping[str, Any]) -> Shrinking:
    """The rules of the family that describes a config. Raises Refusal as `describe` does."""
    file = recognized(raw)
    lone = isinstance(file, LoneText)
    file = file.whole if isinstance(file, LoneText) else file
    if isinstance(file, AroundText):
        own, at = text_class(file.found.text), "" if lone else file.found.at
    else:
        own, at = keys(file.family), ""
    for key, hint in hints(own).items() if not at else ():
        texts = (option for option in options(hint) if key in LANGUAGE_MODELS and is_config(option))
        for text in texts:  # the family reads the whole, and its language model stands in it
            own, at = text, "" if lone else key
    return Shrinking(at, rules(own, "shrink"), rules(own, "fit"))
