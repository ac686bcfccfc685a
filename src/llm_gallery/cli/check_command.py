"""The command that sets a checkpoint beside its config."""

from __future__ import annotations

import sys

from llm_gallery.architecture.refusal import printable
from llm_gallery.cli.print_commands import as_json

WHOLE, NOT_WHOLE, NOT_COMPARED = 0, 1, 3
"""What the command ends with."""


def check(place: str, form: str, guess: bool) -> int:
    """Prints the report on a checkpoint. Ends with 1 where it isn't whole, with 3 where nothing could be compared."""
    from llm_gallery.catalog.check import check as checked

    report = checked(place, guess=guess)
    if form == "json":
        as_json(report.to_json())
    else:
        report.show()
    if report.why:
        print(f"llm-gallery: {printable(report.why, 700)}", file=sys.stderr)
        return NOT_WHOLE if report.faults else NOT_COMPARED
    return WHOLE if report.whole else NOT_WHOLE


def schema() -> int:
    """Prints the JSON Schema of a report."""
    from llm_gallery.checking.report import schema as written

    as_json(written())
    return WHOLE
