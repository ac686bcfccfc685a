"""All facts of all models for programs: as JSON with its schema, and as one flat table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from io import StringIO
from typing import Any

from llm_gallery.catalog.parquet import parquet
from llm_gallery.site import json_schema, page_schema
from llm_gallery.site.contents import Site
from llm_gallery.site.data_table import Table, table
from llm_gallery.site.page import TREE, Card, Document, Page
from llm_gallery.site.render import to_json
from llm_gallery.site.sharing import NAME, download, organization
from llm_gallery.site.short_forms import many


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

    def csv(self) -> bytes:
        """The table as RFC 4180 has it; an empty cell is a value that the model doesn't have."""
        text = StringIO()
        rows = csv.writer(text)
        rows.writerow([column.name for column in self.table.columns])
        rows.writerows(self.table.rows)
        return text.getvalue().encode()

    def parquet(self) -> bytes:
        """The table with types."""
        return parquet(self.table.columns, self.table.rows)

    def values(self) -> dict[str, Any]:
        """What the page shows."""
        return {
            "models": len(self.facts),
            "columns": self.table.columns,
            "keys": json_schema.keys(),
            "example": self.facts[0]["id"],
        }


def pages(site: Site) -> Iterator[Page | Document]:
    """The page and the files."""
    downloads = Downloads(site)
    yield Document("data/index.html", "data.html", downloads.values, TREE, card=_card(site))
    yield Page("data/models.json", lambda: to_json(downloads.facts), TREE)
    yield Page("data/models.schema.json", lambda: to_json(json_schema.schema()), TREE)
    yield Page("data/facts.schema.json", lambda: to_json(page_schema.schema()), TREE)
    yield Page("data/models.csv", downloads.csv, TREE)
    yield Page("data/models.parquet", downloads.parquet, TREE)


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
