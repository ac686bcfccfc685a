"""Input from a store and from a host comes to what the same files here come to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.census import storage
from tests.census.conftest import run, told
from tests.census.test_census import CONFIGS, hub_rows


class Store(BaseHTTPRequestHandler):
    """Serves a folder in parts, and lists it as S3 does: /bucket/name."""

    folder: ClassVar[Path]
    parts: ClassVar[bool] = True
    stamp: ClassVar[str] = ""
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        """An object's size."""
        self.do_GET()

    def do_GET(self) -> None:
        """An object, a part of it, or the list of a bucket."""
        path = urlsplit(self.path)
        if "list-type" in parse_qs(path.query):
            return self.say(200, self.listing(parse_qs(path.query).get("prefix", [""])[0]))
        file = self.folder / unquote(path.path).partition("/bucket/")[2]
        if not file.is_file():
            return self.say(404)
        held = file.read_bytes()
        part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if part is None or not self.parts:
            return self.say(200, held)
        start, end = int(part[1]), min(int(part[2]) + 1, len(held))
        return self.say(206, held[start:end], f"bytes {start}-{end - 1}/{len(held)}")

    def listing(self, prefix: str) -> bytes:
        files = sorted(file for file in self.folder.rglob("*") if file.is_file())
        keys = [file.relative_to(self.folder).as_posix() for file in files]
        found = "".join(
            f"<Contents><Key>{key}</Key><Size>{file.stat().st_size}</Size>"
            "<LastModified>2026-11-01T00:00:00.000Z</LastModified></Contents>"
            for key, file in zip(keys, files, strict=True)
            if key.startswith(prefix)
        )
        return (
            f"<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>{found}"
            "</ListBucketResult>"
        ).encode()

    def say(self, status: int, body: bytes = b"", part: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", "Sun, 01 Nov 2026 00:00:00 GMT")
        self.send_header("ETag", f'"{self.stamp or md5(self.path.encode()).hexdigest()}"')
        if part:
            self.send_header("Content-Range", part)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Its address; the store has tables, lines, and what a pattern leaves out."""
    folder = tmp_path / "store" / "hub"
    folder.mkdir(parents=True)
    hub_rows(folder / "a.parquet", 50, group=20)
    hub_rows(folder / "b.parquet", 20, group=20, seed=2)
    line = json.dumps({"repository": "a/b", "config": CONFIGS["llama-3-8b"]})
    (folder / "c.jsonl").write_text(f"{line}\n" * 30)
    (folder / "deeper").mkdir()
    (folder / "deeper" / "d.parquet").write_bytes(b"")
    monkeypatch.setattr(Store, "folder", tmp_path / "store", raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    for name, value in (
        ("AWS_ENDPOINT_URL", address),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("llm_gallery.census.fetch.client.Client._hold", lambda *_: None)
    yield address
    server.shutdown()
    server.server_close()


def rows(out: Path) -> list[dict[str, object]]:
    return [{**row, "file": ""} for row in told(out)]


@pytest.mark.whole
@pytest.mark.parametrize("kind", ["s3", "http"])
def test_it_comes_to_the_same(host: str, tmp_path: Path, kind: str) -> None:
    here = [f"{tmp_path}/store/hub/*.parquet", f"{tmp_path}/store/hub/c.jsonl"]
    if kind == "s3":
        there = ["s3://bucket/hub/*.parquet", "s3://bucket/hub/c.jsonl"]
    else:
        there = [f"{host}/bucket/hub/{name}" for name in ("a.parquet", "b.parquet", "c.jsonl")]
    totals = run(tmp_path / "there", *there)
    assert totals["read"] == 100
    run(tmp_path / "here", *here)
    assert rows(tmp_path / "there") == rows(tmp_path / "here")
    assert {row["file"] for row in told(tmp_path / "there")} == {
        f"{'s3:/' if kind == 's3' else host}/bucket/hub/{name}"
        for name in ("a.parquet", "b.parquet", "c.jsonl")
    }
    assert run(tmp_path / "there", *there) == totals


def test_what_is_not_there_is_refused(host: str, tmp_path: Path) -> None:
    for address, why in (
        ("s3://bucket/hub/none.parquet", "can't be read .no such object"),
        ("s3://bucket/none/*.parquet", "names nothing"),
        (f"{host}/bucket/none.parquet", "can't be read .status 404"),
        ("http://127.0.0.1:1/a.parquet", "can't be read .isn't answered"),
        ("s3://bucket/hub/deeper/d.parquet", "is no Parquet file"),
    ):
        with pytest.raises(Refusal, match=why):
            run(tmp_path / "out", address)
    (tmp_path / "store" / "a.json").write_text("{}")
    with pytest.raises(Refusal, match="is one config, expected .jsonl"):
        run(tmp_path / "out", f"{host}/bucket/a.json")


def test_a_host_must_serve_parts_of_one_file(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"{host}/bucket/hub/c.jsonl"
    with storage.opened(address) as opened:
        assert opened.read(10) == b'{"reposito'
    parts = storage._Parts(address)
    monkeypatch.setattr(Store, "stamp", "another")
    with pytest.raises(OSError, match="was written anew while it was read"):
        parts.readinto(bytearray(10))
    monkeypatch.setattr(Store, "parts", False)
    with pytest.raises(OSError, match="isn't served in parts"):
        storage.status(address)
    assert not storage.exists(address)
