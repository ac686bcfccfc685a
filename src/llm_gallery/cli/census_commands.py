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
    """Describe very many configs, each different one once, and write Parquet.

    You may stop it at any moment: the same command continues.

    Parameters
    ----------
    output
        The folder of the tables.
    workers
        The number of processes; by default one for each core.
    cluster
        The HOST:PORT of a Ray cluster whose nodes share inputs and output, or auto on one of its machines.
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
    """Report on a census: adoption by month, new and copied designs, undescribed types, sizes.

    Parameters
    ----------
    month
        The month of the new designs, such as 2026-10; by default the newest.
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
    """Fetch the config.json of each public repository of the Hub, as input of a census.

    You may stop it at any moment: the same command continues. HF_ENDPOINT names another host.

    Parameters
    ----------
    output
        The folder to fetch into; a census reads its rows/*.jsonl.
    listed
        A file of repositories instead of the Hub's own list: .txt, .jsonl or .parquet.
    tag
        Only repositories with this tag, such as transformers.
    per_second
        Requests a second, at most.
    connections
        Requests at once, at most.
    """
    from llm_gallery.cli import census_fetch_command

    if listed is not None and tag is not None:
        raise Unusable("--tag asks the Hub's list; --list gives another one.")
    if not 0 < per_second <= 1_000 or not 0 < connections <= 64:
        raise Unusable(
            "Expected --per-second above 0 and up to 1000, and --connections from 1 to 64."
        )
    census_fetch_command.fetch(output, listed, tag, per_second, connections)
