"""Commands that add to a catalog, and build and serve its site; each imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from llm_gallery.cli.app import app


@app.command
def add(
    source: Annotated[
        str,
        Parameter(
            help="A config.json, the folder that holds it, a Hub id, or - for standard input."
        ),
    ],
    /,
    *,
    id: str | None = None,  # noqa: A002
    directory: Path | None = None,
) -> None:
    """Draft a catalog entry from a config, and leave open what only a person can say.

    Parameters
    ----------
    id
        The entry's id; by default the config's name in lower case.
    directory
        Where entries are kept; by default the catalog of the clone that you are in. That of an
        installation is never written to.
    """
    from llm_gallery.cli import add_command

    add_command.entry(source, id, directory)


@app.command
def build(
    directory: Path,
    /,
    *,
    catalog: Path | None = None,
    url: Annotated[str | None, Parameter(alias="--address")] = None,
    repository: str | None = None,
    census: Path | None = None,
) -> None:
    """Build the static site.

    Parameters
    ----------
    directory
        Where the site is written; an older site there is replaced.
    catalog
        Entries to show; by default the catalog of this installation.
    url
        Where the site will be read: pages then have an address and a title image, the site a sitemap;
        feed, citations and the page of what isn't there say it.
    repository
        Where this gallery's source is, and its errors are reported.
    census
        A finished census, of which the page of trends tells.
    """
    from llm_gallery.cli import file_commands

    file_commands.site(directory, catalog, url, repository, census)


@app.command
def serve(
    directory: Path | None = None, /, *, port: int = 8000, catalog: Path | None = None
) -> None:
    """Serve the site on this machine only.

    Parameters
    ----------
    directory
        A built site; by default one is built for the occasion.
    port
        Where to listen.
    catalog
        Entries to show; by default the catalog of this installation.
    """
    from llm_gallery.cli import file_commands

    file_commands.served(directory, port, catalog)
