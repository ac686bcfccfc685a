"""Sizes of a language model inside an object that the family of the whole doesn't look into."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Json
from llm_gallery.families._reader import Reading
from llm_gallery.recognition.nearest import LANGUAGE_MODELS


def refuse_misplaced_sizes(family: str, raw: Json, left: Reading) -> None:
    """Refuses a config whose sizes stand in an object that its family doesn't read: defaults would be counted.

    Such is a multimodal one that has its language model's model_type at the top.
    """
    for at in LANGUAGE_MODELS:
        inner = raw.get(at)
        if at not in left.unread or not isinstance(inner, Mapping):
            continue
        for key, value in inner.items():
            if key in left.assumed and left.assumed[key] != value:
                raise Refusal(
                    f"{key} is missing at the top, where {family} reads it, and {quoted(value)} in {at}; "
                    f"expected the wrapper's model_type, or the {at} alone: correct it"
                )
