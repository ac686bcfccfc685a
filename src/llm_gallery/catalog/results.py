"""What the public functions give: each is shown in a line, and writes itself as its command does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from llm_gallery import comparison, explanation
from llm_gallery.catalog.load import Model
from llm_gallery.catalog.model_facts import model_facts
from llm_gallery.catalog.names import identifier
from llm_gallery.lineage import Lineage as Tree
from llm_gallery.lineage import Step
from llm_gallery.lineage import markdown as tree_markdown
from llm_gallery.lineage import text as tree_text
from llm_gallery.lineage import to_json as tree_json

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


class Lineage(Tree):
    """Who descends from whom in the catalog, as measured and as stated."""

    def parent(self, model: str) -> Step | None:
        """The step from the nearest ancestor of a model by any of its names; None where a line begins."""
        return super().parent(model if model in self.members else identifier(model) or model)

    def text(self) -> str:
        """For a terminal."""
        from llm_gallery.catalog.followers import names

        return tree_text(self, names())

    def markdown(self) -> str:
        """The same with headings and lists."""
        from llm_gallery.catalog.followers import names

        return tree_markdown(self, names())

    def to_json(self) -> Json:
        """Plain data; keys may be added, never changed."""
        return tree_json(self)
