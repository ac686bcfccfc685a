"""Which models' miniatures were compared with the reference, and how near they came; written by tools/generate_running.py."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("compared.json")


class Compared(NamedTuple):
    """What was measured: the largest difference of a score, as a part of the largest score, in float64."""

    transformers: str  # the version
    families: Mapping[str, Mapping[str, float]]  # model_type -> catalog id -> error


@cache
def compared_models() -> Compared:
    """The committed measurements."""
    held = json.loads(FILE.read_text("utf-8"))
    return Compared(held["transformers"], held["families"])
