"""data/index.json: which files of data there are, by which schema, and what their version promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from llm_gallery.catalog.load import MODELS as PUBLISHED
from llm_gallery.catalog.parquet import Kind
from llm_gallery.concepts import concepts
from llm_gallery.site import release_feeds
from llm_gallery.site.contents import Site
from llm_gallery.site.data_table import Column
from llm_gallery.site.json_schema import Closed, Count, Json, written
from llm_gallery.site.sharing import LICENCE
from llm_gallery.site.short_forms import slug
from llm_gallery.trends.charts import CHARTS

VERSION = 1
"""Of the data: within one, keys and columns are added, and none is renamed, removed or given another meaning."""
Text = Annotated[str, Field(min_length=1)]


class File(Closed):
    path: Text
    """from this file; {id}, {maker}, {concept} and {chart} stand for each of those below"""
    format: Text
    """its media type"""
    holds: Text
    """what it holds"""
    schema_path: Annotated[Text | None, Field(alias="schema")]
    """path of its JSON Schema"""
    bytes: Count | None
    """its size; of a family of files none"""


class ColumnOf(Closed):
    name: Text
    """its name"""
    type: Kind
    """of its values"""
    meaning: Text
    """what it says"""


class DataIndex(Closed):
    """The data of the LLM Architecture Gallery."""

    model_config = ConfigDict(title="The data of the LLM Architecture Gallery")

    version: Literal[1]
    """within it keys and columns are added, and none is renamed, removed or given another meaning"""
    licence: Text
    """address of the licence of the data"""
    catalog: Literal["published", "own"]
    """whether the entries are those of the package, or somebody's own"""
    newest: Text
    """day of the newest model, up to which the data go"""
    files: list[File]
    """every file of data"""
    columns: list[ColumnOf]
    """of the CSV and the Parquet file, in order"""
    ids: list[str]
    """of all models, newest first"""
    makers: list[str]
    """names of makers as addresses have them"""
    concepts: list[str]
    """ids of the concepts that a model has"""
    charts: list[str]
    """numbers that are charted over time"""


INDEX = TypeAdapter(DataIndex)
"""Reads data/index.json, and refuses what isn't."""


def schema() -> Json:
    """The schema that data/index.json fits."""
    return written(INDEX)


JSON, CSV, ATOM = "application/json", "text/csv", "application/atom+xml"
FILES = (
    ("models.json", JSON, "every fact of every model, newest first", "models.schema.json"),
    ("models.csv", CSV, "one row a model", None),
    ("models.parquet", "application/vnd.apache.parquet", "the same with types", None),
    (
        "../models/{id}/facts.json",
        JSON,
        "a model, with all that its page says",
        "facts.schema.json",
    ),
    (
        "../models/{id}/figure.svg",
        "image/svg+xml",
        "its figure; #dark and #print are its themes",
        None,
    ),
    ("../trends/data/{chart}.csv", CSV, "a number over time, a row a model", None),
    (
        "../trends/data/adoption.csv",
        CSV,
        "designs with what moved most, by quarter, maker and size",
        None,
    ),
    ("../changes/feed.xml", ATOM, "an entry a model, newest first", None),
    ("../feeds/maker/{maker}.xml", ATOM, "the newest of a maker", None),
    ("../feeds/concept/{concept}.xml", ATOM, "the newest with a concept", None),
)
"""Paths, media types, what they hold, and their schemas."""


def index(site: Site, columns: tuple[Column, ...], sizes: Mapping[str, int]) -> Json:
    """The value of data/index.json; `sizes` are bytes of files by their paths."""
    return {
        "version": VERSION,
        "licence": LICENCE,
        "catalog": "published" if site.catalog == PUBLISHED else "own",
        "newest": site.newest.isoformat(),
        "files": [
            {"path": path, "format": form, "holds": holds, "schema": fits, "bytes": sizes.get(path)}
            for path, form, holds, fits in FILES
        ],
        "columns": [
            {"name": column.name, "type": column.kind, "meaning": column.text} for column in columns
        ],
        "ids": [shown.id for shown in site.models],
        "makers": [slug(group.name) for group in release_feeds.makers(site)],
        "concepts": sorted(name for name in concepts() if site.shown_by[name]),
        "charts": [chart.name for chart in CHARTS],
    }
