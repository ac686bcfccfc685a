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
    Names,
    Output,
    OwnMarks,
    Sheet,
    Theme,
    Unusable,
    Words,
)


@app.command(name="list")
def list_models(*, format: Literal["text", "json"] = "text") -> None:  # noqa: A002 - the option
    """List every model of the catalog, newest first.

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
        The dtype of keys and values in the cache.
    prove
        Run a miniature with all mechanisms of the model, and compare its cache and compute with the facts.
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
    """Explain a model in prose: kind, novelties, the flow of a token, costs, and ancestor.

    Parameters
    ----------
    format
        Text or Markdown for people, JSON for programs.
    """
    from llm_gallery.cli import print_commands

    print_commands.explanation(model, format, guess)


@app.command
def code(
    model: Named,
    /,
    *,
    output: Annotated[Path | None, Parameter(alias="-o")] = None,
) -> None:
    """Print one Python file that runs a model's checkpoint, with numpy alone.

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
    text: Words = "outlines",
    names: Names = "both",
    steps: bool = False,
    own: OwnMarks | None = None,
    scale: float = 2,
    guess: Guess = False,
) -> None:
    """Draw a model, or a token's way through it.

    Parameters
    ----------
    output
        The file to write: .svg, .png, .pdf, .tex (TikZ) or .excalidraw; - prints the SVG.
    theme
        Colours.
    detail
        How much is drawn. Card (320 px wide), paper (85 mm) and slide (1,280 × 720) are one compact tower. Phone
        (400 px), column (800) and standard (1,200) wire a layer; full adds every shape and parameter. Layer (388) is
        the wiring alone. Overview is another name of card, and title of slide.
    text
        Words of an SVG: outlines look the same everywhere, live ones can be edited and take the page's font.
    names
        What blocks are called: plain words, the field's names where there are any (MLA, SwiGLU), or both.
    steps
        Draw a token's way through the model instead: all panels in one file, and each in its own beside it
        (walk.svg, walk-1.svg, walk-2.svg ...).
    scale
        Pixels of a PNG to one of the figure.
    """
    from llm_gallery.cli import file_commands
    from llm_gallery.cli.reader_marks import reader_marks

    marked = None if own is None else reader_marks(own)
    if steps and marked:
        raise Unusable("--steps draws panels, which take no marks; leave them or --steps out.")
    if steps:
        file_commands.steps(model, output, theme, text, scale, guess)
    else:
        file_commands.figure(model, output, theme, detail, text, names, scale, guess, marked)


@app.command
def sheet(
    kind: Sheet,
    /,
    *models: Annotated[
        str,
        Parameter(
            help="Models on the poster, to scale or as schedules; by default the whole catalog."
        ),
    ],
    output: Output,
    theme: Theme = "light",
    scale: float = 3,
    guess: Guess = False,
) -> None:
    """Draw many models on one sheet, or the legend.

    Parameters
    ----------
    kind
        A poster shows the wiring of each model, scale its size and day. Schedules set the layers of all under one
        another. A tree shows descent, a map the distances of designs, the legend colours and signs.
    output
        The file to write: .svg, .png, .pdf, .tex (TikZ) or .excalidraw; - prints the SVG.
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
    *more: Annotated[str, Parameter(help="Further models, each compared with the first.")],
    format: Literal["text", "markdown", "json", "svg"] = "text",  # noqa: A002
    output: Annotated[Path | None, Parameter(alias="-o")] = None,
    theme: Theme = "light",
    detail: DifferenceDetail = "standard",
    scale: float = 2,
    guess: Guess = False,
) -> None:
    """Compare models with the first: two to six in words, two to four in a figure.

    Parameters
    ----------
    format
        Text or Markdown for people, JSON for programs, SVG for the figure.
    output
        Draw the figure into this file instead: .svg, .png, .pdf, .tex (TikZ) or .excalidraw; - prints the SVG.
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
    """Compare a model with the catalog: nearest designs, ranks of its sizes, and what no design has.

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
    """Show the family tree: descents, resemblances and siblings.

    Parameters
    ----------
    root
        Show only the followers of this model, and the concepts that each keeps.
    path
        Show only the way from one model to another, and the changes of each step.
    matrix
        With --root: a table of the recipe's concepts, with a row for each follower in order of time.
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
    """Count concepts and sizes over the catalog, by quarter and year.

    Parameters
    ----------
    concept
        Show the models with this concept, and its course at each organization.
    next
        Show what may come next, by a stated rule, with its evidence and its record.
    at
        With --next: at the end of a past quarter, such as 2025-Q1, by what was known then.
    report
        Show a year on one page: its recipe, deviations, arrivals and losses.
    format
        Text for people, Markdown for --next and --report, JSON for programs, Parquet with a row for each model, SVG for charts.
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
    """Compare every model's count with the published one, and explain the difference.

    Parameters
    ----------
    format
        Text or Markdown for people, JSON for programs.
    """
    from llm_gallery.cli import print_commands

    print_commands.accuracy(format)
