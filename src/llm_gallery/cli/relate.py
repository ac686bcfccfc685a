"""Commands that set models beside each other: what changed, who descends from whom, what is rising."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from llm_gallery import comparison, lineage
from llm_gallery.catalog.members import members
from llm_gallery.cli.commands import Theme
from llm_gallery.cli.show import as_json, chosen


def difference(models: Sequence[str], form: str, theme: Theme, guess: bool) -> None:
    """What changed from the first model to each other one."""
    named = [chosen(model, guess) for model in models]
    if form == "svg":
        from llm_gallery.catalog import figures

        print(figures.difference(*named, theme=theme).svg)
        return
    found = comparison.compare(named)
    if form == "json":
        as_json(comparison.to_json(found))
    else:
        written = comparison.markdown if form == "markdown" else comparison.text
        sys.stdout.write(written(found))


def tree(model: str | None, ancestor: str | None, form: str) -> None:
    """The whole tree, what follows one model, or the way to it from an ancestor."""
    whole = lineage.lineage(members())
    if model is not None and ancestor is not None:
        steps = lineage.path(whole, ancestor, model)
        if form == "json":
            as_json(lineage.path_json(steps))
        else:
            sys.stdout.write(lineage.path_text(steps))
        return
    shown = whole if model is None else lineage.descendants(whole, model)
    if form == "json":
        as_json(lineage.to_json(shown))
    else:
        sys.stdout.write(lineage.text(shown))


def trends() -> None:
    """What is counted over the catalog."""
    as_json(lineage.trends_json(lineage.trends(members())))
