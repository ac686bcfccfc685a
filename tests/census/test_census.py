"""A census says of every row what describing its config alone says, and ends in the same bytes however it was stopped."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from benchmarks.hub_like import hub_like
from llm_gallery.analysis.contract import facts
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.architecture.schema import from_json
from llm_gallery.catalog.load import entries
from llm_gallery.census import gathered
from llm_gallery.recognition import describe
from llm_gallery.sources.config_file import parse
from tests.census.conftest import contents, run, table, told
from tests.odd_configs import cases, changed
from tests.sample import first, sample

CONFIGS: Mapping[str, dict[str, Any]] = {entry.id: dict(entry.config) for entry in entries()}


def hub_rows(file: Path, rows: int, *, group: int, seed: int = 1) -> Path:
    held = zip(*islice(hub_like(seed), rows), strict=True)
    names = ("repository", "config", "created", "downloads", "likes")
    return table(
        file, {name: [*column] for name, column in zip(names, held, strict=True)}, group=group
    )


def alone(text: bytes) -> tuple[str, str | None, dict[str, Any]]:
    """What one config comes to without any census: outcome, reason, facts."""
    try:
        config = parse(text, "the config")
    except Refusal as refusal:
        return "unreadable", str(refusal), {}
    try:
        return "described", None, facts(describe(config))
    except Refusal as refusal:
        return "refused", str(refusal), {}


def same(row: Mapping[str, Any], text: bytes) -> None:
    """A row says what its config says alone, where 64 bits hold its numbers."""
    outcome, reason, known = alone(text)
    numbers = {
        **{name: known.get(name) for name in ("context", "width", "vocabulary")},
        **{name: count for name, count in known.get("parameters", {}).items() if name in row},
        "layers": known.get("layers", {}).get("count"),
        "cache_bytes_per_token": known.get("cache", {}).get("bytes_per_token"),
        "state_bytes": known.get("cache", {}).get("state_bytes"),
    }
    if (most := max((number or 0) for number in numbers.values())) >= 2**63:
        assert row["outcome"] == "refused"
        assert f"makes a number of {len(str(most))} digits, expected at most" in row["reason"]
        return
    assert (row["outcome"], row["reason"]) == (outcome, reason)
    assert {name: row[name] for name in numbers} == numbers
    for name in ("unread", "assumed", "warnings", "concepts"):
        assert row[name] == known.get(name)
    assert row["family"] == known.get("model_type")
    assert (row["architecture"] is None) == (row["design"] is None) == (outcome != "described")


def hostile(count: int, seed: int) -> Iterator[bytes]:
    """Configs of the catalog with odd values, such texts cut or doubled, and bytes of no sort."""
    random = Random(seed)
    odd = cases({model: CONFIGS[model] for model in sample()})
    for model, place, value in random.sample(odd, count):
        text = json.dumps(changed(CONFIGS[model], place, value)).encode()
        match random.randrange(8):
            case 0:
                text = text[: random.randrange(len(text))]
            case 1:
                at = random.randrange(len(text))
                text = text[:at] + random.randbytes(3) + text[at:]
            case 2:
                text = text[:1] + b'"use_cache": true, "use_cache": false, ' + text[1:]
            case 3:
                text = (
                    text[:-1]
                    + b', "bos_token_id": '
                    + random.choice((b"nan", b"1,", b"[" * 99, b"9" * 5000))
                    + b"}"
                )
        yield text


@pytest.mark.parametrize("count", first((400, 3_000, 10_000), (400,), (10_000,)))
def test_hostile_rows_are_refused_with_the_reason(tmp_path: Path, out: Path, count: int) -> None:
    texts = list(hostile(count, seed=count))
    file = table(
        tmp_path / "a.parquet", {"repository": ["a/b"] * count, "config": texts}, group=150
    )
    totals = run(out, file)
    rows = told(out)
    for row, text in zip(rows, texts, strict=True):
        same(row, text)
    counted = Counter(row["outcome"] for row in rows)
    assert {name: totals[name] for name in ("described", "refused", "unreadable")} == counted
    assert min(counted.values()) > count // 20
    assert not any("report it" in str(row["reason"]) for row in rows)
    assert totals["read"] == count


@pytest.mark.whole
def test_lines_say_what_tables_say(tmp_path: Path, out: Path) -> None:
    """The same configs, as text, as objects of lines, and as files of a folder."""
    held = {model: CONFIGS[model] for model in sample()}
    lines = [json.dumps({"repository": model, "config": config}) for model, config in held.items()]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    for model, config in held.items():
        (tmp_path / "configs" / model).mkdir(parents=True)
        (tmp_path / "configs" / model / "config.json").write_text(json.dumps(config, indent=2))
    texts = {"repository": [*held], "config": [*map(json.dumps, held.values())]}
    made = []
    for given in (tmp_path / "a.jsonl", tmp_path / "configs", table(tmp_path / "a.parquet", texts)):
        place = tmp_path / f"out of {given.name}"
        run(place, given)
        rows = {row["repository"]: row for row in told(place)}
        made.append(
            {name: {**rows[name], "file": "", "row": 0, "copy_of": ""} for name in sorted(rows)}
        )
        for name, row in rows.items():
            same(row, json.dumps(held[name]).encode())
    assert made[0] == made[1] == made[2]
    assert set(made[0]) == set(held)


def test_what_nobody_says_is_a_fault_of_its_row(tmp_path: Path, out: Path) -> None:
    file = table(
        tmp_path / "a.parquet", {"repository": ["a", None, " "], "config": [None, "{}", "{}"]}
    )
    totals = run(out, file)
    assert [row["reason"].split(",")[0] for row in told(out)] == [
        *("the row has no config", "the row has no repository", "the row has no repository")
    ]
    assert (totals["read"], totals["unreadable"], totals["configs"]) == (3, 3, 0)


def test_copies(tmp_path: Path, out: Path) -> None:
    """The earliest repository of an architecture is the original, whatever stands first; without dates, the first."""
    llama, gpt = CONFIGS["llama-3-8b"], CONFIGS["gpt2-xl"]
    wide = llama | {"num_hidden_layers": 40}
    day = [datetime(2024, 1, n) for n in range(1, 8)]
    rows = [
        *(("late", llama | {"torch_dtype": "float16"}, day[5]), ("undated", llama, None)),
        *(
            ("first", llama, day[1]),
            ("other", gpt, None),
            ("wide", wide, day[0]),
            ("again", gpt, None),
        ),
    ]
    columns: Mapping[str, Sequence[Any]] = {
        "repository": [row[0] for row in rows],
        "config": [json.dumps(row[1]) for row in rows],
        "created": [row[2] for row in rows],
    }
    totals = run(out, table(tmp_path / "a.parquet", columns, group=2))
    found = {row["repository"]: row for row in told(out)}
    assert {name: row["copy_of"] for name, row in found.items()} == {
        "late": "first",
        "undated": "first",
        "first": None,
        "other": None,
        "wide": None,
        "again": "other",
    }
    assert found["wide"]["design"] == found["first"]["design"] != found["other"]["design"]
    assert found["wide"]["architecture"] != found["first"]["architecture"]
    assert (totals["architectures"], totals["designs"], totals["configs"]) == (3, 2, 3)
    kinds = {row["repository"]: row for row in told(out, "architectures.parquet")}
    assert {name: row["repositories"] for name, row in kinds.items()} == {
        "first": 3,
        "other": 2,
        "wide": 1,
    }
    for name, config in (("first", llama), ("other", gpt), ("wide", wide)):
        row, known = kinds[name], facts(describe(config))
        assert from_json(json.loads(row["tree"])) == describe(config)
        del known["unread"], known["assumed"], known["warnings"]
        assert json.loads(row["facts"]) == json.loads(json.dumps(known))
        assert row["total"] == found[name]["total"]
        assert row["created"] == found[name]["created"]


class Stopped(BaseException):
    """As if the process were killed."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hub_rows(tmp_path_factory.mktemp("hub") / "rows.parquet", 240, group=40)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory, hub: Path) -> Path:
    """A census of those rows, which others are compared with."""
    folder = tmp_path_factory.mktemp("taken") / "census"
    run(folder, hub)
    return folder


