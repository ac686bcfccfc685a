"""The downloads, the feed and the table of accuracy: all of them say what the library says, read by others' readers."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import jsonschema
import pyarrow.parquet
import pytest
from pydantic import ValidationError

from llm_gallery.analysis.units import grouped
from llm_gallery.catalog.accuracy import compared
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import MODELS as ENTRIES
from llm_gallery.catalog.load import find
from llm_gallery.site.contents import Site
from llm_gallery.site.contents import site as site_of
from llm_gallery.site.data_table import Table, table
from llm_gallery.site.json_schema import MODELS, keys
from llm_gallery.site.page_schema import MODEL_FACTS
from tests import described_catalog

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def held(catalog: Path) -> Site:
    return described_catalog.site() if catalog == ENTRIES else site_of(catalog)


@pytest.fixture(scope="module")
def expected(held: Site) -> Table:
    return table([shown.facts for shown in held.models], held.lineage)


def test_csv_is_the_table(site: Path, expected: Table) -> None:
    with (site / "data" / "models.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == [column.name for column in expected.columns]
    wanted = [["" if cell is None else str(cell) for cell in row] for row in expected.rows]
    assert rows == wanted


def test_parquet_is_the_table(site: Path, expected: Table) -> None:
    """By the reference reader: names, types and every value."""
    read = pyarrow.parquet.read_table(site / "data" / "models.parquet")
    kinds = {"text": "string", "integer": "int64", "date": "date32[day]"}
    assert [(field.name, str(field.type)) for field in read.schema] == [
        (column.name, kinds[column.kind]) for column in expected.columns
    ]
    for index, column in enumerate(expected.columns):
        wanted = [row[index] for row in expected.rows]
        if column.kind == "date":
            wanted = [None if cell is None else date.fromisoformat(str(cell)) for cell in wanted]  # type: ignore[misc]
        assert read[column.name].to_pylist() == wanted, column.name


def test_json_fits_its_schema_and_the_schema_can_be_failed(site: Path) -> None:
    models = json.loads((site / "data" / "models.json").read_text("utf-8"))
    schema = json.loads((site / "data" / "models.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    fits = validator(schema).is_valid
    assert fits(models)
    first = models[0]
    stated = first["sheet"][0]["facts"][0] | {"evidence": "rumoured"}
    for broken in (
        {"parameters": "many"},
        {"parameters": first["parameters"] | {"total": -1}},
        {"parameters": first["parameters"] | {"total": 0.5}},
        {"cache": first["cache"] | {"bytes_at": {"4096": "much"}}},
        {"layers": first["layers"] | {"more": 1}},
        {"sheet": [first["sheet"][0] | {"facts": [stated]}]},
        {"released": None},
    ):
        assert not fits([first | broken]), broken
        with pytest.raises(ValidationError):
            MODELS.validate_python([first | broken])
    for key in first:
        assert not fits([{name: held for name, held in first.items() if name != key}]), key


def test_each_page_fits_its_schema_and_the_schema_can_be_failed(site: Path) -> None:
    schema = json.loads((site / "data" / "facts.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    fits = jsonschema.Draft202012Validator(schema).is_valid
    for file in site.glob("models/*/facts.json"):
        text = file.read_text("utf-8")
        MODEL_FACTS.validate_json(text)
        facts = json.loads(text)
        assert fits(facts), file
    page = facts["page"]
    for broken in (
        {"stored_tensors": -1},
        {"family": page["family"] | {"drawn": 1}},
        {"figure": {level: page["figure"][level] for level in ("card", "standard")}},
        {"tensors": [page["tensors"][0] | {"shape": [0.5]}]},
        {"more": page["note"]},
    ):
        changed = facts | {"page": page | broken}
        assert not fits(changed), broken
        with pytest.raises(ValidationError):
            MODEL_FACTS.validate_json(json.dumps(changed))
    for key in page:
        without = {name: value for name, value in page.items() if name != key}
        assert not fits(facts | {"page": without}), key
    described = schema["$defs"].values()
    keys = [key for node in described for key in node.get("properties", {}).values()]
    assert all(key["description"] for key in keys)


def test_each_model_has_its_own_of_these(site: Path) -> None:
    models = json.loads((site / "data" / "models.json").read_text("utf-8"))
    for model in models:
        facts = json.loads((site / "models" / model["id"] / "facts.json").read_text("utf-8"))
        assert facts.pop("page")
        assert facts == model
        MODELS.validate_json(json.dumps([facts]))


def test_json_is_the_librarys(site: Path, held: Site) -> None:
    models = json.loads((site / "data" / "models.json").read_text("utf-8"))
    assert models == json.loads(json.dumps([shown.facts for shown in held.models]))


def test_columns_and_keys_are_explained_on_the_page(site: Path, expected: Table) -> None:
    page = unescape((site / "data" / "index.html").read_text("utf-8"))
    for column in expected.columns:
        assert column.text
        assert f"<code>{column.name}</code>" in page
        assert column.text in page
    for key in keys():
        assert key.text
        assert (
            f"<code>{key.path}</code></th><td>{' or '.join(key.types)}</td><td>{key.text}" in page
        )


def test_the_feed_is_atom(site: Path, listed: tuple[Entry, ...]) -> None:
    """RFC 4287: one id, title and date each, an author, and a link that leads to the model's page."""
    file = site / "changes" / "feed.xml"
    feed = ElementTree.parse(file).getroot()
    assert feed.tag == f"{ATOM}feed"
    stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    found = feed.findall(f"{ATOM}entry")
    for part in (feed, *found):
        for name in ("id", "title", "updated"):
            (one,) = part.findall(f"{ATOM}{name}")
            assert one.text
        assert stamp.fullmatch(part.findtext(f"{ATOM}updated", ""))
        assert part.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
    ids = [entry.findtext(f"{ATOM}id") for entry in found]
    assert len(set(ids)) == len(ids)
    dates = [entry.findtext(f"{ATOM}updated", "") for entry in found]
    assert dates == sorted(dates, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == dates[0]
    known = {entry.id: entry for entry in listed}
    assert len(found) == len(known)
    for entry in found:
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        (link,) = entry.findall(f"{ATOM}link")
        path = urlsplit(link.get("href", "")).path
        target = (file.parent / path).resolve()
        assert target.is_file()
        assert known[target.parent.name].summary in entry.findtext(f"{ATOM}summary", "")


def test_accuracy_is_that_of_the_one_source(site: Path, listed: tuple[Entry, ...]) -> None:
    page = unescape((site / "about" / "index.html").read_text("utf-8"))
    rows = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", page, re.DOTALL)
    assert len(rows) == len(listed)
    for entry, row in zip(listed, rows, strict=True):
        one = compared(entry, find(entry.id).architecture.root)
        cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        published = "none" if one.published is None else grouped(one.published)
        assert cells[0] == entry.name
        assert cells[1] == grouped(one.total)
        assert cells[2].removeprefix("about ") == published
        assert cells[4] == ("" if one.remainder is None else grouped(one.remainder))


def test_changes_name_each_model_once(site: Path, listed: tuple[Entry, ...]) -> None:
    page = unescape((site / "changes" / "index.html").read_text("utf-8"))
    named = re.findall(r'<article class="release"><h3><a href="\.\./models/([^/]+)/', page)
    assert sorted(named) == sorted(entry.id for entry in listed)
