"""The catalog as a list: a row a model for people, who made each and where it is for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llm_gallery.architecture.refusal import counted
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import architecture, entries

if TYPE_CHECKING:
    from rich.console import Console

Json = dict[str, Any]


class Catalog(tuple[Entry, ...]):
    """The entries of the catalog, newest first."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<Catalog of {counted(len(self), 'model')}>"

    def show(self, console: Console) -> None:
        """Prints a row a model."""
        from llm_gallery.catalog import tables

        tables.catalog(console, [(entry, architecture(entry)) for entry in self])

    def text(self) -> str:
        """As text for a terminal: a row a model."""
        from llm_gallery.catalog import tables

        return tables.plain(self.show)

    def to_json(self) -> list[Json]:
        """As plain data: each model's id, name, organization, repository and day of release."""
        return [
            {
                "id": entry.id,
                "name": entry.name,
                "organization": entry.organization,
                "repository": entry.repository,
                "released": entry.released.isoformat(),
            }
            for entry in self
        ]


def catalog() -> Catalog:
    """The entries of the catalog: what it says of each model, newest first.

    Returns: a tuple of entries, each with id, name, organization, repository, day of release, licence and readings.
    Raises: Refusal where an entry is wrong; an unfinished one is left out with a warning.
    """
    return Catalog(entries())
