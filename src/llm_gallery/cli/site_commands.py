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
    """Draft a catalog entry from a config, with open fields for a person to fill in.

    Parameters
    ----------
    id
        The entry's id; by default the config's name in lower case.
    directory
        The folder of the entry; by default the catalog of the clone that you are in. The catalog of an
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
    hub: bool = False,
) -> None:
    """Build the static site.

    Parameters
    ----------
    directory
        The folder of the site; an older site there is replaced.
    catalog
        Entries to show; by default the catalog of this installation.
    url
        The address of the finished site. Pages then have a canonical address and a title image, the site a
        sitemap, and feed and citations absolute links.
    repository
        The address of this gallery's source, where errors are reported.
    census
        A finished census, for the page of trends.
    hub
        Let readers describe a model of the Hub by its id. Their browser then fetches its config.json from
        huggingface.co. The policy of that one page allows it.
    """
    from llm_gallery.cli import file_commands

    file_commands.site(directory, catalog, url, repository, census, hub)


@app.command
def serve(
    directory: Path | None = None, /, *, port: int = 8000, catalog: Path | None = None
) -> None:
    """Serve the site on this machine only.

    Parameters
    ----------
    directory
        A built site; by default a new one is built.
    port
        The port to listen on.
    catalog
        Entries to show; by default the catalog of this installation.
    """
    from llm_gallery.cli import file_commands

    file_commands.served(directory, port, catalog)
