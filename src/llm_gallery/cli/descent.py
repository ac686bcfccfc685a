"""Commands over the whole catalog: who descends from whom, and where the field is heading."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from llm_gallery import lineage
from llm_gallery.catalog.members import members
from llm_gallery.cli.options import Theme, Unusable


def tree(
    root: str | None, path: tuple[str, str] | None, form: str, theme: Theme, output: Path | None
) -> None:
    """The whole tree, what follows one model, or the way from one to another."""
    whole = lineage.lineage(members())
    if path is not None:
        _given(_path(whole, path, form, theme), output)
        return
    shown = whole if root is None else lineage.descendants(whole, root)
    if form == "json":
        said = _json(lineage.to_json(shown))
    elif form == "svg":
        from llm_gallery.catalog.kinship import drawn

        title = "Family tree" if root is None else f"What follows {shown.members[root].name}"
        said = drawn(shown, title=title, theme=theme)
    else:
        said = lineage.markdown(shown) if form == "markdown" else lineage.text(shown)
    _given(said, output)


def _path(whole: lineage.Lineage, path: tuple[str, str], form: str, theme: Theme) -> str:
    steps = lineage.path(whole, *path)
    if form == "json":
        return _json(lineage.path_json(steps))
    if form == "svg":
        from llm_gallery.catalog.kinship import drawn_path

        return drawn_path(steps, whole.members[path[0]], theme=theme)
    return lineage.path_markdown(steps) if form == "markdown" else lineage.path_text(steps)


def _json(found: object) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _given(made: str | bytes, output: Path | None) -> None:
    """Prints what was made, or writes it into a file."""
    data = made if isinstance(made, bytes) else made.encode()
    if output is None:
        if isinstance(made, bytes) and sys.stdout.isatty():
            raise Unusable("A table of bytes is no text; name a file with --output.")
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise Unusable(f"{output} can't be written ({error.strerror}).") from None


def trends(form: str, theme: Theme, output: Path | None) -> None:
    """What is counted over the catalog."""
    found = lineage.trends(members())
    if form == "json":
        _given(_json(lineage.trends_json(found)), output)
    elif form == "parquet":
        from llm_gallery.catalog.trend_table import trends_parquet

        _given(trends_parquet(found), output)
    elif form == "svg":
        from llm_gallery.catalog.trend_charts import trends_svg

        _given(trends_svg(found, members(), theme), output)
    else:
        _given(lineage.trends_text(found), output)


def concept(name: str, form: str, output: Path | None) -> None:
    """The models that have a concept."""
    models = members()
    found = lineage.trends(models)
    if form == "json":
        _given(_json(lineage.concept_json(found, name)), output)
    else:
        _given(lineage.concept_text(models, found, name), output)
