"""What was compared with the reference: types of models, and models' miniatures with how near they came.

Written by tools/generate_running.py; nothing that runs asks it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from llm_gallery.architecture.block import Architecture

FILE = Path(__file__).with_name("compared.json")
REFERENCE, OTHER_TYPE, TWICE = "itself", "another type", "a second writing"
"""How a type was compared: with its own class, with another that computes the same, with a naive writing of its code."""
SAID: Mapping[str, str] = {
    REFERENCE: "the reference",
    OTHER_TYPE: "the reference",
    TWICE: "a second writing of the published code",
}


class Compared(NamedTuple):
    """What was measured: the largest difference of a score, as a part of the largest score, in float64."""

    transformers: str  # the version
    families: Mapping[str, Mapping[str, float]]  # model_type -> catalog id -> error
    types: Mapping[
        str, str
    ]  # model_type -> how random configs of it, or its miniatures, were compared


@cache
def compared_models() -> Compared:
    """The committed measurements."""
    held = json.loads(FILE.read_text("utf-8"))
    types = {kind: way for way, kinds in held["types"].items() for kind in kinds}
    return Compared(held["transformers"], held["families"], types)


def way_of(architecture: Architecture) -> str:
    """How runs of its type were compared; empty where none were."""
    return compared_models().types.get(architecture.model_type, "")


def compared_with(architecture: Architecture) -> str:
    """What runs of its type were compared with, in words; empty where with nothing.

    Of a wrapper that nothing was compared of it is what its language model's own type was compared with.
    """
    if way := way_of(architecture):
        return SAID[way]
    inner = str(architecture.root.settings.get("wrapped", ""))
    way = compared_models().types.get(inner, "")
    return f"{SAID[way]} as {inner}, its language model's type" if way else ""
