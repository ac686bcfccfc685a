"""The downloads, the feed and the table of accuracy: all of them say what the library says, read by others' readers."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
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
from llm_gallery.concepts import concepts
from llm_gallery.site.contents import Site
from llm_gallery.site.contents import site as site_of
from llm_gallery.site.data_index import INDEX, VERSION, DataIndex
from llm_gallery.site.data_table import COLUMNS, Table, table
from llm_gallery.site.json_schema import MODELS, keys
from llm_gallery.site.page_schema import MODEL_FACTS, PageFacts
from llm_gallery.site.release_feeds import NEWEST
from llm_gallery.site.short_forms import slug
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


def test_the_index_fits_its_schema_and_names_files_that_are_there(
    site: Path, held: Site, expected: Table
) -> None:
    index = json.loads((site / "data" / "index.json").read_text("utf-8"))
    INDEX.validate_python(index)
    schema = json.loads((site / "data" / "index.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    fits = jsonschema.Draft202012Validator(schema).is_valid
    assert fits(index)
    assert not fits(index | {"version": 2})
    assert not fits({key: value for key, value in index.items() if key != "ids"})
    assert index["ids"] == [shown.id for shown in held.models]
    assert index["catalog"] == ("published" if held.catalog == ENTRIES else "own")
    assert [column["name"] for column in index["columns"]] == [c.name for c in expected.columns]
    lists = {"id": "ids", "maker": "makers", "concept": "concepts", "chart": "charts"}
    for one in index["files"]:
        sort = re.search(r"{(\w+)}", one["path"])
        names = index[lists[sort[1]]] if sort else [""]
        assert names
        for name in names:
            file = site / "data" / (one["path"].replace(sort[0], name) if sort else one["path"])
            assert file.is_file(), file
        if one["bytes"] is not None:
            assert one["bytes"] == file.stat().st_size
        if one["schema"]:
            assert (site / "data" / one["schema"]).is_file()
    feeds = {file.stem for file in (site / "feeds" / "maker").glob("*.xml")}
    assert feeds == set(index["makers"])


def test_within_a_version_keys_are_added_and_none_is_lost() -> None:
    """What version 1 promised on the day that it was first said."""
    promised = (Path(__file__).parent / "data_version_1.txt").read_text("utf-8").split()
    now = {f"models.json:{key.path}" for key in keys()}
    now |= {f"facts.json:{name}" for name in PageFacts.model_fields}
    now |= {f"models.csv:{column.name}" for column in COLUMNS}
    now |= {f"index.json:{name}" for name in DataIndex.model_fields}
    assert VERSION == 1
    assert set(promised) - now == set()


def test_the_example_on_the_page_runs(site: Path, held: Site) -> None:
    page = unescape((site / "data" / "index.html").read_text("utf-8"))
    shown = page.split('id="python">')[1].split("</pre>")[0]
    program = shown.replace(held.hosting.top, f"{site.as_uri()}/")
    assert program != shown
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    first = held.models[:3]
    assert ran.stdout.splitlines() == [
        f"{one.facts['name']} {one.facts['parameters']['total']} {one.facts['cache']['bytes_at']['131072']}"
        for one in first
    ]


STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read_feed(file: Path) -> list[ElementTree.Element]:
    """The entries of a feed, which is RFC 4287's: one id, title and date each, an author, and a link."""
    feed = ElementTree.parse(file).getroot()
    assert feed.tag == f"{ATOM}feed"
    found = feed.findall(f"{ATOM}entry")
    for part in (feed, *found):
        for name in ("id", "title", "updated"):
            (one,) = part.findall(f"{ATOM}{name}")
            assert one.text
        assert STAMP.fullmatch(part.findtext(f"{ATOM}updated", ""))
        assert part.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
    ids = [entry.findtext(f"{ATOM}id") for entry in found]
    assert len(set(ids)) == len(ids)
    dates = [entry.findtext(f"{ATOM}updated", "") for entry in found]
    assert dates == sorted(dates, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == dates[0]
    links = {link.get("rel"): link.get("href", "") for link in feed.findall(f"{ATOM}link")}
    assert (file.parent / links["alternate"]).resolve().is_file()
    assert (file.parent / links["self"]).resolve() == file
    for entry in found:
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert target(file, entry).is_file()
    return found


def target(file: Path, entry: ElementTree.Element) -> Path:
    """The page that an entry links."""
    (link,) = entry.findall(f"{ATOM}link")
    return (file.parent / urlsplit(link.get("href", "")).path).resolve()


def test_the_feed_is_atom(site: Path, listed: tuple[Entry, ...]) -> None:
    file = site / "changes" / "feed.xml"
    known = {entry.id: entry for entry in listed}
    found = read_feed(file)
    assert len(found) == len(known)
    for entry in found:
        of = known[target(file, entry).parent.name]
        assert of.summary in entry.findtext(f"{ATOM}summary", "")


def test_feeds_of_makers_and_concepts_hold_theirs_alone(site: Path, held: Site) -> None:
    """The newest of each; an entry has the id that it has in the feed of all, and feeds have ids of their own."""
    everything = {
        target(site / "changes" / "feed.xml", entry): entry.findtext(f"{ATOM}id")
        for entry in read_feed(site / "changes" / "feed.xml")
    }
    newest = sorted(held.exhibits, key=lambda e: (e.entry.released, e.entry.id), reverse=True)
    of: dict[str, list[str]] = {}
    for exhibit in newest:
        for path in (
            f"maker/{slug(exhibit.entry.organization)}",
            *(f"concept/{name}" for name in exhibit.concepts if name in concepts()),
        ):
            of.setdefault(path, []).append(exhibit.entry.id)
    files = {f"{file.parent.name}/{file.stem}": file for file in site.glob("feeds/*/*.xml")}
    assert set(files) == set(of)
    feed_ids = set()
    changes = (site / "changes" / "index.html").read_text("utf-8")
    for path, file in files.items():
        found = read_feed(file)
        assert [target(file, one).parent.name for one in found] == of[path][:NEWEST]
        assert all(everything[target(file, one)] == one.findtext(f"{ATOM}id") for one in found)
        feed_ids.add(ElementTree.parse(file).getroot().findtext(f"{ATOM}id"))
        assert f'href="../feeds/{path}.xml"' in changes
    assert len(feed_ids) == len(files)
    page = (site / "concepts" / "multi-head-latent-attention" / "index.html").read_text("utf-8")
    assert 'href="../../feeds/concept/multi-head-latent-attention.xml"' in page


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
