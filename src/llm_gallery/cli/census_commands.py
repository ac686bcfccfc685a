"""The commands of a census: to make one, to report on one, and to fetch what it reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from llm_gallery.cli.app import app
from llm_gallery.cli.options import Theme, Unusable

census_app = App(name="census")
app.command(census_app)


@census_app.default
def census(
    *inputs: Annotated[
        str,
        Parameter(
            help="Folders of configs, files of JSON lines or Parquet, or patterns of these in quotes."
        ),
    ],
    output: Annotated[Path, Parameter(alias="-o")],
    workers: int | None = None,
    cluster: str | None = None,
) -> None:
    """Ask the same questions of very many configs, and write the answers as Parquet.

    Stopped at any moment, the same command goes on where it was.

    Parameters
    ----------
    output
        The folder of the tables.
    workers
        Processes that work beside each other; by default one on each core.
    cluster
        Let all nodes of a Ray cluster work instead, which share inputs and output: its HOST:PORT, or auto.
    """
    from llm_gallery.cli import census_command

    if not inputs:
        raise Unusable("A census needs something to read: folders, files or patterns.")
    census_command.census(inputs, output, workers, cluster)


@census_app.command
def report(
    census: Annotated[Path, Parameter(help="The output of a census.")],
    /,
    *,
    month: str | None = None,
    format: Literal["text", "markdown", "json", "svg"] = "text",  # noqa: A002
    theme: Theme = "light",
    output: Annotated[Path | None, Parameter(alias="-o")] = None,
) -> None:
    """Say what a census found: adoption by month, new and copied designs, what nobody describes yet, sizes.

    Parameters
    ----------
    month
        The month whose new designs are named, such as 2026-10; by default the newest.
    format
        Text or Markdown for people, JSON for programs, SVG for charts.
    theme
        Colours of the charts.
    output
        The file to write; by default it is printed.
    """
    from llm_gallery.cli import census_command

    census_command.report(census, month, format, theme, output)


@census_app.command
def fetch(
    *,
    output: Annotated[Path, Parameter(alias="-o")],
    listed: Annotated[Path | None, Parameter(name="--list")] = None,
    tag: str | None = None,
    per_second: float = 5,
    connections: int = 4,
) -> None:
    """Get the config.json of each public repository of the Hub, as lines that a census reads.

    Stopped at any moment, the same command goes on where it was. HF_ENDPOINT names another host.

    Parameters
    ----------
    output
        The folder of what is fetched; a census reads its rows/*.jsonl.
    listed
        A file of repositories instead of the Hub's own list: .txt, .jsonl or .parquet.
    tag
        Only repositories with this tag, such as transformers.
    per_second
        Questions a second, at most.
    connections
        Questions that may be under way at once.
    """
    from llm_gallery.cli import census_fetch_command

    if listed is not None and tag is not None:
        raise Unusable("--tag asks the Hub's list; --list gives another one.")
    if not 0 < per_second <= 1_000 or not 0 < connections <= 64:
        raise Unusable(
            "Expected --per-second above 0 and up to 1000, and --connections from 1 to 64."
        )
    census_fetch_command.fetch(output, listed, tag, per_second, connections)
