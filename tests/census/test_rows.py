"""Rows are what their files hold, whatever else these hold, and each is read in one piece."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow.parquet import write_table

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.census import pieces
from llm_gallery.census.pieces import plan
from llm_gallery.census.rows import Row, rows
from llm_gallery.sources.config_file import LARGEST


def read(*inputs: Path | str) -> list[Row]:
    return [row for piece in plan([*map(str, inputs)]).pieces for row in rows(piece)]


def lines(file: Path, *held: bytes) -> Path:
    file.write_bytes(b"\n".join(held))
    return file


def test_a_folder_names_repositories_by_its_paths(tmp_path: Path) -> None:
    for name in (
        "org/one/config.json",
        "org/two.json",
        "config.json",
        "deep/er/still/config.json",
        "a.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('{"model_type": "llama"}')
    (tmp_path / "org/lost.json").symlink_to("nowhere")
    (tmp_path / "org/a folder.json").mkdir()
    assert [row.repository for row in read(tmp_path)] == [
        *(tmp_path.name, "deep/er/still", "org/two", "org/one")
    ]
    assert {row.config for row in read(tmp_path)} == {b'{"model_type": "llama"}'}
    assert str(read(f"{tmp_path}/org/*.json")[-1].repository).endswith("/org/two")


def test_a_file_that_is_none_is_a_fault(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "large.json").write_bytes(b" " * (LARGEST + 1))
    (tmp_path / "none.json").write_bytes(b"")
    faults = {str(row.repository): row.fault for row in read(tmp_path)}
    assert "is no regular file" in str(faults["pipe"])
    assert "at most 8 MiB" in str(faults["large"])
    assert faults["none"] is None  # its config is empty


def test_lines(tmp_path: Path) -> None:
    file = lines(
        tmp_path / "a.jsonl",
        b'{"repository": "a/b", "config": {"x": 1}, "created": "2024-01-01", "downloads": 3, "likes": 0}',
        b"",
        b' {"repository": "a/c", "config": "{\\"x\\": 2}"}\r',
        b"no json",
        b'{"repository": "a/d"}',
        b"[1]",
        b'{"repository": "a/e", "config": 7}',
        b'{"repository": "a/f", "config": {"x": 1, "x": 2}}',
        b'\xff{"repository": "a/g"}',
        b'{"repository": "a/h", "config": "' + b"x" * LARGEST + b'"}',
        b'{"repository": "a/i", "config": {}}',
    )
    found = read(file)
    assert [row.repository for row in found] == [
        "a/b",
        "a/c",
        None,
        "a/d",
        None,
        "a/e",
        *(None,) * 3,
        "a/i",
    ]
    assert [row.config for row in found] == [{"x": 1}, b'{"x": 2}', *(None,) * 7, {}]
    assert found[0][4:7] == ("2024-01-01", 3, 0)
    said = [row.fault and row.fault.split(",")[0] for row in found]
    assert said[:4] == [None, None, "the line is not JSON from line 1", None]
    assert said[4] == "the line holds a list"
    assert said[5] == "the line has 7 as config"
    assert said[6] == 'the line states "x" twice in one object'
    assert str(said[7]).startswith("the line is not UTF-8 text")
    assert str(said[8]).startswith("the line has more")
    assert said[9] is None
    with file.open("rb") as opened:
        for row in found:
            opened.seek(row.row)
            assert opened.read(1) in b"{n[ \xff"


@given(
    st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b"")), max_size=30),
    st.integers(1, 40),
    st.booleans(),
)
@settings(max_examples=150)
def test_each_line_is_in_one_piece(held: list[bytes], size: int, ended: bool) -> None:
    """Wherever the file is cut."""
    file = Path(os.environ["PYTEST_CENSUS"]) / "cut.jsonl"
    file.write_bytes(b"\n".join([*held, b"{}"]) + (b"\n" if ended else b""))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pieces, "BYTES", size)
        cut = [row.row for row in read(file)]
    starts, at = [], 0
    for line in (*held, b"{}"):
        if line.strip():
            starts.append(at)
        at += len(line) + 1
    assert cut == starts


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Where the test above writes; Hypothesis wants no fixture of a single call."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTEST_CENSUS", str(tmp_path_factory.mktemp("lines")))
        yield


def parquet(file: Path, group: int = 100, **columns: Any) -> Path:
    write_table(pyarrow.table(columns), file, row_group_size=group)
    return file


def test_tables_of_text_and_of_structs(tmp_path: Path) -> None:
    texts = parquet(
        tmp_path / "a.parquet",
        2,
        repository=["a", "b", "c"],
        config=["{}", None, "x"],
        likes=[1, 2, 3],
    )
    found = read(texts)
    assert [row.repository for row in found] == [b"a", b"b", b"c"]
    assert [row.config for row in found] == [b"{}", None, b"x"]
    assert [(row.row, row.likes) for row in found] == [(0, 1), (1, 2), (2, 3)]
    held = [
        {"x": 1, "y": None, "z": {"u": None, "v": [None, 2]}},
        None,
        {"x": None, "y": 3, "z": None},
    ]
    structs = parquet(tmp_path / "b.parquet", repository=["a", "b", "c"], config=held)
    assert [row.config for row in read(structs)] == [
        {"x": 1, "z": {"v": [None, 2]}},
        None,
        {"y": 3},
    ]


def test_a_table_may_hold_anything(tmp_path: Path) -> None:
    """Text that isn't UTF-8, dictionaries, times that Python can't hold: one row stops no other."""
    odd = pyarrow.array([b"\xff", b"{}", b"a"], pyarrow.binary()).cast(pyarrow.string(), safe=False)
    found = read(
        parquet(
            tmp_path / "a.parquet",
            repository=pyarrow.array(["a", "b", "b"]).dictionary_encode(),
            config=odd,
            created=pyarrow.array([None, 0, 2**62], pyarrow.timestamp("ms")),
            downloads=[1.0, float("nan"), None],
            likes=[[1], None, []],
        )
    )
    assert [row.repository for row in found] == [b"a", b"b", b"b"]
    assert [row.config for row in found] == [b"\xff", b"{}", b"a"]
    assert found[1].created is not None
    assert found[2].created is None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.parquet",
            b"PAR1 and no more",
            r"is no Parquet file \(.+\), expected one; get it again",
        ),
        ("a.csv", b"", "ends otherwise, expected folders of configs, .json, .jsonl"),
    ],
)
def test_a_file_that_cant_be_read_is_refused(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refusal, match=said):
        plan([str(tmp_path / name)])


def test_a_large_row_group_is_read_in_parts(tmp_path: Path) -> None:
    held = {"repository": [str(n) for n in range(100)], "config": ["{}"] * 100}
    file = parquet(tmp_path / "a.parquet", 70, **held)
    whole = read(file)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pieces, "ROWS", 16)
        patched.setattr("llm_gallery.census.rows.MOST", 7)
        assert len(plan([str(file)]).pieces) == 7
        assert read(file) == whole
    assert [row.row for row in whole] == [*range(100)]


def test_what_duckdb_calls_json_is_text(tmp_path: Path) -> None:
    made = duckdb.connect()
    made.execute(
        f"COPY (SELECT 'a' AS repository, '{{\"x\": 1}}'::JSON AS config) TO '{tmp_path}/a.parquet'"
    )
    assert [row.config for row in read(tmp_path / "a.parquet")] == [b'{"x": 1}']
    of_json = pyarrow.array(['{"x": 2}'], pyarrow.json_(pyarrow.string()))
    file = parquet(tmp_path / "b.parquet", repository=["a"], config=of_json)
    assert [row.config for row in read(file)] == [b'{"x": 2}']


def test_what_names_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"names nothing, expected folders .+; check the path"):
        plan([f"{tmp_path}/*.parquet"])
    with pytest.raises(Refusal, match=r"holds no .json file, .+ give .+/\*.parquet"):
        plan([str(tmp_path)])
    file = parquet(tmp_path / "a.parquet", id=["a"], config=["{}"])
    with pytest.raises(
        Refusal, match=r"has no column repository \(it has id, config\), expected repository and"
    ):
        plan([str(file)])


def test_a_config_of_another_type_is_refused(tmp_path: Path) -> None:
    file = parquet(tmp_path / "a.parquet", repository=["a"], config=[[1]])
    with pytest.raises(Refusal, match="as config, expected text or a struct; write it as text"):
        plan([str(file)])


def test_a_file_that_is_cut_short_is_refused_where_it_ends(tmp_path: Path) -> None:
    texts = [f'{{"number": {number}}}' * 50 for number in range(4000)]
    file = parquet(tmp_path / "a.parquet", 1000, repository=["a"] * 4000, config=texts)
    (last,) = plan([str(file)]).pieces[-1:]
    data = bytearray(file.read_bytes())
    for at in range(len(data) // 2, len(data) - 4000):
        data[at] = 0
    file.write_bytes(data)
    with pytest.raises(
        Refusal,
        match=r"a.parquet can't be read from row 3,000 on .+; get it again, or leave it out",
    ):
        list(rows(last))


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", b'{"repository": "a"}')
    assert Counter(row.file for row in read(file, f"{tmp_path}/*.jsonl")) == {str(file): 1}


def test_a_plan_knows_its_files_again(tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", json.dumps({"repository": "a"}).encode())
    before = plan([str(file)])
    assert plan([str(file)]) == before
    os.utime(file, (1, 1))
    assert plan([str(file)]).digest != before.digest
