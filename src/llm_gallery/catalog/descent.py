"""The family tree of the catalog; it is shown, and writes itself as the command does."""

from __future__ import annotations

from typing import Any

from llm_gallery.catalog.family_members import members
from llm_gallery.catalog.names import identifier
from llm_gallery.lineage import Lineage as Tree
from llm_gallery.lineage import Step
from llm_gallery.lineage import lineage as tree
from llm_gallery.lineage import markdown as tree_markdown
from llm_gallery.lineage import text as tree_text
from llm_gallery.lineage import to_json as tree_json

Json = dict[str, Any]


class Lineage(Tree):
    """Who descends from whom in the catalog, as measured and as stated."""

    def parent(self, model: str) -> Step | None:
        """The step from the nearest ancestor of a model by any of its names; None where a line begins."""
        return super().parent(model if model in self.members else identifier(model) or model)

    def text(self) -> str:
        """As text for a terminal."""
        from llm_gallery.catalog.followers import names

        return tree_text(self, names())

    def markdown(self) -> str:
        """As Markdown, with headings and lists."""
        from llm_gallery.catalog.followers import names

        return tree_markdown(self, names())

    def to_json(self) -> Json:
        """As plain data; keys may be added, never changed."""
        return tree_json(self)


def lineage() -> Lineage:
    """Who descends from whom in the catalog, as measured and as stated.

    Returns: the tree; `.parent(model)` is the step from a model's ancestor, with its evidence and distance.
    Raises: Refusal where an entry of the catalog is wrong.
    """
    whole = tree(members())
    return Lineage(whole.members, whole.measured, whole.stated, whole.originals, whole.elder)
