"""The command that sets models beside each other: what changed."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from llm_gallery import comparison
from llm_gallery.cli.inputs import all_chosen
from llm_gallery.cli.options import DifferenceDetail, Theme
from llm_gallery.cli.print_commands import as_json


def difference(
    models: Sequence[str], form: str, theme: Theme, detail: DifferenceDetail, guess: bool
) -> None:
    """What changed from the first model to each other one."""
    named = all_chosen(models, guess)
    if form == "svg":
        from llm_gallery.catalog import figures

        print(figures.difference(*named, theme=theme, detail=detail).svg)
        return
    compared = comparison.compare(named)
    if form == "json":
        as_json(comparison.to_json(compared))
    else:
        written = comparison.markdown if form == "markdown" else comparison.text
        sys.stdout.write(written(compared))
