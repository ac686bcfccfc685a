"""What the public functions give: each is shown in a line, and writes itself as its command does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from llm_gallery import comparison, explanation, lineage
from llm_gallery.architecture.refusal import counted
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import Model, find
from llm_gallery.catalog.model_facts import model_facts

if TYPE_CHECKING:
    from rich.console import Console

Json = dict[str, Any]


class Facts(dict[str, Any]):
    """Everything that is counted of a model, under the keys of `docs/definitions.md`."""

    model: Model

    @classmethod
    def of(cls, model: Model, dtype: str) -> Self:
        """Those of a model, the cache in `dtype`."""
        stated = model_facts(model, dtype)
        made = cls({key: value for key, value in stated.items() if key not in ("id", "name")})
        made.model = model
        return made

    def __repr__(self) -> str:
        return f"<Facts of {self.model.name}: {self['parameters']['total']:,} parameters>"

    def text(self) -> str:
        """For a terminal."""
        from llm_gallery.catalog import tables

        return tables.plain(lambda console: tables.facts(console, self.model, self.to_json()))

    def to_json(self) -> Json:
        """Plain data, with the model's id and name."""
        return {"id": self.model.id, "name": self.model.name, **self}


class Catalog(tuple[Entry, ...]):
    """What the catalog says of each of its models, newest first."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<Catalog of {counted(len(self), 'model')}>"

    def show(self, console: Console) -> None:
        """Prints a row a model."""
        from llm_gallery.catalog import tables

        tables.catalog(console, [(entry, find(entry.id).architecture) for entry in self])

    def text(self) -> str:
        """For a terminal: a row a model."""
        from llm_gallery.catalog import tables

        return tables.plain(self.show)

    def to_json(self) -> list[Json]:
        """Plain data: who made each model, where it is and since when."""
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


class Comparison(comparison.Comparison):
    """What changed from the first of several models to each other one."""

    def text(self) -> str:
        """For a terminal."""
        return comparison.text(self)

    def markdown(self) -> str:
        """The same with headings, tables and lists."""
        return comparison.markdown(self)

    def to_json(self) -> Json:
        """Plain data; keys may be added, never changed."""
        return comparison.to_json(self)


class Explanation(explanation.Explanation):
    """A model in three to six paragraphs of prose."""

    def text(self) -> str:
        """For a terminal."""
        return explanation.text(self)

    def markdown(self) -> str:
        """The same with headings and links."""
        return explanation.markdown(self)

    def to_json(self) -> Mapping[str, Any]:
        """Plain data; keys may be added, never changed."""
        return explanation.to_json(self)


class Lineage(lineage.Lineage):
    """Who descends from whom in the catalog, as measured and as stated."""

    def text(self) -> str:
        """For a terminal."""
        from llm_gallery.catalog.followers import names

        return lineage.text(self, names())

    def markdown(self) -> str:
        """The same with headings and lists."""
        from llm_gallery.catalog.followers import names

        return lineage.markdown(self, names())

    def to_json(self) -> Json:
        """Plain data; keys may be added, never changed."""
        return lineage.to_json(self)
