"""Arguments of the commands, and the error for one that none of them takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

Dtype = Literal["fp32", "bf16", "fp16", "fp8", "int8", "int4"]
Theme = Literal["light", "dark", "print"]
Detail = Literal[
    "card", "paper", "slide", "phone", "column", "standard", "full", "overview", "title"
]
Words = Literal["outlines", "live"]
DifferenceDetail = Literal["phone", "column", "standard"]
Sheet = Literal["poster", "scale", "schedules", "tree", "map", "legend"]
Output = Annotated[Path, Parameter(alias="-o")]
Named = Annotated[
    str,
    Parameter(
        help="A model of the catalog by id, name or repository, a config.json or its folder, a Hub id, or - for "
        "a config from standard input."
    ),
]
STANDARD_INPUT, STANDARD_OUTPUT = "/dev/stdin", Path("/dev/stdout")
"""What a dash stands for."""
Guess = Annotated[
    bool,
    Parameter(
        negative=(),
        help="Describe a config of unknown type as the family whose keys fit best, assumptions marked.",
    ),
]


class Unusable(Exception):
    """An argument that no command can work with: said to the user, exit code 2."""
