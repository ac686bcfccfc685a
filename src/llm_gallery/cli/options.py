"""Arguments of the commands, and the error for one that none of them takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

Dtype = Literal["fp32", "bf16", "fp16", "fp8", "int8", "int4"]
Theme = Literal["light", "dark", "print"]
Detail = Literal[
    "card", "paper", "slide", "phone", "column", "standard", "full", "layer", "overview", "title"
]
Names = Literal["plain", "field", "both"]
Words = Literal["outlines", "live"]
DifferenceDetail = Literal["phone", "column", "standard"]
Sheet = Literal["poster", "scale", "schedules", "tree", "map", "legend"]
Output = Annotated[Path, Parameter(alias="-o")]
Named = Annotated[
    str,
    Parameter(
        help="A model of the catalog by id, name or repository, a config.json or its folder, a Hub id, also with "
        "@revision, or - for a config from standard input."
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


@Parameter(name="*")
@dataclass(frozen=True)
class OwnMarks:
    """A reader's own marks on a figure."""

    highlight: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            show_default=False,
            help="A part that stays as it is while the rest fades; it may come several times. A part is a path of the "
            "checkpoint, the end of one, or a name: attention means every block that is called attention.",
        ),
    ] = ()
    note: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            show_default=False,
            help='A sentence beside the figure, with an arrow to its part: "attention: keeps one latent". It may come '
            "several times.",
        ),
    ] = ()
    title: Annotated[str, Parameter(help="A title above the figure.", show_default=False)] = ""
    marks: Annotated[
        Path | None,
        Parameter(
            help="A TOML file with the keys title, highlight (a list) and notes (a table of parts). Options add to it."
        ),
    ] = None


class Unusable(Exception):
    """An argument that no command can work with: said to the user, exit code 2."""
