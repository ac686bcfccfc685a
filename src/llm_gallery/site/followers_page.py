"""The page of a recipe: who follows it, in order of time, and what became of each of its concepts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from llm_gallery.catalog.followers import followers, names, recipes
from llm_gallery.catalog.followers_sheet import columns
from llm_gallery.lineage import Matrix, step_text, title
from llm_gallery.site.contents import Site
from llm_gallery.site.page import TREE, Document


def pages(site: Site) -> Iterator[Document]:
    """A page for each model whose recipe at least three designs follow."""
    for root in recipes():
        if any(shown.id == root for shown in site.models):
            yield Document(
                address(root), "followers.html", partial(_values, site, root), TREE, card=site.card
            )


def address(root: str) -> str:
    """Where the page of a recipe stands."""
    return f"recipes/{root}/index.html"


def _values(site: Site, root: str) -> dict[str, Any]:
    matrix = followers(site.lineage, root)
    return {
        "heading": title(matrix),
        "matrix": matrix,
        "columns": columns(matrix),
        "names": names(),
        "told": partial(step_text, address=False),
        "others": [
            (recipe, site.lineage.members[recipe].name)
            for recipe in recipes()
            if recipe != root and recipe in site.lineage.members
        ],
        "sentence": _sentence(matrix),
    }


def _sentence(matrix: Matrix) -> str:
    """How many keep what is kept most and least of what sets the recipe apart."""
    count = len(matrix.followers)
    if not count:
        return "No design of this catalog follows it yet."
    counts = {
        concept: sum(row.cells[index].state in ("kept", "partly") for row in matrix.followers)
        for index, concept in enumerate(matrix.concepts)
        if concept in matrix.apart
    }
    most = max(counts, key=lambda concept: (counts[concept], concept))
    least = min(counts, key=lambda concept: (counts[concept], concept))
    words = f"{names()[most]} is kept by {counts[most]} of {count}"
    return f"{words}, {names()[least]} by {counts[least]}." if least != most else f"{words}."
