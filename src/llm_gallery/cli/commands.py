"""The commands and their arguments; each imports what it needs when it runs, so that all start fast."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from llm_gallery.cli.app import app
from llm_gallery.cli.options import (
    Detail,
    DifferenceDetail,
    Dtype,
    Guess,
    Named,
    Output,
    Sheet,
    Theme,
    Unusable,
)


@app.command(name="list")
def list_models(*, format: Literal["text", "json"] = "text") -> None:  # noqa: A002 - the option
    """Name every model of the catalog, newest first.

    Parameters
    ----------
    format
        Text for people, JSON for programs.
    """
    from llm_gallery.cli import print_commands

    print_commands.models(format)


@app.command
def facts(
    model: Named,
    /,
    *,
    format: Literal["text", "json"] = "text",  # noqa: A002
    cache_dtype: Dtype = "bf16",
    prove: Annotated[bool, Parameter(negative=())] = False,
    guess: Guess = False,
) -> None:
    """Show a model's parameters, layers, cache and compute, each exact and with its evidence.

    Parameters
    ----------
    format
        Text for people, JSON for programs.
    cache_dtype
        How keys and values are kept.
    prove
        Run a miniature of the model, which has all its mechanisms, and say what that proves.
    """
    from llm_gallery.cli import print_commands

    print_commands.facts(model, format, cache_dtype, prove, guess)


@app.command
def explain(
    model: Named,
    /,
    *,
    format: Literal["text", "markdown", "json"] = "text",  # noqa: A002
    guess: Guess = False,
) -> None:
    """Explain a model in prose: what it is, what is special, how a token flows, what it costs, whom it follows.

    Parameters
    ----------
    format
        Text or Markdown for people, JSON for programs.
    """
    from llm_gallery.cli import print_commands

    print_commands.explanation(model, format, guess)


@app.command
def tensors(
    model: Named,
    /,
    *,
    format: Literal["text", "tsv"] = "text",  # noqa: A002
    guess: Guess = False,
) -> None:
    """Name every tensor of the checkpoint, with its shape.

    Parameters
    ----------
    format
        Text for people, with the sums at its end; TSV (name, shape, parameters, tied_to, counted_in) for programs.
        counted_in is the number of `facts` that counts a tensor: total, multi_token_prediction or
        other_modalities; empty where it is tied.
    """
    from llm_gallery.cli import print_commands

    print_commands.tensors(model, format, guess)


@app.command
def code(
    model: Named,
    /,
    *,
    output: Annotated[Path | None, Parameter(alias="-o")] = None,
) -> None:
    """Print one Python file, numpy and nothing else, that runs a model's checkpoint.

    Parameters
    ----------
    output
        The file to write; by default it is printed.
    """
    from llm_gallery.cli import catalog_commands

    catalog_commands.code(model, output)


@app.command
def draw(
    model: Named,
    /,
    *,
    output: Output,
    theme: Theme = "light",
    detail: Detail = "standard",
    steps: bool = False,
    scale: float = 2,
    guess: Guess = False,
) -> None:
    """Draw a model, or a token's way through it.

    Parameters
    ----------
    output
        The file to write: .svg, .png or .pdf; - prints the SVG.
    theme
        Colours.
    detail
        An overview as on a card, a figure for a phone (400 px) or a column (800 px), the standard
        figure (1,200 px), all that is known, or the title image for links (800 × 420).
    steps
        Walk one token through the model instead: all panels in the file, and each in one beside it
        (walk.svg, walk-1.svg, walk-2.svg ...).
    scale
        Pixels of a PNG to one of the figure.
    """
    from llm_gallery.cli import file_commands

    if steps:
        file_commands.steps(model, output, theme, scale, guess)
    else:
        file_commands.figure(model, output, theme, detail, scale, guess)


@app.command
def sheet(
    kind: Sheet,
    /,
    *models: Named,
    output: Output,
    theme: Theme = "light",
    scale: float = 3,
    guess: Guess = False,
) -> None:
    """Draw many models on one sheet, or the legend.

    Parameters
    ----------
    kind
        A poster with the wiring of each, all models to scale at their day and size, their layers
        under one another, the family tree, a map of designs by how much they differ, or what colours,
        bars and signs mean.
    models
        Those to show on a poster, to scale or layer by layer; by default the whole catalog.
    output
        The file to write: .svg, .png or .pdf; - prints the SVG.
    theme
        Colours.
    scale
        Pixels of a PNG to one of the sheet.
    """
    from llm_gallery.cli import file_commands

    if models and kind in ("tree", "map", "legend"):
        raise Unusable(f"The {kind} takes no models.")
    file_commands.sheet(kind, models, output, theme, scale, guess)


@app.command
def diff(
    old: Named,
    new: Named,
    /,
    *more: Named,
    format: Literal["text", "markdown", "json", "svg"] = "text",  # noqa: A002
    output: Annotated[Path | None, Parameter(alias="-o")] = None,
    theme: Theme = "light",
    detail: DifferenceDetail = "standard",
    scale: float = 2,
    guess: Guess = False,
) -> None:
    """Say or draw what changed from one model to another, or to up to five others (three if drawn).

    Parameters
    ----------
    more
        Further models, each compared with the first.
    format
        Text or Markdown for people, JSON for programs, SVG for the figure.
    output
        Draw the figure into this file instead: .svg, .png or .pdf; - prints the SVG.
    theme
        Colours of the figure.
    detail
        The figure for a page (1,200 px), or of two models for a column (800 px) or a phone (400 px).
    scale
        Pixels of a PNG to one of the figure.
    """
    from llm_gallery.cli import diff_command, file_commands

    if len(more) > 4:
        raise Unusable(f"{len(more) + 2} models are more than the six that fit beside each other.")
    if output is not None and format not in ("text", "svg"):
        raise Unusable(f"--output draws a figure; --format {format} prints.")
    if output is not None:
        file_commands.difference((old, new, *more), output, theme, detail, scale, guess)
    else:
        diff_command.difference((old, new, *more), format, theme, detail, guess)


@app.command
def nearest(
    model: Named,
    /,
    *,
    format: Literal["text", "markdown", "json"] = "text",  # noqa: A002
    guess: Guess = False,
) -> None:
    """Name the models nearest to one, where its sizes stand among its kind, and what no design of the catalog has.

    Parameters
    ----------
    format
        Text or Markdown for people, JSON for programs.
    """
    from llm_gallery.cli import print_commands

    print_commands.nearest(model, format, guess)


@app.command
def lineage(
    *,
    root: str | None = None,
    path: Annotated[tuple[str, str] | None, Parameter(negative=())] = None,
    matrix: Annotated[bool, Parameter(negative=())] = False,
    format: Literal["text", "markdown", "json", "svg"] = "text",  # noqa: A002
    theme: Theme = "light",
    output: Annotated[Path | None, Parameter(alias="-o")] = None,
) -> None:
    """Show who descends from whom, who only resembles whom, and who are siblings.

    Parameters
    ----------
    root
        Show only what follows this model of the catalog, and what each keeps of it.
    path
        Show only the way from the first of two models to the second, and what each step changed.
    matrix
        With --root: what became of each concept of its recipe, a row a follower in order of time.
    format
        Text or Markdown for people, JSON for programs, SVG for a drawing on a date axis.
    theme
        Colours of the drawing.
    output
        The file to write; by default it is printed.
    """
    from llm_gallery.cli import catalog_commands

    if root is not None and path is not None:
        raise Unusable("--root and --path show different parts of the tree; give one of them.")
    if matrix and root is None:
        raise Unusable("--matrix shows the followers of one model; name it with --root.")
    if matrix and root is not None:
        catalog_commands.followers(root, format, theme, output)
        return
    catalog_commands.tree(root, path, format, theme, output)


@app.command
def trends(
    *,
    concept: str | None = None,
    next: bool = False,  # noqa: A002
    at: str | None = None,
    report: int | None = None,
    format: Literal["text", "markdown", "json", "parquet", "svg"] = "text",  # noqa: A002
    theme: Theme = "light",
    output: Annotated[Path | None, Parameter(alias="-o")] = None,
) -> None:
    """Count concepts and sizes over the catalog and its years.

    Parameters
    ----------
    concept
        Name the models that have this concept, each with its layers.
    next
        Name what may come next, by a stated rule, with the evidence and what the rule named before.
    at
        With --next: at the end of this quarter, such as 2025-Q1, by what was known then.
    report
        Tell this year on one page: its recipe, who deviates, what came and went.
    format
        Text for people, Markdown for --next and --report, JSON for programs, Parquet for tables of one row a model, SVG for charts.
    theme
        Colours of the charts.
    output
        The file to write; by default it is printed.
    """
    from llm_gallery.cli import catalog_commands

    chosen = [
        name
        for name, value in (("--concept", concept), ("--next", next), ("--report", report))
        if value
    ]
    if len(chosen) > 1:
        raise Unusable(f"{' and '.join(chosen)} are different questions; ask one at a time.")
    if at is not None and not next:
        raise Unusable("--at is the quarter of --next; give both.")
    forms = ("text", "json") if concept is not None else ("text", "markdown", "json")
    if chosen and format not in forms:
        raise Unusable(f"{chosen[0]} is told as {', '.join(forms)}, which --format {format} isn't.")
    if not chosen and format == "markdown":
        raise Unusable("--format markdown is for --next and --report.")
    if concept is not None:
        catalog_commands.concept(concept, format, output)
    elif next:
        catalog_commands.trends_next(at or "", format, output)
    elif report is not None:
        catalog_commands.trends_report(report, format, output)
    else:
        catalog_commands.trends(format, theme, output)


@app.command
def accuracy(
    *,
    format: Literal["text", "markdown", "json"] = "text",  # noqa: A002
) -> None:
    """Set every model's counts beside the published one, and say what lies between.

    Parameters
    ----------
    format
        Text or Markdown for people, JSON for programs.
    """
    from llm_gallery.cli import print_commands

    print_commands.accuracy(format)
