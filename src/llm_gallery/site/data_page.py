"""All facts of all models for programs: as JSON with its schema, and as one flat table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from llm_gallery.catalog.parquet import parquet
from llm_gallery.site import data_index, json_schema, page_schema
from llm_gallery.site.contents import Site
from llm_gallery.site.data_table import Table, table
from llm_gallery.site.page import TREE, Card, Document, Page
from llm_gallery.site.render import to_csv, to_json
from llm_gallery.site.sharing import NAME, download, organization
from llm_gallery.site.short_forms import many

EXAMPLE = """\
import json
from urllib.request import urlopen

top = "{top}data/"
index = json.load(urlopen(top + "index.json"))
assert index["version"] == 1
for name in index["ids"][:3]:
    facts = json.load(urlopen(f"{{top}}../models/{{name}}/facts.json"))
    print(facts["name"], facts["parameters"]["total"], facts["cache"]["bytes_at"]["131072"])"""
"""A program that the page shows; a test runs it."""


@dataclass(frozen=True)
class Downloads:
    """What the files are made of."""

    site: Site

    @cached_property
    def facts(self) -> list[Any]:
        """Every model's facts, newest first."""
        return [shown.facts for shown in self.site.models]

    @cached_property
    def table(self) -> Table:
        """The same, flat."""
        return table(self.facts, self.site.lineage)

    @cached_property
    def json(self) -> bytes:
        """Every model's facts as they are written."""
        return to_json(self.facts)

    @cached_property
    def csv(self) -> bytes:
        """The table as CSV; an empty cell is a value that the model doesn't have."""
        return to_csv([column.name for column in self.table.columns], self.table.rows)

    @cached_property
    def parquet(self) -> bytes:
        """The table with types."""
        return parquet(self.table.columns, self.table.rows)

    def index(self) -> bytes:
        """What there is."""
        held = {"models.json": self.json, "models.csv": self.csv, "models.parquet": self.parquet}
        sizes = {path: len(data) for path, data in held.items()}
        return to_json(data_index.index(self.site, self.table.columns, sizes))

    def values(self) -> dict[str, Any]:
        """What the page shows."""
        return {
            "models": len(self.facts),
            "columns": self.table.columns,
            "keys": json_schema.keys(),
            "example": self.facts[0]["id"],
            "version": data_index.VERSION,
            "index_keys": json_schema.keys_of(data_index.schema()),
            "top": self.site.hosting.top,
            "python": EXAMPLE.format(top=self.site.hosting.top),
        }


def pages(site: Site) -> Iterator[Page | Document]:
    """The page and the files."""
    downloads = Downloads(site)
    yield Document("data/index.html", "data.html", downloads.values, TREE, card=_card(site))
    yield Page("data/index.json", downloads.index, TREE)
    yield Page("data/index.schema.json", lambda: to_json(data_index.schema()), TREE)
    yield Page("data/models.json", lambda: downloads.json, TREE)
    yield Page("data/models.schema.json", lambda: to_json(json_schema.schema()), TREE)
    yield Page("data/facts.schema.json", lambda: to_json(page_schema.schema()), TREE)
    yield Page("data/models.csv", lambda: downloads.csv, TREE)
    yield Page("data/models.parquet", lambda: downloads.parquet, TREE)


FORMS = {"json": "application/json", "csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
"""What the files of all models are."""


def _card(site: Site) -> Card:
    """A data set in three formats."""
    return replace(
        site.card,
        kind="Dataset",
        about=lambda top: {
            "name": f"Architectures of {many(len(site.models), 'language model')}",
            "creator": organization(f"The {NAME} authors"),
            "distribution": [
                download(f"{top}data/models.{ending}", form) for ending, form in FORMS.items()
            ],
        },
    )
