"""What a figure must never show, found on its shapes before it is written: an empty tuple is a pass."""

from tests.figure.gates.blank import blank_bands, blank_rows, deserts
from tests.figure.gates.format import out_of_format, set_too_small, too_low, too_small
from tests.figure.gates.hidden import hidden
from tests.figure.gates.placing import faults, over_edges, painted_over, words

__all__ = [
    "blank_bands",
    "blank_rows",
    "deserts",
    "faults",
    "hidden",
    "out_of_format",
    "over_edges",
    "painted_over",
    "set_too_small",
    "too_low",
    "too_small",
    "words",
]
