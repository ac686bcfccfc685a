"""Commands over the whole catalog: who descends from whom, and where the field is heading."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from llm_gallery.catalog import concept_courses
from llm_gallery.catalog.ablation import ablations
from llm_gallery.catalog.family_members import members
from llm_gallery.catalog.names import identifier
from llm_gallery.cli.inputs import chosen
from llm_gallery.cli.options import Theme
from llm_gallery.cli.outputs import write_output
from llm_gallery.lineage import (
    Lineage,
    descendants,
    followers_json,
    followers_markdown,
    followers_text,
    lineage,
    markdown,
    path_json,
    path_markdown,
    path_text,
    text,
    to_json,
)
from llm_gallery.lineage import path as way
from llm_gallery.trends.candidates import reviews
from llm_gallery.trends.evidence import ablation_json, evidence, next_json
from llm_gallery.trends.evidence_text import judged_words, next_markdown, next_text
from llm_gallery.trends.lags import lag_json, lags
from llm_gallery.trends.statements import moment
from llm_gallery.trends.text import measured_text, whole_text
from llm_gallery.trends.trends import concept_json
from llm_gallery.trends.trends import to_json as trends_json
from llm_gallery.trends.trends import trends as counted
from llm_gallery.trends.trends_text import concept_text
from llm_gallery.trends.year_report import report, report_json
from llm_gallery.trends.year_text import report_markdown, report_text


def tree(
    root: str | None, path: tuple[str, str] | None, form: str, theme: Theme, output: Path | None
) -> None:
    """The whole tree, what follows one model, or the way from one to another."""
    whole = lineage(members())
    if path is not None:
        old, new = path
        write_output(_path(whole, (_tree_id(old), _tree_id(new)), form, theme), output)
        return
    root = None if root is None else _tree_id(root)
    shown = whole if root is None else descendants(whole, root)
    if form == "json":
        written = json_text(to_json(shown))
    elif form == "svg":
        from llm_gallery.catalog.family_tree import drawn

        title = "Family tree" if root is None else f"What follows {shown.members[root].name}"
        written = drawn(shown, title=title).alone(theme)
    else:
        from llm_gallery.catalog.followers import names

        write = markdown if form == "markdown" else text
        written = write(shown, names())
    write_output(written, output)


def followers(root: str, form: str, theme: Theme, output: Path | None) -> None:
    """Who follows a model, by concept."""
    from llm_gallery.catalog import followers as catalog

    matrix = catalog.followers(lineage(members()), _tree_id(root))
    if form == "json":
        written = json_text(followers_json(matrix, catalog.names()))
    elif form == "svg":
        from llm_gallery.catalog.followers_sheet import drawn

        written = drawn(matrix).alone(theme)
    else:
        write = followers_markdown if form == "markdown" else followers_text
        written = write(matrix, catalog.names())
    write_output(written, output)


def _path(whole: Lineage, path: tuple[str, str], form: str, theme: Theme) -> str:
    steps = way(whole, *path)
    if form == "json":
        return json_text(path_json(steps))
    if form == "svg":
        from llm_gallery.catalog.family_tree import drawn_path

        return drawn_path(steps, whole.members[path[0]]).alone(theme)
    return path_markdown(steps) if form == "markdown" else path_text(steps)


def _tree_id(word: str) -> str:
    """The id of a model of the tree, which may be named as models are; a word that none has is refused there."""
    return identifier(word) or word


def json_text(value: object) -> str:
    """JSON as it is printed."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def code(model: str, output: Path | None) -> None:
    """The file that runs a model."""
    from llm_gallery.catalog import model_code

    write_output(model_code.code(chosen(model, guess=False)), output)


def trends(form: str, theme: Theme, output: Path | None) -> None:
    """What is counted over the catalog."""
    counts = counted(members())
    if form == "json":
        ways = [lag_json(lag) for lag in lags(counts)]
        write_output(json_text({**trends_json(counts), "lags": ways}), output)
    elif form == "parquet":
        from llm_gallery.trends.table import trends_parquet

        write_output(trends_parquet(counts), output)
    elif form == "svg":
        from llm_gallery.trends.charts import drawn

        write_output(drawn(counts, members()).alone(theme), output)
    else:
        write_output(whole_text(counts, _names()), output)


def concept(name: str, form: str, output: Path | None) -> None:
    """The models that have a concept, and what became of it within each organization."""
    models = members()
    counts = counted(models)
    if form == "json":
        measured = [ablation_json(ablation) for ablation in ablations().get(name, ())]
        data = {**concept_json(counts, name), **concept_courses.data(name, counts.designs)}
        write_output(json_text({**data, "ablations": measured}), output)
    else:
        courses = concept_courses.text(name, counts.designs)
        write_output(concept_text(models, counts, name, courses) + measured_text(name), output)


def trends_next(at: str, form: str, output: Path | None) -> None:
    """What may come next, and what the same rule named before."""
    counts = counted(members())
    designs = counts.designs
    candidates, past = evidence(designs, at), reviews(designs)
    quarter = at or designs[-1].quarter
    judged = [review for review in past if not at or review.quarter == at]
    if form == "json":
        until = max(sizes.released for sizes in counts.sizes if not at or sizes.quarter <= at)
        write_output(
            json_text(next_json(quarter, until, candidates, judged, judged_words(past))), output
        )
    else:
        tell = next_markdown if form == "markdown" else next_text
        write_output(tell(moment(designs, at), candidates, judged, judged_words(past)), output)


def trends_report(year: int, form: str, output: Path | None) -> None:
    """A year on one page."""
    names = _names()
    year_report = report(counted(members()), names, year)
    if form == "json":
        write_output(json_text(report_json(year_report)), output)
    else:
        tell = report_markdown if form == "markdown" else report_text
        write_output(tell(year_report, names), output)


def _names() -> Callable[[str], str]:
    """The name of a model by its id."""
    return {member.id: member.name for member in members()}.__getitem__