@pytest.mark.parametrize("seed", first(range(20), range(1), range(6, 20)))
def test_stopped_anywhere_it_ends_in_the_same_bytes(
    tmp_path: Path, hub: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped again and again, before or after a file has its name, each time a few files later."""
    monkeypatch.setattr(gathered, "GROUP", 16)
    run(tmp_path / "whole", hub)
    random, replaced = Random(seed), os.replace
    left = 0

    def replace(half: Path, file: Path) -> None:
        nonlocal left
        left -= 1
        if left == 0 and random.random() < 0.5:
            raise Stopped
        replaced(half, file)
        if left <= 0:
            raise Stopped

    stops = 0
    with monkeypatch.context() as patched:
        patched.setattr("llm_gallery.census.places.os.replace", replace)
        while not (tmp_path / "out" / "census.json").exists():
            left = random.randrange(1, 9)
            try:
                run(tmp_path / "out", hub)
            except Stopped:
                stops += 1
    assert stops > 3
    totals = run(tmp_path / "out", hub)
    assert totals["read"] == 240
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.whole
def test_two_processes_write_the_same_bytes(tmp_path: Path, hub: Path, taken: Path) -> None:
    run(tmp_path / "two", hub, workers=2)
    assert contents(tmp_path / "two") == contents(taken)
    assert [*contents(taken)] == [
        *("architectures.parquet", "census.json"),
        *(f"repositories/{piece:06}.parquet" for piece in range(6)),
    ]


def test_little_memory_makes_the_same_rows(
    tmp_path: Path, hub: Path, taken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few rows and bytes are held at a time."""
    limits = ("steps.TOGETHER", "steps.BYTES", "steps.AT_ONCE", "gathered.BYTES", "rows.BATCH")
    for limit, value in zip(limits, (7, 5_000, 3, 9_000, 3_000), strict=True):
        monkeypatch.setattr(f"llm_gallery.census.{limit}", value)
    run(tmp_path / "little", hub)
    for name in ("repositories/*.parquet", "architectures.parquet"):
        assert told(tmp_path / "little", name) == told(taken, name)


def test_a_folder_may_be_called_anything(tmp_path: Path, hub: Path, taken: Path) -> None:
    odd = tmp_path / "it's [1] *?"
    run(odd, hub)
    assert contents(odd) == contents(taken)


def test_a_finished_census_is_not_made_again(tmp_path: Path, hub: Path, out: Path) -> None:
    made = run(out, hub)
    before = {file: file.stat().st_mtime_ns for file in out.rglob("*")}
    assert run(out, hub) == made
    assert {file: file.stat().st_mtime_ns for file in out.rglob("*")} == before


def test_other_input_is_not_mixed_in(
    tmp_path: Path, hub: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = hub_rows(tmp_path / "other.parquet", 10, group=10)
    with monkeypatch.context() as patched:
        patched.setattr(gathered, "distinct", stopped)
        with pytest.raises(Stopped):
            run(out, hub)
    with pytest.raises(
        Refusal, match="holds a census of other files, expected the same inputs, unchanged"
    ):
        run(out, other)
    run(out, hub)
    with pytest.raises(Refusal, match="holds a census of other files"):
        run(out, other)
    monkeypatch.setattr("llm_gallery.census.run.program", lambda: "another")
    with pytest.raises(Refusal, match="holds a census of another version, expected"):
        run(out, hub)


def stopped(*_: object) -> None:
    raise Stopped


def test_a_folder_of_other_files_is_left_alone(hub: Path, out: Path) -> None:
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    with pytest.raises(Refusal, match="holds other files, expected an empty folder"):
        run(out, hub)
    assert [*contents(out)] == ["thesis.txt"]


def test_the_queries_of_the_documentation_run(
    tmp_path: Path, taken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each on the tables of a census, whose columns are those that are documented."""
    text = (Path(__file__).parents[2] / "docs" / "census.md").read_text("utf-8")
    (tmp_path / "census").symlink_to(taken)
    monkeypatch.chdir(tmp_path)
    queries = [
        one
        for block in re.findall(r"```sql\n(.*?)```", text, re.S)
        for one in block.split(";\n")
        if one
    ]
    answers = [duckdb.execute(query).fetchall() for query in queries]
    assert len(queries) == 6
    assert all(answers)
    assert any(0 < models < 1 and downloads > 0 for _, models, downloads in answers[3])
    named = {
        name
        for row in re.findall(r"^\| (`.*?) \|", text, re.M)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert {*told(tmp_path / "census")[0]} <= named


def test_what_is_written_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(
        Refusal, match="which is read, expected a folder beside it; give another --output"
    ):
        run(tmp_path / "out", tmp_path)
    assert [*contents(tmp_path)] == ["a.json"]


def test_nothing_to_read_is_said(tmp_path: Path, out: Path) -> None:
    (tmp_path / "a.jsonl").write_text("")
    with pytest.raises(Refusal, match=r"a.jsonl holds no row, expected at least one config"):
        run(out, tmp_path / "a.jsonl")
    assert not out.exists()
    (tmp_path / "a.jsonl").write_text("\n\n")
    assert run(out, tmp_path / "a.jsonl")["read"] == 0
    assert told(out) == told(out, "architectures.parquet") == []
