"""What is sent packed: text alone, to who takes it, with its own tag, whole, and no more kept than may be."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread

import pytest

from llm_gallery.server import packed
from llm_gallery.server.packed import LEAST, MOST, PackedFiles, accepts
from llm_gallery.server.serve import listening

TEXT = "".join(f"<p>{n} lines of a page</p>\n" for n in range(2_000))
GZIP = {"Accept-Encoding": "gzip, deflate, br, zstd"}
FILES = {
    "index.html": TEXT,
    "404.html": f"<p>not here</p>{TEXT}",
    "small.html": "<p>a</p>" * 20,
    **dict.fromkeys(
        (
            *("a.css", "a.csv", "a.js", "a.mjs", "a.json", "a.py", "a.svg", "a.txt", "a.xml"),
            *("a.png", "a.pdf", "a.woff2", "a.zip", "a.parquet", "a.wasm"),
            "models/a/index.html",
        ),
        TEXT,
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@contextmanager
def running(folder: Path) -> Iterator[int]:
    with listening(folder, 0) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def asked(
    port: int, path: str, headers: Mapping[str, str], method: str = "GET", body: str | None = None
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, dict(headers))
    answer = connection.getresponse()
    found = answer.read()
    connection.close()
    return answer, found


@pytest.mark.parametrize(
    "path",
    ["/", "/index.html", "/models/a/", *(f"/{name}" for name in FILES if name[:2] == "a.")],
)
def test_a_file_comes_whole_either_way(folder: Path, path: str) -> None:
    """Text packed and at least three times as small, all else as it is; and as it is for who takes no gzip."""
    text = packed.packs(Path(path).suffix or ".html", len(TEXT))
    assert text == (
        Path(path).suffix not in (".png", ".pdf", ".woff2", ".zip", ".parquet", ".wasm")
    )
    with running(folder) as port:
        plain, whole = asked(port, path, {})
        small, body = asked(port, path, GZIP)
    assert (plain.status, small.status, whole.decode()) == (200, 200, TEXT)
    assert plain.getheader("Content-Encoding") is None
    assert small.getheader("Content-Type") == plain.getheader("Content-Type")
    assert [one.getheader("Vary") for one in (plain, small)] == [
        "Accept-Encoding" if text else None
    ] * 2
    assert small.getheader("Content-Length") == str(len(body))
    assert small.getheader("Content-Encoding") == ("gzip" if text else None)
    assert (small.getheader("ETag") != plain.getheader("ETag")) == text
    assert (gzip.decompress(body) if text else body).decode() == TEXT
    assert len(body) * 3 < len(TEXT) or not text


@pytest.mark.parametrize("headers", [{}, GZIP], ids=["plain", "gzip"])
def test_head_says_what_get_sends(folder: Path, headers: Mapping[str, str]) -> None:
    with running(folder) as port:
        got, _ = asked(port, "/a.json", headers)
        head, body = asked(port, "/a.json", headers, "HEAD")
    names = ("ETag", "Last-Modified", "Vary", "Content-Type", "Content-Length", "Content-Encoding")
    assert [got.getheader(one) for one in names] == [head.getheader(one) for one in names]
    assert body == b""


@pytest.mark.parametrize("headers", [{}, GZIP], ids=["plain", "gzip"])
def test_what_is_known_is_not_sent_again(folder: Path, headers: Mapping[str, str]) -> None:
    """By the tag of what would be sent, and of nothing else; by the time where no tag is given."""
    with running(folder) as port:
        first, _ = asked(port, "/", headers)
        tag, changed = first.getheader("ETag") or "", first.getheader("Last-Modified") or ""
        other, _ = asked(port, "/", {} if headers else GZIP)
        for known in (tag, f'"x", W/{tag}', "*"):
            again, body = asked(port, "/", {**headers, "If-None-Match": known})
            assert (again.status, body) == (304, b"")
            assert again.getheader("ETag") == tag
            assert again.getheader("Vary") == "Accept-Encoding"
            assert again.getheader("Content-Encoding") is None
        for stale in (other.getheader("ETag") or "", '"x"', ""):
            again, body = asked(
                port, "/", {**headers, "If-None-Match": stale, "If-Modified-Since": changed}
            )
            assert again.status == 200
            assert body
        assert asked(port, "/", {**headers, "If-Modified-Since": changed})[0].status == 304
        for wrong in ("never", "Thu, 01 Jan 1970 00:00:00 GMT", ""):
            assert asked(port, "/", {**headers, "If-Modified-Since": wrong})[0].status == 200


def test_a_new_file_is_sent_at_once(folder: Path) -> None:
    """Even if it is as long and as old to the second: a build takes the place of the one before."""
    path = folder / "index.html"
    with running(folder) as port:
        before, _ = asked(port, "/", GZIP)
        old = path.stat()
        path.write_text(TEXT.replace("lines", "words"))
        os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns + 1_000))
        known = {**GZIP, "If-None-Match": before.getheader("ETag") or ""}
        after, body = asked(port, "/", known)
    assert after.status == 200
    assert b"words of a page" in gzip.decompress(body)


def test_a_range_is_answered_by_the_whole(folder: Path) -> None:
    """Which each answer says; never by a part of what is packed."""
    with running(folder) as port:
        for headers in ({}, GZIP):
            answer, body = asked(port, "/a.csv", {**headers, "Range": "bytes=0-9"})
            assert answer.status == 200
            assert answer.getheader("Accept-Ranges") == "none"
            assert answer.getheader("Content-Range") is None
            assert (gzip.decompress(body) if headers else body).decode() == TEXT


def test_what_is_small_is_sent_as_it_is(folder: Path) -> None:
    assert len(FILES["small.html"]) < LEAST
    with running(folder) as port:
        answer, body = asked(port, "/small.html", GZIP)
    assert answer.getheader("Content-Encoding") is None
    assert body.decode() == FILES["small.html"]
    assert not packed.packs(".json", MOST + 1)


def test_answers_and_the_page_of_what_is_not_there_are_packed_too(folder: Path) -> None:
    json = {**GZIP, "Content-Type": "application/json"}
    with running(folder) as port:
        missing, page = asked(port, "/nothing", GZIP)
        nothing, none = asked(port, "/nothing", GZIP, "HEAD")
        answer, body = asked(port, "/api/describe", json, "POST", '{"text": "{}"}')
    assert missing.status == nothing.status == 404
    assert gzip.decompress(page).decode() == FILES["404.html"]
    assert none == b""
    assert nothing.getheader("Content-Length") == str(len(page))
    assert answer.status == 200
    assert b"refused" in body  # a short one, as it is


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("x-gzip", True),
        ("br, deflate", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("identity;q=1, *;q=0, gzip;q=0.001", True),
        (";;;,q=,gzip;q=", True),
    ],
)
def test_who_takes_it(header: str | None, taken: bool) -> None:
    assert accepts(header) == taken


def test_no_more_is_kept_than_may_be(tmp_path: Path) -> None:
    """The files asked for last; one that is larger than all is packed and not kept."""
    paths = [tmp_path / f"{n}.html" for n in range(20)]
    for n, path in enumerate(paths):
        path.write_bytes(os.urandom(4_000) + bytes([n]))
    versions = [(path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths]
    held = PackedFiles(size=20_000)
    for version in versions:
        assert gzip.decompress(held.of(version)) == version[0].read_bytes()
        assert held.size <= 20_000
    assert held.size > 12_000
    assert held.of(versions[-1]) is held.of(versions[-1])
    small = PackedFiles(size=100)
    assert gzip.decompress(small.of(versions[0])) == paths[0].read_bytes()
    assert small.size == 0


def test_many_at_once(folder: Path) -> None:
    """64 clients that ask for the same few files get each whole."""
    paths = ["/", "/a.js", "/a.json", "/a.css", "/a.png", "/models/a/"]
    with running(folder) as port, ThreadPoolExecutor(64) as clients:
        found = [*clients.map(lambda n: asked(port, paths[n % len(paths)], GZIP), range(640))]
    for answer, body in found:
        assert answer.status == 200
        is_packed = answer.getheader("Content-Encoding") == "gzip"
        assert (gzip.decompress(body) if is_packed else body).decode() == TEXT


def test_a_file_that_goes_is_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> bytes:
        raise FileNotFoundError

    monkeypatch.setattr(PackedFiles, "of", gone)
    with running(folder) as port:
        assert asked(port, "/a.js", GZIP)[0].status == 404
